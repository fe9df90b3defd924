"""The matrix shows whom the plan does not ask in a month."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from rongchang_desk.app import chasing
from rongchang_desk.formats import plan_toml
from rongchang_desk.ui.office.matrix_view import MatrixModel
from tests.district import MONTH, District, at


def test_a_month_that_is_not_asked_of_a_unit_is_empty_and_says_why(district: District) -> None:
    office = district.office
    *others, last = office.plan.units
    units = (*others, replace(last, since=MONTH.next))
    office.adopt_plan(plan_toml.dumps(replace(office.plan, units=units, version=3)))
    district.take(district.report("A1"))
    district.clock.now = at(20)
    model = MatrixModel()
    year = chasing.year(office, 2026)
    model.show_rows(year, year.rows, MONTH)
    index = model.index(len(others), MONTH.month - 1)
    assert model.data(index) is None
    assert "不需报送" in model.data(index, Qt.ItemDataRole.ToolTipRole)
    header = model.headerData(MONTH.month - 1, Qt.Orientation.Horizontal)
    assert header.endswith(f"1/{len(others)}")
