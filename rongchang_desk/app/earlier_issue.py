"""Footnotes to figures that an amendment changed since the paper on the same was last issued."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from rongchang_desk.app.basis import Basis
from rongchang_desk.app.desk import Desk
from rongchang_desk.documents.paper import (
    Amount,
    Block,
    CellNote,
    Figure,
    Grid,
    Heading,
    Paper,
    Text,
    figures,
    text_of,
)
from rongchang_desk.domain.month import in_words
from rongchang_desk.domain.period import Period
from rongchang_desk.store import issued as stored
from rongchang_desk.store.issued import IssuedRow

_EACH = 6
"""More changes than this have one note together, so that a page is not full of notes."""
_TABLE_NUMBER = re.compile(r"^表[0-9]+　")
_AROUND = 8  # characters before a number that tell it from others

Place = tuple[str, str, str]


def place_of(figure: Figure) -> Place:
    """Where a number stands; tables by their name, for a new one moves the numbers of the rest."""
    return (_TABLE_NUMBER.sub("", figure.table), figure.row, figure.column)


def with_changes(
    desk: Desk, paper: Paper, kind: str, period: Period, basis: Basis, before: datetime | None
) -> Paper:
    """The paper with notes to what stood otherwise in the last one of its kind and period.

    Only when an amendment replaced a return that one used; `before` a moment, when given.
    """
    last = _last(desk, kind, period, before)
    if last is None or not _amended(desk, last, basis):
        return paper
    printed = json.loads(stored.payload(desk.store, last.digest)).get("printed", ())
    old = {place_of(figure): figure.value for figure in (Figure(*texts) for texts in printed)}
    changed = {
        place_of(figure): old[place_of(figure)]
        for figure in figures(paper)
        if old.get(place_of(figure), figure.value) != figure.value
    }
    day = in_words(last.issued_at)
    notes = {
        place: f"与{day}印发的一份相比有变动，原为{was or '空'}。"
        if len(changed) <= _EACH
        else f"{day}印发后因月报更正等有变动。"
        for place, was in changed.items()
    }
    return replace(paper, blocks=tuple(_noted(paper.blocks, notes)))


def _last(desk: Desk, kind: str, period: Period, before: datetime | None) -> IssuedRow | None:
    return next(
        (
            row
            for row in stored.rows(desk.store)
            if (row.kind, row.period) == (kind, period)
            and (before is None or row.issued_at < before)
        ),
        None,
    )


def _amended(desk: Desk, row: IssuedRow, basis: Basis) -> bool:
    used = stored.used_by(desk.store, row.digest)
    chains = basis.picture.chains
    return any(
        one.digest in used for head in basis.picture.heads for one in chains[head.digest][:-1]
    )


def _noted(blocks: Iterable[Block], notes: dict[Place, str]) -> Iterator[Block]:
    heading = ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        if isinstance(block, Text):
            more = _in_words(block, heading, notes)
            yield replace(block, notes=(*block.notes, *more)) if more else block
        elif isinstance(block, Grid):
            cells = tuple(_in_cells(block, notes))
            yield replace(block, notes=(*block.notes, *cells)) if cells else block
        else:
            yield block


def _in_cells(grid: Grid, notes: dict[Place, str]) -> Iterator[CellNote]:
    for number, row in enumerate(grid.rows):
        for place, column in enumerate(grid.columns):
            label = text_of(row[grid.key])
            where = place_of(Figure(grid.caption, label, column.header, ""))
            if column.figure and where in notes:
                yield CellNote(number, place, notes[where])


def _in_words(block: Text, heading: str, notes: dict[Place, str]) -> list[tuple[str, str]]:
    """Notes to the stated numbers, which stand in the text in the order of the facts."""
    found = []
    at = 0
    for name, amount in block.facts:
        match = _number(amount).search(block.text, at)
        if match is None:
            continue
        at = match.end()
        note = notes.get((heading, name, ""))
        if note:
            words = block.text[max(0, match.start() - _AROUND) : at]
            if block.text.index(words) + len(words) == at:
                found.append((words, note))
    return found


def _number(amount: Amount) -> re.Pattern[str]:
    plain = f"{amount.number:f}" if not isinstance(amount.number, int) else str(amount.number)
    either = "|".join(re.escape(text) for text in dict.fromkeys((amount.digits, plain)))
    return re.compile(rf"(?<![\d.,])(?:{either}){re.escape(amount.unit)}")
