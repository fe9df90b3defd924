"""The office takes evidence files 佐证材料 out of a unit's parcel: what its returns list, once.

A file counts by its SHA-256 alone. Any stored revision of the unit's month may list it: evidence
may come before or after an amendment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.finding import Finding, Where, error
from rongchang_desk.domain.parcel import Parcel
from rongchang_desk.domain.records import Evidence
from rongchang_desk.store import evidence as stored
from rongchang_desk.store import returns

UNLISTED = "unlisted-file"
PARCEL = "evidence-parcel"
"""The code of a reason that marks what is no return: no slip answers it, no month needs it."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The files of a parcel: new here, known already, and those no return lists (by name)."""

    new: tuple[tuple[Evidence, bytes], ...]
    known: int
    unlisted: tuple[str, ...]

    @property
    def told(self) -> str:
        """`新收 2 件，已有 1 件，未收 1 件`."""
        counts = (("新收", len(self.new)), ("已有", self.known), ("未收", len(self.unlisted)))
        return "，".join(f"{word} {count} 件" for word, count in counts if count)

    @property
    def refused(self) -> str:
        """Why files were not taken, naming them; empty when all were."""
        if not self.unlisted:
            return ""
        return f"该单位该月已收的月报都没有列出这些文件，没有收下：{'、'.join(self.unlisted)}。"


def sort_out(desk: Desk, parcel: Parcel, files: Mapping[str, bytes]) -> Sorted:
    """Which files of a verified parcel are to be stored; stores nothing."""
    assert parcel.month is not None  # `domain.parcel.misfits` refuses one without
    listed = {
        one.sha256: one
        for filed in returns.received_of(desk.store, parcel.issuer, parcel.month)
        for record in filed.monthly_return.records.all()
        for one in record.evidence
    }
    new: dict[str, tuple[Evidence, bytes]] = {}
    known: set[str] = set()
    unlisted = []
    for name, body in files.items():
        sha256 = hashlib.sha256(body).hexdigest()
        if sha256 not in listed:
            unlisted.append(name)
        elif stored.body(desk.store, sha256) == body:
            known.add(sha256)
        else:
            new[sha256] = (listed[sha256], body)
    return Sorted(tuple(new.values()), len(known), tuple(unlisted))


def misfits(desk: Desk, parcel: Parcel, found: Sorted) -> tuple[Finding, ...]:
    """Why nothing of a parcel can be taken: no-return, unlisted-file; () when something can."""
    assert parcel.month is not None
    if found.new or found.known:
        return ()
    if not returns.received_of(desk.store, parcel.issuer, parcel.month):
        text = (
            f"还没有收到“{desk.plan.name_of(parcel.issuer)}”{parcel.month.label}的月报，"
            "不知道应有哪些佐证材料。请先接收月报，再打开材料包。"
        )
        return (error("no-return", Where("parcel", parcel.id), text),)
    return (error(UNLISTED, Where("parcel", parcel.id), found.refused),)


def keep(desk: Desk, found: Sorted) -> None:
    """Store the new files; call inside a transaction."""
    for one, body in found.new:
        stored.put(desk.store, one, body, desk.now())
