"""Backing a desk up into one file, restoring one, and looking after its health."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import make_folder, read_bytes, write_whole
from rongchang_desk.errors import CannotRead, DeskDamaged, DeskError
from rongchang_desk.store import ledger
from rongchang_desk.store.database import FILE_NAME, open_store

_MARK = "rongchang-desk-backup-1"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and read back."""

    file: Path
    size: int


def back_up(desk: Desk, out: Path) -> BackedUp:
    """One file with the store and the (passphrase-protected) keys, verified after writing.

    Raises CannotWrite; DeskDamaged when the copy does not pass its check.
    """
    with tempfile.TemporaryDirectory(prefix="rongchang-desk-") as place:
        copy = Path(place) / FILE_NAME
        desk.store.back_up(copy)
        _must_be_sound(Path(place))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("about.txt", _MARK)
            archive.write(copy, FILE_NAME)
            for key in sorted(desk.keys.glob("*")):
                archive.write(key, f"keys/{key.name}")
    data = buffer.getvalue()
    write_whole(out, data)
    return BackedUp(out, len(data))


def restore(backup: Path, folder: Path) -> Path:
    """Unpack a backup into a new desk folder; raises CannotRead, DeskDamaged, CannotWrite.

    The folder must not hold a desk; nothing is left there when the backup is not sound.
    """
    if (folder / FILE_NAME).exists():
        raise DeskError(
            f"文件夹“{folder}”中已经有一个工作台，没有恢复。", "请换一个空文件夹，再恢复备份。"
        )
    data = read_bytes(backup, 8 * 1024**3)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {
                name: archive.read(name)
                for name in archive.namelist()
                if name == FILE_NAME or (name.startswith("keys/") and name.count("/") == 1)
            }
            genuine = archive.read("about.txt").decode() == _MARK and FILE_NAME in parts
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, UnicodeDecodeError) as problem:
        raise _no_backup(backup) from problem
    if not genuine:
        raise _no_backup(backup)
    with tempfile.TemporaryDirectory(prefix="rongchang-desk-") as place:
        (Path(place) / FILE_NAME).write_bytes(parts[FILE_NAME])
        _must_be_sound(Path(place))
    make_folder(folder / "keys")
    for name, part in parts.items():
        if name != FILE_NAME:
            write_whole(folder / name, part)
    write_whole(folder / FILE_NAME, parts[FILE_NAME])
    return folder


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
        read_bytes(desk.keys / "identity.p12")
    except CannotRead as problem:
        findings.append(str(problem))
    if desk.role is Role.OFFICE:
        findings += _ledger_findings(desk)
    return Diagnosis(tuple(findings), facts)


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


def _must_be_sound(folder: Path) -> None:
    with open_store(folder) as store:
        findings = store.check()
    if findings:
        raise DeskDamaged(
            f"备份中的数据没有通过检查（{findings[0]}）。", "请改用另一份备份，并保留这份文件。"
        )


def _no_backup(path: Path) -> CannotRead:
    return CannotRead(f"“{path}”不是本软件的备份文件，或已损坏。", "请选择另一份备份。")
