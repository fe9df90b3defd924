"""A unit sends its evidence files 佐证材料 to the office: in signed parcels, split by size.

Only what the month's newest signed return lists goes along, under the hash it lists. How a
letter is signed is in `app.letters`, what the office does with one in `app.evidence_taking`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.evidence import content, size_text
from rongchang_desk.app.letters import Letter, Written, require_key, write
from rongchang_desk.app.running import Running
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import OFFICE, ParcelKind
from rongchang_desk.domain.records import Evidence
from rongchang_desk.errors import CannotRead, DeskDamaged, FoundWrong, UsageError
from rongchang_desk.store import evidence as stored
from rongchang_desk.store import returns

if TYPE_CHECKING:
    from rongchang_desk.signing.identity import Identity

MEGABYTE = 1024 * 1024
MOST = 100
"""MB of files in one parcel, unless told otherwise: fits a mail or a small stick, and is all
that is in memory at once."""
LARGEST = 200
"""MB of files that may be asked for in one parcel."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the newest signed return of a month lists: the files here, and those that are not."""

    month: Month
    revision: int
    digest: str
    files: tuple[Evidence, ...]
    missing: tuple[Evidence, ...]

    @property
    def size(self) -> int:
        """Bytes of the files here."""
        return sum(one.size for one in self.files)

    @property
    def told(self) -> str:
        """`3 件，共 1.2 MB`."""
        return f"{len(self.files)} 件，共 {size_text(self.size)}"


@dataclass(frozen=True, slots=True)
class Sent:
    """The parcels that were written, how many files went along, the names of those that are
    listed but not in the desk, or damaged there."""

    parcels: tuple[Written, ...]
    files: int
    missing: tuple[str, ...]


def listed(desk: Desk, month: Month) -> Listed | None:
    """What may travel of a month; None when no return of it was signed."""
    desk.require(Role.UNIT)
    issued = returns.issued(desk.store, month)
    if not issued:
        return None
    head = issued[-1]
    named = {e.sha256: e for r in head.monthly_return.records.all() for e in r.evidence}
    here = {one.sha256 for one in stored.kept(desk.store)} if named else set()
    return Listed(
        month, head.monthly_return.revision, head.digest,
        tuple(one for one in named.values() if one.sha256 in here),
        tuple(one for one in named.values() if one.sha256 not in here),
    )  # fmt: skip


def send(
    desk: Desk,
    month: Month,
    identity: Identity,
    *,
    out: Path | None = None,
    most: int = MOST,
    running: Running | None = None,
) -> Sent:
    """Write the evidence parcels of a month, by default into the folder of exports.

    One holds at most `most` MB, or a single larger file. With several, `out` names the first and
    the others follow as `…_2.pdf`. Raises FoundWrong when no return was signed or there is
    nothing to send, UsageError for a foreign key or an impossible size, CannotWrite; when
    cancelled, the parcels written so far stand.
    """
    require_key(desk, Role.UNIT, identity)
    if not 1 <= most <= LARGEST:
        raise UsageError(f"每包的大小 {most} MB 不在范围内。", f"请填写 1 到 {LARGEST} 之间的数。")
    running = running or Running()
    what = _require_some(listed(desk, month), month)
    missing = [one.name for one in what.missing]
    parts = _parts(what.files, most * MEGABYTE)
    total = len(what.files) + len(parts)
    done = sent = 0
    made: list[Written] = []
    for number, part in enumerate(parts, 1):
        bodies: list[tuple[Evidence, bytes]] = []
        for one in part:
            running.step(done, total, one.name)
            done += 1
            try:
                bodies.append((one, content(desk, one)))
            except (CannotRead, DeskDamaged):
                missing.append(one.name)
        running.step(done, total, f"签名第 {number} 包，共 {len(parts)} 包")
        done += 1
        if bodies:
            mark = f"（第{number}包，共{len(parts)}包）" if len(parts) > 1 else ""
            made.append(_write(desk, what, mark, bodies, identity, _place(out, number)))
            sent += len(bodies)
    if not made:
        _refuse_missing(month, missing)
    running.show(total, total, "")
    return Sent(tuple(made), sent, tuple(missing))


def _require_some(what: Listed | None, month: Month) -> Listed:
    if what is None:
        raise FoundWrong(
            f"{month.label}还没有生成签名月报，没有可以导出的佐证材料。",
            "请先在“月报”页签名导出，再导出佐证材料包。",
        )
    if not what.files and not what.missing:
        raise FoundWrong(
            f"{month.label}月报第 {what.revision} 版没有列出佐证材料。",
            "请先把材料添加到记录下面，生成月报（或更正版）后再导出。",
        )
    if not what.files:
        _refuse_missing(month, [one.name for one in what.missing])
    return what


def _refuse_missing(month: Month, names: Iterable[str]) -> None:
    raise FoundWrong(
        f"{month.label}月报所列的佐证材料都不在工作台里，没有导出：{'、'.join(names)}。",
        "请重新添加原文件（内容要与原来相同），或从备份恢复后再导出。",
    )


def _parts(files: Iterable[Evidence], most: int) -> list[list[Evidence]]:
    """The files in their order, in groups of at most `most` bytes; a larger one stands alone."""
    parts: list[list[Evidence]] = []
    room = 0
    for one in files:
        if not parts or one.size > room:
            parts.append([])
            room = most
        parts[-1].append(one)
        room -= one.size
    return parts


def _place(out: Path | None, number: int) -> Path | None:
    if out is None or number == 1:
        return out
    return out.with_name(f"{out.stem}_{number}{out.suffix}")


def _write(
    desk: Desk,
    what: Listed,
    mark: str,
    bodies: list[tuple[Evidence, bytes]],
    identity: Identity,
    out: Path | None,
) -> Written:
    from rongchang_desk.signing.envelope import Source

    size = size_text(sum(one.size for one, _ in bodies))
    letter = Letter(
        ParcelKind.EVIDENCE,
        OFFICE,
        f"{what.month.label}佐证材料{mark}",
        f"现报送我单位{what.month.label}月报（第{what.revision}版）所列佐证材料{len(bodies)}件，"
        f"共 {size}，装在本文件内，清单如下：",
        month=what.month,
        answers=what.digest,
        revision=what.revision,
        reasons=tuple(
            f"{one.name}（{size_text(one.size)}，SHA-256 前八位 {one.sha256[:8].upper()}）"
            for one, _ in bodies
        ),
    )
    files = tuple(
        Source(_carried_name(number, one.name), body)
        for number, (one, body) in enumerate(bodies, 1)
    )
    return write(desk, identity, letter, out, files=files, keep_file=False)


def _carried_name(number: int, name: str) -> str:
    """A name that no other file of the parcel has and every PDF reader takes."""
    plain = "".join(c if c.isprintable() else "_" for c in name)
    return f"{number:03d}_{plain}".rstrip(" .")
