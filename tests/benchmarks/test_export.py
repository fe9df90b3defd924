"""What a signed return costs the unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rongchang_desk.app import enrol, export
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.files import read_bytes
from rongchang_desk.formats import return_json
from rongchang_desk.signing.authority import read_authority
from rongchang_desk.signing.identity import Identity, sign_bytes
from tests.benchmarks import corpus as making
from tests.benchmarks.racing import Race

ROUNDS = 15
LARGEST_KB = 150


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[tuple[Desk, Identity]]:
    """A department's desk with a typical month's records in each of many months."""
    body, plan = making.shipped_plan()
    with enrol.create_office(tmp_path / "office", making.PASSPHRASE, plan_file=body) as office:
        authority = read_authority(read_bytes(office.keys / "root.p12"), making.PASSPHRASE)
    identity = making.identity_of(authority, plan.unit("D05"))
    with making.unit_desk(tmp_path / "unit", body, identity) as desk:
        for month in making.last_months(plan, ROUNDS + 1):
            making.record_month(desk, month)
        yield desk, identity


def test_export_of_a_typical_month(race: Race, unit: tuple[Desk, Identity], tmp_path: Path) -> None:
    desk, identity = unit
    months = iter(making.last_months(desk.plan, ROUNDS + 1))
    value = export.draft(desk, making.last_months(desk.plan, 1)[0])
    sizes: list[int] = []

    def exported() -> None:
        done = export.export(desk, next(months), identity, out=tmp_path / "return.pdf")
        assert not done.again
        sizes.append(done.size)

    def floor() -> None:
        payload = return_json.dumps(value)
        sign_bytes(identity, return_json.digest(payload).encode())

    race.run(ROUNDS, export=exported, floor=floor)
    race.judge("export of a month", "export", "floor")
    race.judge_amount("largest signed return", max(sizes) / 1000, "KB", LARGEST_KB)
