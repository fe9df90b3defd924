"""Issued reports and bulletins against what came later: which of their numbers would change.

Domain rule 11: if a bulletin used figures that an amendment replaces, the office sees which
bulletin and which numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rongchang_desk.app import basis as bases
from rongchang_desk.app import report
from rongchang_desk.app.basis import Basis
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.earlier_issue import place_of
from rongchang_desk.app.report import PaperKind, Wish
from rongchang_desk.documents.paper import Figure, Paper, figures
from rongchang_desk.domain.merge import Decision, DecisionKind, Filed, merge
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.store import decisions, returns
from rongchang_desk.store import issued as stored
from rongchang_desk.store.issued import IssuedRow

__all__ = ["IssuedRow", "current", "paper_as_issued", "touched", "touched_by", "wish_of"]


_SHOWN = 8
"""Changes that a note in a list names one by one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One printed number that would be another now; empty texts where a row came or went."""

    table: str
    row: str
    column: str
    old: str
    new: str

    @property
    def text(self) -> str:
        where = "，".join(filter(None, (self.row, self.column)))
        return f"{self.table}：{where}　{self.old or '—'} → {self.new or '—'}"


@dataclass(frozen=True, slots=True)
class Touched:
    """An issued paper some of whose returns were amended since.

    `amended` holds (unit, month, revision used, revision now; 0 when none counts now); `changes`
    is empty when only words were amended; `added` counts returns that came after it was issued.
    """

    row: IssuedRow
    amended: tuple[tuple[str, Month, int, int], ...]
    changes: tuple[Change, ...]
    added: int

    def note(self) -> str:
        """In one line what an amendment does to the paper; a long list of changes is cut."""
        if not self.changes:
            return f"更正涉及已印发的{self.label}，所印数字没有变化。"
        shown = "；".join(change.text for change in self.changes[:_SHOWN])
        more = (
            f"；等 {len(self.changes)} 处，详见“汇总报告”页" if len(self.changes) > _SHOWN else ""
        )
        return f"更正影响已印发的{self.label}（原数 → 现数）：{shown}{more}。"

    def is_about(self, unit: str, month: str) -> bool:
        """Whether an amendment of this unit's month is among what touches the paper."""
        return any(one == unit and str(at) == month for one, at, _, _ in self.amended)

    @property
    def label(self) -> str:
        """Which paper, as people call it, with its file."""
        name = f"《{wish_of(self.row).label}》"
        return f"{name}（文件 {self.row.file_name}）" if self.row.file_name else name


def wish_of(row: IssuedRow, payload: Mapping[str, Any] | None = None) -> Wish:
    """The wish an issued paper answered; with its payload also the words typed for it."""
    said = payload or {}
    return Wish(row.period, PaperKind(row.kind), said.get("number", ""), said.get("text", ""))


def current(desk: Desk) -> tuple[IssuedRow, ...]:
    """The newest issue of every kind and period, newest first: later ones replace earlier."""
    seen: dict[tuple[str, str], IssuedRow] = {}
    for row in stored.rows(desk.store):
        seen.setdefault((row.kind, row.period.code), row)
    return tuple(seen.values())


def touched(desk: Desk, rows: Iterable[IssuedRow] | None = None) -> tuple[Touched, ...]:
    """Those of the papers (by default: the current ones) that amendments or late returns touch."""
    rows = tuple(current(desk) if rows is None else rows)
    if not rows:
        return ()
    received = tuple(returns.received(desk.store, max(row.through for row in rows)))
    return tuple(_compared(desk, rows, received))


def touched_by(desk: Desk, digests: Iterable[str]) -> tuple[Touched, ...]:
    """The current papers that used returns which these amendments replace."""
    using = frozenset[str]().union(*(stored.amended_by(desk.store, digest) for digest in digests))
    return touched(desk, (row for row in current(desk) if row.digest in using)) if using else ()


def paper_as_issued(desk: Desk, row: IssuedRow) -> tuple[Paper, Basis]:
    """What an issued paper prints, made anew from the very returns it used."""
    payload = _payload(desk, row)
    received = tuple(returns.received(desk.store, row.through))
    basis = _basis(
        desk, row, payload, tuple(_used(stored.used_by(desk.store, row.digest), received))
    )
    return _paper(desk, row, payload, basis), basis


def _compared(
    desk: Desk, rows: Iterable[IssuedRow], received: tuple[Filed, ...]
) -> Iterator[Touched]:
    by_digest = {filed.digest: filed for filed in received}
    for row in rows:
        used = stored.used_by(desk.store, row.digest)
        places = {
            (filed.unit, filed.month): filed
            for digest in used
            if (filed := by_digest.get(digest)) is not None
        }
        payload = _payload(desk, row)
        there = tuple(
            filed
            for filed in received
            if (filed.unit, filed.month) in places and filed.month <= row.through
        )
        basis = _basis(desk, row, payload, there)
        heads = {(head.unit, head.month): head for head in basis.picture.heads}
        amended = tuple(
            (unit, month, before.monthly_return.revision, _revision(heads.get((unit, month))))
            for (unit, month), before in sorted(places.items(), key=lambda pair: pair[0])
            if (now := heads.get((unit, month))) is None or now.digest != before.digest
        )
        months = set(basis.months)
        added = len({
            (filed.unit, filed.month) for filed in received if filed.month in months
        } - set(places))  # fmt: skip
        if not (amended or added):
            continue
        changes: tuple[Change, ...] = ()
        if amended:
            old = [Figure(*texts) for texts in payload["printed"]] if "printed" in payload else (
                figures(paper_as_issued(desk, row)[0])
            )  # fmt: skip
            changes = differences(old, figures(_paper(desk, row, payload, basis)))
        yield Touched(row, amended, changes, added)


def _revision(head: Filed | None) -> int:
    return head.monthly_return.revision if head else 0


def differences(old: Iterable[Figure], new: Iterable[Figure]) -> tuple[Change, ...]:
    """What changed from one set of printed numbers to another, in the order of the pages."""
    before, after = ({place_of(figure): figure for figure in figures} for figures in (old, new))
    found = []
    for place in (*before, *(place for place in after if place not in before)):
        was, now = before.get(place), after.get(place)
        at = was or now
        values = tuple(figure.value if figure else "" for figure in (was, now))
        if at is not None and values[0] != values[1]:
            found.append(Change(at.table, at.row, at.column, *values))
    return tuple(found)


def _payload(desk: Desk, row: IssuedRow) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stored.payload(desk.store, row.digest))
    return found


def _used(used: frozenset[str], received: Iterable[Filed]) -> Iterator[Filed]:
    """The returns used and the revisions they replaced: whole chains, as a merge needs them."""
    known = {filed.digest: filed for filed in received}
    for digest in used:
        step: str | None = digest
        while step is not None and step in known:
            yield known[step]
            step = known[step].predecessor


def _basis(desk: Desk, row: IssuedRow, payload: Mapping[str, Any], filed: Iterable[Filed]) -> Basis:
    """The basis that other returns make for an issued paper: its plan, months and decisions.

    Which of two competing revisions counts is decided later than the paper; the other decisions
    are those it was issued under.
    """
    plan = desk.plan_of(payload["plan_digest"]) or desk.plan
    known = [
        *(_decision(number, essence) for number, essence in enumerate(payload["decisions"])),
        *(d for d in decisions.decisions(desk.store) if d.kind is DecisionKind.REVISION),
    ]
    picture = merge(plan, payload["plan_digest"], filed, known, row.through)
    months = [Month.parse(text) for text in payload.get("months", [payload["month"]])]
    return bases.of_picture(desk, plan, row.period, months, picture)


def _decision(number: int, essence: Mapping[str, Any]) -> Decision:
    return Decision(
        f"issued-{number}", DecisionKind(essence["kind"]), tuple(essence["subjects"]),
        essence["same"], essence["keep"], "", "", "",
    )  # fmt: skip


def _paper(desk: Desk, row: IssuedRow, payload: Mapping[str, Any], basis: Basis) -> Paper:
    at = row.issued_at
    made = report.compose(desk, wish_of(row, payload), basis, before=at)
    return replace(made, issued_on=in_words(at))
