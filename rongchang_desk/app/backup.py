"""Backing a desk up into one file, restoring one, and looking after its health."""

from __future__ import annotations

import logging
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from rongchang_desk.app.clock import CHINA
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import (
    appearing,
    cannot_read,
    cannot_write,
    make_folder,
    read_bytes,
    write_secret,
)
from rongchang_desk.app.zips import BAD_ZIP
from rongchang_desk.errors import CannotRead, DeskDamaged, DeskError
from rongchang_desk.store import ledger
from rongchang_desk.store.database import FILE_NAME, open_store

log = logging.getLogger(__name__)

_MARK = "rongchang-desk-backup-1"
_PIECE = 1024 * 1024  # bytes copied at a time: a desk may hold more than the memory

DAYS_KEPT = 7
WEEKS_KEPT = 4
"""Of automatic backups: one a day for the last days that have any, then one a week."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and read back."""

    file: Path
    size: int


def back_up(desk: Desk, out: Path) -> BackedUp:
    """One file with the store and the (passphrase-protected) keys, verified after writing.

    Raises CannotWrite; DeskDamaged when the store cannot be read or its copy does not pass the
    check; CannotRead when the file that was written does not read back as it was.
    """
    with tempfile.TemporaryDirectory(prefix="rongchang-desk-") as place:
        copy = Path(place) / FILE_NAME
        desk.store.back_up(copy)
        _must_be_sound(
            Path(place),
            f"工作台“{desk.folder}”的数据已损坏，没有生成备份",
            "请用最近的完好备份恢复；损坏的文件请保留，不要删除。",
            desk.folder,
        )
        with appearing(out) as file:
            try:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr("about.txt", _MARK)
                    archive.write(copy, FILE_NAME)
                    for key in sorted(desk.keys.glob("*")):
                        archive.write(key, f"keys/{key.name}")
                size = file.tell()
            except OSError as problem:
                raise cannot_write(out, problem) from problem
            if not _reads_back(file):
                raise CannotRead(
                    f"备份“{out}”写入后读回的内容不一致，没有保留。",
                    "存储介质可能有故障，请换一个位置再备份。",
                )
    return BackedUp(out, size)


def _reads_back(file: BinaryIO) -> bool:
    """Whether every part of a zip has the checksum it was written with."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.testzip() is None
    except BAD_ZIP:
        return False


def back_up_by_itself(desk: Desk) -> BackedUp:
    """A backup named after the time in the desk's own 备份/, and the superseded ones removed.

    Files that are not named like an automatic backup are never touched. Raises like `back_up`;
    an old one that cannot be removed stays.
    """
    made = back_up(desk, _automatic(desk.folder, desk.now()))
    for at in superseded(_times(desk.folder)):
        try:
            _automatic(desk.folder, at).unlink()
        except OSError as problem:
            log.warning("an old backup cannot be removed: %s", type(problem).__name__)
    return made


def newest_backup(desk: Desk) -> datetime | None:
    """When the newest automatic backup of a desk was made; None when there is none."""
    return max(_times(desk.folder), default=None)


def automatic_backups(folder: Path) -> tuple[tuple[datetime, Path], ...]:
    """The automatic backups in a desk's folder, newest first; the desk need not open.

    When each was made goes by its name; whether it is sound is for `read_backup` to find out.
    """
    return tuple((at, _automatic(folder, at)) for at in sorted(_times(folder), reverse=True))


def superseded(
    times: Iterable[datetime], *, days: int = DAYS_KEPT, weeks: int = WEEKS_KEPT
) -> tuple[datetime, ...]:
    """The backups that may go, oldest first.

    Kept are the newest of each of the last `days` days that have one, and before those the
    newest of each of the last `weeks` weeks (from Monday) that have one. Days and weeks without
    a backup do not count, so whoever works once a month keeps as many.
    """
    newest_first = sorted(set(times), reverse=True)
    daily = _first_of_each([(at.date().isoformat(), at) for at in newest_first])[:days]
    older = [at for at in newest_first if not daily or at.date() < daily[-1].date()]
    weekly = _first_of_each([(f"{at:%G-%V}", at) for at in older])[:weeks]
    kept = {*daily, *weekly}
    return tuple(at for at in reversed(newest_first) if at not in kept)


def restore(backup: Path, folder: Path) -> Path:
    """Unpack a backup into a new desk folder; raises CannotRead, DeskDamaged, CannotWrite.

    The folder must not hold a desk; nothing is left there when the backup is not sound.
    """
    if (folder / FILE_NAME).exists():
        raise DeskError(
            f"文件夹“{folder}”中已经有一个工作台，没有恢复。", "请换一个空文件夹，再恢复备份。"
        )
    with opened_backup(backup) as contents:
        return put_back(contents, folder)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a sound backup holds: a copy of the store's file, and the keys by their file names."""

    store: Path
    keys: dict[str, bytes]


@contextmanager
def opened_backup(backup: Path) -> Iterator[Contents]:
    """The contents of a backup whose store passed its check; the copy lasts as long as the block.

    Raises CannotRead when it is no backup or damaged; DeskDamaged when the store inside does
    not pass; DeskTooNew; CannotWrite when there is no room for checking it.
    """
    with tempfile.TemporaryDirectory(prefix="rongchang-desk-") as place:
        store = Path(place) / FILE_NAME
        keys = _unpack(backup, store)
        _must_be_sound(
            Path(place), "备份中的数据没有通过检查", "请改用另一份备份，并保留这份文件。"
        )
        yield Contents(store, keys)


def _unpack(backup: Path, store: Path) -> dict[str, bytes]:
    """Copy the store out of a backup; its keys. Raises CannotRead, CannotWrite."""
    try:
        file = backup.open("rb")
    except OSError as problem:
        raise cannot_read(backup, problem) from problem
    try:
        with file, zipfile.ZipFile(file) as archive:
            keys = {
                name.removeprefix("keys/"): archive.read(name)
                for name in archive.namelist()
                if name.startswith("keys/") and name.count("/") == 1
            }
            if archive.read("about.txt").decode() != _MARK:
                raise _no_backup(backup)
            with archive.open(FILE_NAME) as packed, store.open("wb") as out:
                _copy(packed, out, store)
    except (*BAD_ZIP, KeyError, UnicodeDecodeError) as problem:
        raise _no_backup(backup) from problem
    return keys


def _copy(source: IO[bytes], target: IO[bytes], name: Path) -> None:
    """Copy a file piece by piece; raises CannotWrite, and what reading the source raises."""
    while piece := source.read(_PIECE):
        try:
            target.write(piece)
        except OSError as problem:
            raise cannot_write(name, problem) from problem


def put_back(contents: Contents, folder: Path) -> Path:
    """Write a backup's contents into a folder; keys that are there stay. Raises CannotWrite.

    The store comes last and in one step: whatever fails before, a store there is untouched.
    """
    make_folder(folder / "keys")
    for name, part in contents.keys.items():
        if not (folder / "keys" / name).exists():
            write_secret(folder / "keys" / name, part)
    with contents.store.open("rb") as source, appearing(folder / FILE_NAME) as target:
        _copy(source, target, folder / FILE_NAME)
    return folder


def restore_beside(desk: Desk, backup: Path, place: Path) -> Path:
    """Unpack a backup into a new folder inside `place`, named after the desk and the day.

    The desk itself is not touched. Returns the new folder; raises like `restore`.
    """
    name = f"{desk.folder.name}_恢复_{desk.today()}"
    folder = place / name
    number = 2
    while folder.exists():
        folder = place / f"{name}_{number}"
        number += 1
    return restore(backup, folder)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The desk's health: each finding in Chinese; sound when there is none."""

    findings: tuple[str, ...]
    facts: dict[str, str]

    @property
    def sound(self) -> bool:
        return not self.findings


def diagnose(desk: Desk) -> Diagnosis:
    """Check the store, the keys and, at the office, the receipt ledger."""
    findings = [f"数据文件检查：{text}" for text in desk.store.check()]
    facts = {
        "role": desk.role.value,
        "unit": desk.unit_code,
        "plan": desk.plan.code,
        "plan_digest": desk.plan_digest,
        "root_sha256": "",
    }
    try:
        from rongchang_desk.signing.certificates import fingerprint

        facts["root_sha256"] = fingerprint(desk.root())
        desk.certificate()
        has_token = desk.token_file.is_file()
        read_bytes(desk.token_file if has_token else desk.keys / "identity.p12")
    except CannotRead as problem:
        findings.append(str(problem))
    if desk.role is Role.OFFICE:
        findings += _ledger_findings(desk)
    return Diagnosis(tuple(findings), facts)


def _first_of_each(named: Iterable[tuple[str, datetime]]) -> list[datetime]:
    """The first time of each name, in the order given."""
    first: dict[str, datetime] = {}
    for name, at in named:
        first.setdefault(name, at)
    return list(first.values())


def _automatic(folder: Path, at: datetime) -> Path:
    return folder / "备份" / f"自动备份_{at:%Y-%m-%d_%H%M%S}.zip"


def _times(folder: Path) -> list[datetime]:
    """When the automatic backups of a desk were made, by their names."""
    times = []
    for file in (folder / "备份").glob("自动备份_*.zip"):
        if found := re.fullmatch(r"自动备份_(\d{4}-\d\d-\d\d_\d{6})\.zip", file.name):
            try:
                at = datetime.strptime(f"{found[1]}+0800", "%Y-%m-%d_%H%M%S%z")
            except ValueError:  # somebody's own file with an impossible day
                continue
            times.append(at.astimezone(CHINA))
    return times


def _ledger_findings(desk: Desk) -> list[str]:
    from rongchang_desk.signing.identity import verify_bytes

    broken = ledger.broken_at(desk.store)
    if broken is not None:
        return [f"收文账在第 {broken} 行断链：有记录被改动或缺失，请从备份核对。"]
    signed = ledger.newest_signature(desk.store)
    if signed is None:
        return []
    row = ledger.entry(desk.store, signed[0])
    good = row is not None and verify_bytes(
        desk.certificate(), f"{row.seq} {row.hash}".encode(), signed[1]
    )
    return [] if good else ["收文账的签名无效：账目可能被改写，请从备份核对。"]


def _must_be_sound(folder: Path, otherwise: str, hint: str, whose: Path | None = None) -> None:
    """Raise DeskDamaged with these words when a folder's store does not pass its check; `whose`
    is the desk's folder when it is the copy of an open desk's store."""
    try:
        with open_store(folder) as store:
            findings = store.check()
    except DeskDamaged as problem:
        raise DeskDamaged(f"{otherwise}。", hint, whose) from problem
    if findings:
        raise DeskDamaged(f"{otherwise}（{findings[0]}）。", hint, whose)


def _no_backup(path: Path) -> CannotRead:
    return CannotRead(f"“{path}”不是本软件的备份文件，或已损坏。", "请选择另一份备份。")
