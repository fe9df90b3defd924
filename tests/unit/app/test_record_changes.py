"""Keeping what a clerk types, mistakes included, and what stays out nevertheless."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from rongchang_desk.app import export, overview, record
from rongchang_desk.domain.finding import Finding, Severity, Where
from rongchang_desk.domain.records import Evidence, NamedValue, Reading, Value
from rongchang_desk.errors import UsageError
from tests.district import MONTH, District


def test_a_record_with_a_mistake_is_kept_and_blocks_the_return(district: District) -> None:
    desk = district.desk("C1")
    made = replace(district.training("C1"), headcounts=())
    record.change(desk, [made])
    assert record.of_month(desk, MONTH).trainings == (made,)
    with pytest.raises(export.ReturnBlocked, match="参训人次"):
        export.draft(desk, MONTH)


def test_a_record_outside_the_plan_is_refused_and_nothing_else_is_changed(
    district: District,
) -> None:
    desk = district.desk("C1")
    good = district.training("C1")
    bad = replace(district.training("C1"), day=date(2062, 1, 1))
    with pytest.raises(UsageError, match="不在方案实施期内"):
        record.change(desk, [good, bad])
    assert record.of_month(desk, MONTH).is_empty()


def test_change_puts_and_drops_in_one_go(district: District) -> None:
    desk = district.desk("C1")
    old, new = district.training("C1"), district.training("C1")
    record.change(desk, [old])
    record.change(desk, [new], [old.id])
    assert record.of_month(desk, MONTH).trainings == (new,)
    assert record.get(desk, old.id) is None


def test_an_explanation_replaces_the_one_before_and_goes_with_empty_text(
    district: District,
) -> None:
    desk = district.desk("C1")
    finding = Finding("stock-fell", Severity.WARNING, Where("reading", "a", "value"), "降了")
    for text in ("第一种说法", "第二种说法"):
        record.explain(desk, MONTH, finding, text)
    assert [e.text for e in record.month_sheet(desk, MONTH).explanations] == ["第二种说法"]
    record.explain(desk, MONTH, finding, " ")
    assert record.month_sheet(desk, MONTH).explanations == ()


def test_importing_over_a_record_keeps_the_evidence_attached_to_it(
    district: District, tmp_path: Path
) -> None:
    desk = district.desk("C1")
    proof = Evidence("签到表.jpg", 10, "ab" * 32)
    made = replace(district.training("C1"), evidence=(proof,))
    record.change(desk, [made])
    out = tmp_path / "填报表.xlsx"
    assert record.write_workbook(desk, MONTH, out) == 1
    record.import_workbook(desk, out)
    assert record.of_month(desk, MONTH).trainings == (made,)


def test_a_refused_row_names_its_field_in_chinese(district: District, tmp_path: Path) -> None:
    desk = district.desk("C1")
    record.change(desk, [replace(district.training("C1"), headcounts=())])
    out = tmp_path / "填报表.xlsx"
    record.write_workbook(desk, MONTH, out)
    (refused,) = record.import_workbook(desk, out, dry_run=True).refused
    assert (refused.sheet, refused.row, refused.field) == ("培训讲座", 2, "参训人次")


def test_the_year_to_date_adds_the_months_up_and_stops_at_the_one_asked_for(
    district: District,
) -> None:
    desk = district.desk("C1")
    record.change(
        desk,
        [
            replace(district.training("C1", workers=10), day=date(2026, 1, 5)),
            district.training("C1", workers=20),
            replace(district.training("C1", workers=40), day=date(2026, 11, 1)),
            replace(district.training("C1", workers=80), day=date(2025, 12, 31)),
        ],
    )
    assert overview.year_to_date(desk, MONTH).counted_visits == 30


def test_a_return_is_written_again_byte_for_byte_and_another_desks_is_not_known(
    district: District, tmp_path: Path
) -> None:
    signed = district.report("C1")
    (issued,) = export.issued(district.desk("C1"), MONTH)
    again = export.write_again(district.desk("C1"), issued.digest, tmp_path / "再来.pdf")
    assert again.read_bytes() == signed.read_bytes()
    with pytest.raises(KeyError):
        export.write_again(district.desk("C2"), issued.digest, tmp_path / "别家.pdf")


def test_the_template_shows_the_last_values_beside_the_empty_ones(
    district: District, tmp_path: Path
) -> None:
    desk = district.desk("A1")
    for day, number in ((date(2026, 8, 31), 70), (date(2026, 9, 30), 75)):
        value = NamedValue("value", Value.of(number))
        record.change(desk, [Reading(desk.new_id(), "patents", day, (value,))])
    out = tmp_path / "模板.xlsx"
    record.write_template(desk, MONTH, out)
    sheet = CalamineWorkbook.from_path(out).get_sheet_by_name("指标读数").to_python()
    row = dict(zip(sheet[0], next(row for row in sheet if row[0] == "有效专利"), strict=True))
    assert (row["上次读数"], row["数值"]) == (75, "")
    # Before anything was read there is nothing to show.
    record.write_template(desk, MONTH.previous.previous, out)
    sheet = CalamineWorkbook.from_path(out).get_sheet_by_name("指标读数").to_python()
    assert all(line[sheet[0].index("上次读数")] == "" for line in sheet[1:])
