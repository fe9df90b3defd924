"""What differs between two versions of a plan, field by field. Pure: two plans in, changes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from rongchang_desk.domain.plan import Assumption, Confirmation, Plan, Register

SECTIONS = {
    "units": "code", "headcounts": "code", "groups": "no", "tasks": "no", "safeguards": "no",
    "targets": "code", "registers": "code", "crosschecks": "code",
}  # fmt: skip
"""The sections of a plan that hold records, and what a record is known by."""

_DERIVED = {"tasks": ("registers",), "safeguards": ("registers",)}
"""Fields that follow from others; their changes are told where they come from."""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One field of a plan that changed. `path` is its place in the plan file; a path that names a
    whole record means that the record is new (`before` None) or gone (`after` None)."""

    path: str
    before: Any
    after: Any


def changes(before: Plan, after: Plan) -> tuple[PlanChange, ...]:
    """All changes in the order of the plan file; the version's own number is none."""
    return (*_frame(before, after), *_records(before, after), *_confirmations(before, after))


def _frame(before: Plan, after: Plan) -> Iterator[PlanChange]:
    apart = {*SECTIONS, "version", "assumed", "confirmed"}
    yield from _differing("plan", before, after, apart)


def _records(before: Plan, after: Plan) -> Iterator[PlanChange]:
    for section, key in SECTIONS.items():
        derived = {*_DERIVED.get(section, ()), "fields"}
        for path, old, new in _paired(
            section, getattr(before, section), getattr(after, section), key
        ):
            if old is None or new is None:
                yield PlanChange(path, old, new)
                continue
            yield from _differing(path, old, new, derived)
            if isinstance(old, Register) and isinstance(new, Register):
                for inner, one, other in _paired(f"{path}.fields", old.fields, new.fields, "code"):
                    if one is None or other is None:
                        yield PlanChange(inner, one, other)
                    else:
                        yield from _differing(inner, one, other, set())


def _confirmations(before: Plan, after: Plan) -> Iterator[PlanChange]:
    was, now = _marks(before), _marks(after)
    for path in dict.fromkeys((*was, *now)):
        if was.get(path) != now.get(path):
            yield PlanChange(f"marks.{path}", was.get(path), now.get(path))


def _marks(plan: Plan) -> dict[str, Assumption | Confirmation]:
    marks: list[Assumption | Confirmation] = [*plan.assumed, *plan.confirmed]
    return {mark.path: mark for mark in marks}


def _paired(
    place: str, before: tuple[Any, ...], after: tuple[Any, ...], key: str
) -> Iterator[tuple[str, Any, Any]]:
    """(path, record before, record after) of every record in either, by its key."""
    was = {getattr(record, key): record for record in before}
    now = {getattr(record, key): record for record in after}
    for known in dict.fromkeys((*was, *now)):
        yield f"{place}.{known}", was.get(known), now.get(known)


def _differing(place: str, before: object, after: object, apart: set[str]) -> Iterator[PlanChange]:
    for field in fields(before):  # type: ignore[arg-type]  # every record of a plan is a dataclass
        one, other = getattr(before, field.name), getattr(after, field.name)
        if field.name not in apart and one != other:
            yield PlanChange(f"{place}.{field.name}", one, other)
