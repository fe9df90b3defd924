"""A district's returns, signed with real keys by the app's own export: what is taken in.

Made once and kept under pytest's cache as long as the code that makes them stays the same.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from rongchang_desk import assets
from rongchang_desk.app import demo_records, enrol, export, record
from rongchang_desk.app.clock import id_maker, system_clock
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import read_bytes, write_whole
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Unit
from rongchang_desk.formats import plan_toml
from rongchang_desk.signing.authority import Authority, read_authority
from rongchang_desk.signing.identity import Identity
from rongchang_desk.store.records import MonthSheet

PASSPHRASE = "benchmarks 基准口令"
MONTHS = 10
SEED = 2026
_TOP = Path(__file__).parents[2]


@dataclass(frozen=True)
class Corpus:
    """One folder: an office that has received nothing, and returns of all units to take in."""

    folder: Path

    @property
    def office(self) -> Path:
        return self.folder / "office"

    @property
    def root(self) -> Path:
        """Root and revocation list, PEM."""
        return self.folder / "root.pem"

    @property
    def returns(self) -> Path:
        return self.folder / "returns"

    def files(self) -> tuple[Path, ...]:
        return tuple(sorted(self.returns.rglob("*.pdf")))

    def fresh_office(self, at: Path) -> Path:
        """A copy of the office, to take in at."""
        shutil.rmtree(at, ignore_errors=True)
        shutil.copytree(self.office, at)
        return at


def kept_corpus(cache: Path) -> Corpus:
    """The corpus in a cache folder; made anew when it was made by other code."""
    state = _state_of_the_code()
    folder = cache / state
    if not (folder / "complete").exists():
        shutil.rmtree(cache)
        _make(folder)
        (folder / "complete").touch()
    return Corpus(folder)


def _state_of_the_code() -> str:
    """Changes whenever the signed files might."""
    package = _TOP / "rongchang_desk"
    sources = [Path(__file__), package / "app" / "demo_records.py", package / "app" / "enrol.py"]
    for layer in ("domain", "formats", "documents", "signing"):
        sources += sorted((package / layer).glob("*.py"))
    sources += sorted((_TOP / "resources" / "plans").iterdir()) + sorted((_TOP / "db").iterdir())
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]


def shipped_plan() -> tuple[bytes, Plan]:
    """The shipped plan file and what it says."""
    body = assets.resource("plans", enrol.DEFAULT_PLAN).read_bytes()
    return body, plan_toml.loads(body)


def last_months(plan: Plan, count: int) -> tuple[Month, ...]:
    """The newest whole months that the plan covers."""
    last = min(Month.of(system_clock().date()).previous, plan.last_month)
    return last.plus(1 - count).until(last)


def _make(folder: Path) -> None:
    body, plan = shipped_plan()
    with enrol.create_office(folder / "office", PASSPHRASE, plan_file=body) as office:
        enrol.export_root(office, folder / "root.pem")
        authority = read_authority(read_bytes(office.keys / "root.p12"), PASSPHRASE)
        for unit in plan.units:
            identity = identity_of(authority, unit)
            with unit_desk(folder / "units" / unit.code, body, identity) as desk:
                for month in last_months(plan, MONTHS):
                    record_month(desk, month)
                    out = folder / "returns" / str(month) / f"{unit.code}.pdf"
                    export.export(desk, month, identity, out=out)
    shutil.rmtree(folder / "units")


def identity_of(authority: Authority, unit: Unit) -> Identity:
    """A unit's key and certificate as for its kit, but kept in memory.

    A key file is made slow to open on purpose; 39 of them would take half a minute.
    """
    now = system_clock()
    return authority.issue(
        unit.code,
        unit.name,
        not_before=now - timedelta(days=1),
        not_after=now + timedelta(days=365),
    )


def unit_desk(folder: Path, plan_file: bytes, identity: Identity) -> Desk:
    """A new desk of a unit, without the key file."""
    with Desk.found(
        folder,
        clock=system_clock,
        new_id=id_maker(system_clock, Random(f"{SEED}:{identity.unit_code}")),
        role=Role.UNIT,
        unit=identity.unit_code,
    ) as desk:
        desk.adopt_plan(plan_file)
        write_whole(desk.keys / "root.der", identity.root)
        write_whole(desk.keys / "certificate.der", identity.certificate)
    return desk


def record_month(desk: Desk, month: Month) -> None:
    """Keep a month's invented records, as in the demo, and name the people."""
    for made in demo_records.month_records(desk.plan, desk.unit, month, SEED, desk.new_id):
        findings = record.save(desk, made)
        assert not [f for f in findings if f.severity == "error"], findings
    sheet = MonthSheet(
        demo_records.signatories(desk.unit, SEED), record.of_month(desk, month).is_empty()
    )
    record.save_month_sheet(desk, month, sheet)
