"""The recycle bin: listed for thirty days, given back, then purged; signed returns keep theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rongchang_desk.app import export, record, recycled
from rongchang_desk.app.desk import Desk
from rongchang_desk.errors import UsageError
from rongchang_desk.store import returns
from tests.district import MONTH, PASSPHRASE, District


@pytest.fixture
def desk(district: District) -> Desk:
    return district.desk("C1")


def test_deleted_records_are_listed_newest_first_with_the_days_left(
    district: District, desk: Desk
) -> None:
    first, second = district.training("C1", topic="专利课"), district.progress("C1")
    record.change(desk, [first, second])
    assert recycled.recycled(desk) == ()
    record.delete(desk, first.id)
    district.clock.now = desk.now() + timedelta(days=3)
    record.delete(desk, second.id)
    listed = recycled.recycled(desk)
    assert [(one.record, one.kind, one.days_left) for one in listed] == [
        (second, "任务进展", 30),
        (first, "培训讲座", 27),
    ]
    assert listed[1].name == "2026-10-15 专利课"


def test_restored_records_are_back_and_can_be_put_back(district: District, desk: Desk) -> None:
    made = district.training("C1")
    record.change(desk, [made])
    record.delete(desk, made.id)
    assert recycled.restore(desk, [made.id, "nobody"]) == 1
    assert record.get(desk, made.id) == made
    assert recycled.restore(desk, [made.id]) == 0
    assert recycled.put_back(desk, [made]) == 1
    assert record.get(desk, made.id) is None


def test_a_restored_record_that_was_changed_since_is_not_put_back(
    district: District, desk: Desk
) -> None:
    made = district.training("C1")
    record.change(desk, [made])
    record.delete(desk, made.id)
    recycled.restore(desk, [made.id])
    changed = replace(made, venue="别处")
    record.change(desk, [changed])
    assert recycled.put_back(desk, [made]) == 0
    assert record.get(desk, made.id) == changed


def test_after_thirty_days_records_are_neither_listed_nor_kept(
    district: District, desk: Desk
) -> None:
    old, young = district.training("C1", day=3), district.training("C1", day=4)
    record.change(desk, [old, young])
    record.delete(desk, old.id)
    district.clock.now = desk.now() + timedelta(days=30)
    record.delete(desk, young.id)
    assert len(recycled.recycled(desk)) == 2
    assert recycled.purge(desk) == 0
    district.clock.now = desk.now() + timedelta(seconds=1)
    assert [one.record for one in recycled.recycled(desk)] == [young]
    assert recycled.purge(desk) == 1
    assert recycled.restore(desk, [old.id]) == 0
    assert recycled.restore(desk, [young.id]) == 1


def test_a_purged_record_stays_in_the_return_that_was_signed(
    district: District, desk: Desk
) -> None:
    made = district.training("C1")
    district.record("C1", made)
    export.export(desk, MONTH, desk.identity(PASSPHRASE))
    record.delete(desk, made.id)
    district.clock.now = desk.now() + timedelta(days=31)
    assert recycled.purge(desk) == 1
    assert returns.issued(desk.store, MONTH)[0].monthly_return.records.trainings == (made,)


def test_purging_leaves_records_that_were_not_deleted(district: District, desk: Desk) -> None:
    made = district.training("C1")
    record.change(desk, [made])
    district.clock.now = desk.now() + timedelta(days=400)
    assert recycled.purge(desk) == 0
    assert record.get(desk, made.id) == made


def test_the_office_has_no_recycle_bin(district: District) -> None:
    with pytest.raises(UsageError, match="办公室的工作台"):
        recycled.recycled(district.office)
    assert recycled.purge(district.office) == 0
