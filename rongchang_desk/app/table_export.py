"""Writing a list that the window shows into a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rongchang_desk.app import rows as app_rows
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.fields import EntryField
from rongchang_desk.app.files import write_whole
from rongchang_desk.app.rows import Query
from rongchang_desk.app.running import Running

_AT_ONCE = 1000  # records read between two looks at whether the person cancelled


def write_table(
    out: Path, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> Path:
    """Write texts as xlsx, or as csv when the name ends so; raises CannotWrite."""
    from rongchang_desk.formats import plain_table

    if out.suffix.lower() == ".csv":
        data = plain_table.to_csv(header, rows)
    else:
        out = out if out.suffix.lower() == ".xlsx" else out.with_name(f"{out.name}.xlsx")
        data = plain_table.to_xlsx(title, header, rows)
    write_whole(out, data)
    return out


def write_records(
    desk: Desk,
    query: Query,
    fields: Sequence[EntryField],
    title: str,
    out: Path,
    running: Running | None = None,
) -> int:
    """Write all records of a query, in its order, under the titles of their fields; how many.

    Raises CannotWrite, Cancelled; nothing is written then.
    """
    running = running or Running()
    places = app_rows.all_of(desk, query)
    texts = []
    for begin in range(0, len(places), _AT_ONCE):
        running.step(begin, len(places), title)
        some = places[begin : begin + _AT_ONCE]
        there = app_rows.read(desk, some)
        texts += [
            [field.read(there[place]) for field in fields] for place in some if place in there
        ]
    running.step(len(places), len(places), out.name)
    write_table(out, title, [field.heading for field in fields], texts)
    return len(texts)
