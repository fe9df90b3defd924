"""An office with 10,080 stored returns: 280 units over the 36 months of the plan.

The payloads are real; the originals beside them are not signed, because signing 10,000 returns
takes minutes and nothing that is measured here opens them. Kept under pytest's cache as long as
the code that makes it stays the same.
"""

from __future__ import annotations

import hashlib
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from rongchang_desk import assets
from rongchang_desk.app import demo_records, enrol
from rongchang_desk.app.clock import CHINA, SetClock, id_maker
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.merge import Filed
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Amendment, AmendmentKind, MonthlyReturn, compose
from rongchang_desk.domain.plan import Plan, Unit
from rongchang_desk.domain.records import Records, gather
from rongchang_desk.formats import plan_toml, return_json
from rongchang_desk.store import ledger, returns
from tests.benchmarks.corpus import SEED

UNITS = 280
NOW = datetime(2027, 1, 10, 9, tzinfo=CHINA)
_PASSPHRASE = "benchmarks 基准口令"
_TOP = Path(__file__).parents[2]


def large_plan() -> bytes:
    """The shipped plan with more units, as a plan file."""
    body = assets.resource("plans", enrol.DEFAULT_PLAN).read_text("utf-8")
    shipped = len(plan_toml.loads(body.encode()).units)
    more = (
        f'\n[[units]]\ncode = "X{n:03}"\nname = "第{n}街道"\nkind = "subdistrict"\n'
        for n in range(1, UNITS - shipped + 1)
    )
    return (body + "".join(more)).encode()


def kept_office(cache: Path) -> Path:
    """The office's folder; made anew when it was made by other code. Copy it before writing."""
    package = _TOP / "rongchang_desk"
    sources = [Path(__file__), package / "app" / "demo_records.py", *(_TOP / "db").iterdir()]
    sources += sorted((package / "domain").glob("*.py"))
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()
    folder = cache / state[:16]
    if not (folder / "complete").exists():
        shutil.rmtree(cache)
        with enrol.create_office(
            folder / "office", _PASSPHRASE, plan_file=large_plan(), clock=SetClock(NOW)
        ) as office:
            for month in office.plan.first_month.until(office.plan.last_month):
                with office.store.transaction():
                    for unit in office.plan.units:
                        keep(office, first_return(office, unit, month))
        (folder / "complete").touch()
    return folder / "office"


def open_office(folder: Path) -> Desk:
    """The office's desk on the day after the plan's last due day."""
    return Desk.open(folder, clock=SetClock(NOW))


def keep(office: Desk, value: MonthlyReturn) -> str:
    """Store a return as take-in does, but for the signature; returns its digest."""
    received = _day(value.month)
    payload = return_json.dumps(value)
    digest = return_json.digest(payload)
    returns.receive(
        office.store, value, digest=digest, payload=payload, pdf=b"%PDF", file_name="r.pdf",
        signer_sha256="0" * 64, now=received,
    )  # fmt: skip
    ledger.append(
        office.store, received_at=received, digest=digest, signer_sha256="0" * 64, crl_number=1
    )
    return digest


def first_return(office: Desk, unit: Unit, month: Month) -> MonthlyReturn:
    """A unit's return of a month."""
    return _composed(office.plan, office.plan_digest, unit, month, _records(office, unit, month))


def amended(office: Desk, one: Filed, number: int) -> MonthlyReturn:
    """A further revision of a return with one event fewer or more; unlike any other `number`."""
    unit = office.plan.unit(one.unit)
    value = one.monthly_return
    amends = Amendment(one.digest, AmendmentKind.FIGURES, f"第{number}次更正")
    return _composed(
        office.plan, office.plan_digest, unit, one.month, value.records,
        revision=value.revision + 1, amends=amends,
    )  # fmt: skip


def _records(office: Desk, unit: Unit, month: Month) -> Records:
    new_id = id_maker(SetClock(_day(month)), Random(f"{SEED}:{unit.code}:{month}"))
    return gather(demo_records.month_records(office.plan, unit, month, SEED, new_id))


def _composed(
    plan: Plan, plan_digest: str, unit: Unit, month: Month, records: Records,
    *, revision: int = 1, amends: Amendment | None = None,
) -> MonthlyReturn:  # fmt: skip
    return compose(
        plan, plan_digest, unit, month, records, revision=revision, amends=amends,
        signed_at=_day(month).isoformat(), software="benchmark",
        signatories=demo_records.signatories(unit, SEED),
    )  # fmt: skip


def _day(month: Month) -> datetime:
    return datetime.combine(month.next.first_day, datetime.min.time(), CHINA) + timedelta(days=2)
