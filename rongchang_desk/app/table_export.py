"""Writing a list that the window shows into a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rongchang_desk.app.files import write_whole


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
