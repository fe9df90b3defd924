"""Records in the store: any record comes back as it was, and the recycle bin gives it back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Explanation, Signatories
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import gather
from rongchang_desk.store import records
from rongchang_desk.store.database import create
from rongchang_desk.store.records import MonthSheet
from tests import strategies
from tests.district import at

MONTH = Month(2025, 6)


@given(st.data())
def test_any_records_come_back_as_they_were(linhe: Plan, data: st.DataObject) -> None:
    made = data.draw(st.lists(strategies.any_record(linhe, MONTH), max_size=5))
    made = list({record.id: record for record in made}.values())
    with tempfile.TemporaryDirectory() as place, create(Path(place)) as store:
        records.save(store, made, at(3))
        assert gather(records.of_month(store, MONTH)) == gather(tuple(made))
        for record in made:
            assert records.get(store, record.id) == record


@given(st.data())
def test_a_deleted_record_is_gone_until_it_is_restored(linhe: Plan, data: st.DataObject) -> None:
    record = data.draw(strategies.any_record(linhe, MONTH))
    with tempfile.TemporaryDirectory() as place, create(Path(place)) as store:
        records.save(store, [record], at(3))
        assert records.delete(store, record.id, at(4))
        assert records.get(store, record.id) is None
        assert records.of_month(store, MONTH) == ()
        assert not records.delete(store, record.id, at(4))
        assert records.restore(store, record.id)
        assert records.get(store, record.id) == record
        assert not records.restore(store, record.id)


def test_what_is_said_of_a_month_comes_back(tmp_path: Path) -> None:
    sheet = MonthSheet(
        Signatories("张镕", "", "王五"), True, (Explanation("stock-fell", "r", "专利到期"),)
    )
    with create(tmp_path) as store:
        assert records.month_sheet(store, MONTH) is None
        records.save_month_sheet(store, MONTH, sheet)
        assert records.month_sheet(store, MONTH) == sheet
