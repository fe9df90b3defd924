"""Setting up desks: the office with its root, enrolment kits for units, a unit from its kit.

A kit 入网包 is a zip of the unit's key under a one-time password, the root, the revocation
list and the plan, with a manifest the office signs. The password goes by another way.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from rongchang_desk import assets
from rongchang_desk.app.clock import CHINA, Clock, system_clock
from rongchang_desk.app.desk import Desk, Role, check_passphrase, refuse_existing
from rongchang_desk.app.files import read_bytes, ready_to_appear, write_secret, write_whole
from rongchang_desk.app.running import Running
from rongchang_desk.app.zips import BAD_ZIP
from rongchang_desk.domain.key_state import Route
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Unit
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.store import audit, keys

DEFAULT_PLAN = "rongchang-2024-2026.toml"
_PARTS = ("manifest.json", "manifest.sig", "unit.p12", "root.der", "office.der", "crl.der",
          "plan.toml")  # fmt: skip
_LARGEST_PART = 4 * 1024 * 1024
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a kit says about itself; `sha256` covers the other parts by name."""

    format: int
    unit: str
    unit_name: str
    plan: str
    made_at: str
    sha256: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit that was written: for whom, where, and the password that goes separately."""

    unit: str
    name: str
    path: Path
    slip: Path
    password: str
    sheet: Path


def create_office(
    folder: Path,
    passphrase: str,
    *,
    plan_file: bytes | None = None,
    clock: Clock = system_clock,
    new_id: Callable[[], str] | None = None,
    running: Running | None = None,
) -> Desk:
    """A new office desk: the plan in force, a root, the office's own certificate, a first CRL.

    Raises PlanFileError for a wrong plan file, UsageError for a weak passphrase,
    CannotWrite; on failure or cancel nothing remains.
    """
    from rongchang_desk.formats import plan_toml
    from rongchang_desk.signing.authority import create_root, read_authority
    from rongchang_desk.signing.certificates import OFFICE_CODE, fitting_name

    running = running or Running()
    check_passphrase(passphrase)
    refuse_existing(folder)
    body = plan_file or assets.resource("plans", DEFAULT_PLAN).read_bytes()
    plan = plan_toml.loads(body)
    with Desk.found(folder, clock=clock, new_id=new_id, role=Role.OFFICE, unit="") as desk:
        desk.adopt_plan(body)
        begin, end = validity(plan, desk.now())
        running.step(1, 4, "生成根密钥")
        seat = f"（{plan.unit(plan.office_unit).name}）"
        root = create_root(
            fitting_name(f"领导小组办公室根证书{seat}"),
            not_before=begin,
            not_after=end,
            passphrase=passphrase,
        )
        running.step(2, 4, "签发办公室证书")
        authority = read_authority(root, passphrase)
        write_secret(desk.keys / "root.p12", root)
        identity = authority.issue(
            OFFICE_CODE, fitting_name(f"领导小组办公室{seat}"), not_before=begin, not_after=end
        )
        running.step(3, 4, "保存密钥")
        desk.keep_identity(identity, passphrase)
        register(desk, identity.certificate)
        crl = authority.crl(1, this_update=begin, next_update=end)
        keys.keep_crl(desk.store, 1, crl, desk.now())
        audit.note(desk.store, desk.now(), "office-created", authority.fingerprint)
        running.step(4, 4, "")
    return desk


def read_plan_file(path: Path) -> tuple[bytes, Plan]:
    """A plan file's bytes and its plan; raises CannotRead, PlanFileError with all findings."""
    from rongchang_desk.formats import plan_toml

    body = read_bytes(path, plan_toml.LARGEST)
    return body, plan_toml.loads(body)


def those_here(desk: Desk) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """The plan's units that still report or will, and those that have left; in plan order."""
    now = Month.of(desk.today())
    units = desk.plan.units
    return (
        tuple(unit for unit in units if not unit.has_left(now)),
        tuple(unit for unit in units if unit.has_left(now)),
    )


def enrol(
    desk: Desk,
    units: Iterable[str],
    passphrase: str,
    out: Path,
    running: Running | None = None,
) -> tuple[Kit, ...]:
    """Kits for units, written into `out`, with their one-time passwords in 口令条/: one text
    file each, and a sheet of all to print and cut (`Kit.sheet`).

    A unit that has a certificate keeps it valid; the new one stands beside it until the
    old is revoked. Raises UsageError for a unit the plan does not have, WrongPassphrase,
    CannotWrite.
    """
    from rongchang_desk.signing.authority import read_authority
    from rongchang_desk.signing.certificates import fitting_name
    from rongchang_desk.signing.identity import sign_bytes, write_identity

    desk.require(Role.OFFICE)
    running = running or Running()
    plan = desk.plan
    codes = list(units)
    for code in codes:
        if not plan.has_unit(code):
            raise UsageError(
                f"方案中没有代码为“{code}”的单位。",
                f"可用代码：{'、'.join(unit.code for unit in plan.units)}。",
            )
    authority = read_authority(read_bytes(desk.keys / "root.p12"), passphrase)
    office = desk.identity(passphrase)
    _, crl = keys.newest_crl(desk.store)
    plan_file = _plan_file(desk)
    begin, end = validity(plan, desk.now())
    made: list[Kit] = []
    sheet = out / "口令条" / f"口令条_{desk.now():%Y%m%d-%H%M%S}.pdf"
    try:
        for index, code in enumerate(codes):
            unit = plan.unit(code)
            running.step(index, len(codes), unit.name)
            identity = authority.issue(
                unit.code, fitting_name(unit.name), not_before=begin, not_after=end
            )
            password = one_time_password()
            parts = {
                # The password is long and random: fewer rounds lose nothing here.
                "unit.p12": write_identity(identity, password, rounds=20_000),
                "root.der": authority.root_der,
                "office.der": office.certificate,
                "crl.der": crl,
                "plan.toml": plan_file,
            }
            manifest = msgspec.json.encode(
                Manifest(
                    1, unit.code, unit.name, plan.code, desk.now().isoformat(),
                    {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()},
                )
            )  # fmt: skip
            parts["manifest.json"] = manifest
            parts["manifest.sig"] = sign_bytes(office, manifest)
            path = out / f"{unit.code}_{unit.name}_入网包.kit"
            slip = out / "口令条" / f"{unit.code}_{unit.name}_入网包.口令.txt"
            write_secret(slip, f"{password}\n".encode())
            with ready_to_appear(path, _zip(parts)):
                register(desk, identity.certificate)
            made.append(Kit(unit.code, unit.name, path, slip, password, sheet))
    finally:  # whoever cancels has a sheet for the kits made so far
        if made:
            write_secret(sheet, _sheet(desk, made, authority.fingerprint))
    audit.note(desk.store, desk.now(), "enrolled", "、".join(codes))
    running.show(len(codes), len(codes), "")
    return tuple(made)


def root_fingerprint(desk: Desk) -> str:
    """SHA-256 of the root certificate, hex."""
    return hashlib.sha256(desk.root()).hexdigest()


def export_root(desk: Desk, out: Path) -> tuple[Path, str]:
    """Write root and revocation list as one PEM file; (file, root's SHA-256 in hex).

    Programs that want only the root read the first block; ours reads the list as well, so
    that it can reach a full verdict. Raises CannotWrite.
    """
    from rongchang_desk.signing.certificates import fingerprint

    trust = desk.trust()
    write_whole(out, trust.to_pem())
    return out, fingerprint(trust.root)


def join(
    folder: Path,
    kit: Path,
    kit_password: str,
    passphrase: str,
    *,
    clock: Clock = system_clock,
    new_id: Callable[[], str] | None = None,
    running: Running | None = None,
) -> Desk:
    """A unit's desk from its kit; the key is kept under the clerk's own passphrase.

    Raises FoundWrong for a damaged or altered kit, WrongPassphrase for a wrong one-time
    password, UsageError for a weak passphrase, CannotWrite; on failure or cancel nothing
    remains.
    """
    from rongchang_desk.signing.identity import read_identity

    running = running or Running()
    check_passphrase(passphrase)
    refuse_existing(folder)
    running.step(0, 3, "核验入网包")
    manifest, parts = _open_kit(kit)
    identity = read_identity(parts["unit.p12"], kit_password)
    if identity.unit_code != manifest.unit or identity.root != parts["root.der"]:
        raise _bad_kit(kit)
    with Desk.found(folder, clock=clock, new_id=new_id, role=Role.UNIT, unit=manifest.unit) as desk:
        running.step(1, 3, "载入方案")
        desk.adopt_plan(parts["plan.toml"])
        if not desk.plan.has_unit(manifest.unit):
            raise _bad_kit(kit)
        running.step(2, 3, "保存密钥")
        desk.keep_identity(identity, passphrase)
        write_whole(desk.keys / "office.der", parts["office.der"])
        if parts["crl.der"]:
            keep_list(desk, parts["crl.der"])
        audit.note(desk.store, desk.now(), "joined", manifest.unit)
        running.step(3, 3, "")
    return desk


def kit_unit(kit: Path) -> tuple[str, str]:
    """(code, name) of the unit a kit is for; raises FoundWrong for a bad kit."""
    manifest, _ = _open_kit(kit)
    return manifest.unit, manifest.unit_name


def slip_beside(kit: Path) -> str:
    """The one-time password in a slip that lies beside the kit; empty when there is none."""
    for folder in (kit.parent, kit.parent / "口令条"):
        slip = folder / f"{kit.stem}.口令.txt"
        if slip.is_file():
            return slip.read_text(encoding="utf-8").strip()
    return ""


def one_time_password() -> str:
    """Twenty random characters (100 bits) in groups of five, none that look alike."""
    text = "".join(secrets.choice(_ALPHABET) for _ in range(20))
    return "-".join(text[n : n + 5] for n in range(0, 20, 5))


def validity(plan: Plan, now: datetime) -> tuple[datetime, datetime]:
    """From the plan's first day (or yesterday) to five years past its end.

    Old returns must stay verifiable when the pilot is judged after the plan's end.
    """
    first = datetime.combine(plan.first_month.first_day, datetime.min.time(), CHINA)
    last = Month(plan.last_month.year + 5, 12).last_day
    end = datetime.combine(last, datetime.min.time(), CHINA)
    return min(first, now - timedelta(days=1)), end


def register(desk: Desk, certificate: bytes, route: Route = Route.KIT) -> str:
    """Enter an issued certificate (DER) in the office's register of keys; its serial in hex."""
    from rongchang_desk.signing.certificates import signer_of

    signer = signer_of(certificate)
    assert signer is not None  # we have just issued it
    serial = f"{signer.serial:x}"
    keys.register(
        desk.store,
        keys.CertificateRow(
            serial,
            signer.unit_code,
            signer.unit_name,
            certificate,
            desk.now().isoformat(timespec="seconds"),
            signer.not_after.isoformat(),
            route=route.value,
        ),
    )
    return serial


def keep_list(desk: Desk, der: bytes) -> bool:
    """Keep a revocation list (DER) that came with something signed; False when the desk has as
    new a one. Raises ValueError when the desk's root did not sign it."""
    from rongchang_desk.signing.renewal import list_number
    from rongchang_desk.signing.trust import Trust

    number = list_number(Trust(desk.root(), der))
    if number <= list_number(desk.trust()):
        return False
    keys.keep_crl(desk.store, number, der, desk.now())
    return True


def take_over(desk: Desk, kit: Path, kit_password: str, passphrase: str) -> None:
    """Change a unit's desk to the key in a new kit, under a passphrase; its data stay.

    For a forgotten passphrase, a lost key, or a change of clerk. Raises FoundWrong for a damaged
    kit or another unit's or office's, WrongPassphrase, UsageError for a weak passphrase,
    CannotWrite.
    """
    from rongchang_desk.signing.identity import read_identity

    desk.require(Role.UNIT)
    check_passphrase(passphrase)
    manifest, parts = _open_kit(kit)
    if manifest.unit != desk.unit_code or parts["root.der"] != desk.root():
        raise FoundWrong(
            f"“{kit.name}”不是本单位的入网包（包内为“{manifest.unit_name}”），或不是本区办公室制作的。",
            "请核对入网包，原密钥照旧使用。",
        )
    identity = read_identity(parts["unit.p12"], kit_password)
    if identity.unit_code != manifest.unit or identity.root != parts["root.der"]:
        raise _bad_kit(kit)
    desk.keep_identity(identity, passphrase)
    desk.drop_request()
    if parts["crl.der"]:
        keep_list(desk, parts["crl.der"])
    audit.note(desk.store, desk.now(), "key-taken-over", manifest.unit)


def _sheet(desk: Desk, kits: list[Kit], root_sha256: str) -> bytes:
    from rongchang_desk.documents import slips_pdf

    lines = tuple(slips_pdf.Slip(kit.unit, kit.name, kit.password) for kit in kits)
    return slips_pdf.render(desk.plan, lines, root_sha256=root_sha256, day=desk.today())


def _plan_file(desk: Desk) -> bytes:
    from rongchang_desk.store import plans

    return plans.current(desk.store)[1]


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in _PARTS:
            archive.writestr(zipfile.ZipInfo(name), parts[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _open_kit(kit: Path) -> tuple[Manifest, dict[str, bytes]]:
    """The parts of a kit whose manifest the office of its own root has signed."""
    from rongchang_desk.signing.identity import is_from_root, verify_bytes

    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(kit, 32 * 1024 * 1024))) as archive:
            if sorted(archive.namelist()) != sorted(_PARTS) or any(
                info.file_size > _LARGEST_PART for info in archive.infolist()
            ):
                raise _bad_kit(kit)
            parts = {name: archive.read(name) for name in _PARTS}
        manifest = msgspec.json.decode(parts["manifest.json"], type=Manifest)
    except (
        *BAD_ZIP,
        msgspec.MsgspecError,
        ValueError,
    ) as problem:
        raise _bad_kit(kit) from problem
    sound = (
        manifest.format == 1
        and is_from_root(parts["office.der"], parts["root.der"])
        and verify_bytes(parts["office.der"], parts["manifest.json"], parts["manifest.sig"])
        and all(
            manifest.sha256.get(name) == hashlib.sha256(data).hexdigest()
            for name, data in parts.items()
            if not name.startswith("manifest.")
        )
    )
    if not sound:
        raise _bad_kit(kit)
    return manifest, parts


def _bad_kit(kit: Path) -> FoundWrong:
    return FoundWrong(
        f"“{kit.name}”不是完好的入网包（文件损坏、被改动，或选错了文件）。",
        "请向领导小组办公室重新索取入网包。",
    )
