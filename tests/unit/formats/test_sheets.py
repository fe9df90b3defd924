from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from xml.etree import ElementTree

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    FieldText,
    HostRole,
    NamedValue,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    Records,
    RegisterEntry,
    Status,
    Training,
    Value,
)
from rongchang_desk.errors import DeskError
from rongchang_desk.formats import sheets
from rongchang_desk.formats.sheets import Refused, SheetImport
from tests.strategies import records, signatories, typed_texts

MARCH = Month(2026, 3)
DAY = date(2026, 3, 9)

Grid = list[list[object]]
Book = dict[str, Grid]


def new_ids() -> Callable[[], str]:
    numbers: Iterator[int] = count(1)
    return lambda: f"id-{next(numbers)}"


def grids(data: bytes) -> Book:
    """All cells of a workbook, by sheet."""
    book = CalamineWorkbook.from_object(io.BytesIO(data))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def workbook(book: Book) -> bytes:
    """A workbook of plain cells, as another program might save it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        days = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, grid in book.items():
            sheet = made.add_worksheet(name)
            for r, row in enumerate(grid):
                for c, cell in enumerate(row):
                    if isinstance(cell, date):
                        day = datetime.combine(cell, time())
                        sheet.write_datetime(r, c, day, days)
                    elif isinstance(cell, str) and cell.startswith("=!"):
                        sheet.write_formula(r, c, "=1/0", None, cell[2:])
                    elif isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    elif isinstance(cell, bool):
                        sheet.write_boolean(r, c, cell)
                    else:
                        sheet.write_number(r, c, cell)
    return target.getvalue()


@pytest.fixture
def blank(linhe: Plan) -> Book:
    return grids(sheets.template(linhe, "A1", MARCH))


@pytest.fixture
def add(linhe: Plan, blank: Book) -> Callable[..., SheetImport]:
    """Imports the template after adding one row, given by column titles."""

    def import_with(sheet: str, **cells: object) -> SheetImport:
        heading = blank[sheet][0]
        assert set(cells) <= set(heading)
        rows = [row for row in blank[sheet] if sheet != "任务进展" or row is heading]
        book = {**blank, sheet: [*rows, [cells.get(str(title), "") for title in heading]]}
        return sheets.loads(linhe, "A1", workbook(book), new_ids())

    return import_with


def bare(record: Record) -> Record:
    return replace(record, id="", evidence=())


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_records_written_to_a_workbook_read_back_the_same(data: st.DataObject, linhe: Plan) -> None:
    unit = data.draw(st.sampled_from(linhe.units))
    month = data.draw(st.sampled_from((Month(2025, 1), MARCH)))
    written = data.draw(records(linhe, unit, month, typed_texts))
    names = data.draw(signatories(typed_texts))
    filled = sheets.dumps(linhe, unit.code, month, written, names)
    found = sheets.loads(linhe, unit.code, filled, new_ids())
    assert found.refused == ()
    kinds = (Progress, Reading, Training, Publicity, RegisterEntry, Problem)
    order = {kind: n for n, kind in enumerate(kinds)}
    read = sorted(found.records, key=lambda record: order[type(record)])
    assert [bare(record) for record in read] == [bare(record) for record in written.all()]
    assert found.signatories == names
    assert found.month == month


def test_an_untouched_template_holds_no_records_and_no_mistakes(
    rongchang: Plan, linhe: Plan
) -> None:
    for plan in (rongchang, linhe):
        for unit in plan.units:
            found = sheets.loads(
                plan, unit.code, sheets.template(plan, unit.code, MARCH), new_ids()
            )
            assert (found.records, found.refused) == ((), ())
            assert found.month == MARCH


def test_a_template_lists_the_units_tasks_targets_and_registers(linhe: Plan) -> None:
    town = grids(sheets.template(linhe, "C1", MARCH))
    assert list(town) == [
        "填报说明", "报表信息", "任务进展", "培训讲座", "宣传活动", "特产台账", "督查台账",
        "需协调解决事项", "选项",
    ]  # fmt: skip
    assert [row[1] for row in town["任务进展"][1:]] == [
        "增加专利", '发展"河西"产品', "广泛宣传",
    ]  # fmt: skip
    office = grids(sheets.template(linhe, "A1", MARCH))
    assert [row[:2] for row in office["指标读数"][1:]] == [
        ["有效专利", "有效专利"], ["质押贷款", "金额"], ["质押贷款", "笔数"],
    ]  # fmt: skip
    assert town["特产台账"][0][4] == "面积（亩）"


def test_last_months_values_stand_beside_the_empty_cells(linhe: Plan) -> None:
    previous = {("loans", "amount"): Value.of("12.5"), ("loans", "cases"): NOT_APPLICABLE}
    rows = grids(sheets.template(linhe, "A1", MARCH, previous=previous))["指标读数"]
    assert [row[6] for row in rows] == ["上次读数", "", 12.5, "不涉及"]


def test_the_same_month_gives_the_same_bytes(linhe: Plan) -> None:
    first = zipfile.ZipFile(io.BytesIO(sheets.template(linhe, "A1", MARCH)))
    again = zipfile.ZipFile(io.BytesIO(sheets.template(linhe, "A1", MARCH)))
    assert {n: first.read(n) for n in first.namelist()} == {
        n: again.read(n) for n in again.namelist()
    }


def test_a_workbook_has_drop_downs_and_frozen_headings_and_nothing_exotic(
    rongchang: Plan,
) -> None:
    package = zipfile.ZipFile(io.BytesIO(sheets.template(rongchang, "D17", MARCH)))
    names = package.namelist()
    for name in names:
        assert ElementTree.fromstring(package.read(name)) is not None
    assert not [n for n in names if re.search(r"vba|drawing|table|external|comments", n)]
    book = package.read("xl/workbook.xml").decode()
    position = re.findall(r'<sheet name="([^"]*)"', book).index("质押融资台账") + 1
    sheet = package.read(f"xl/worksheets/sheet{position}.xml").decode()
    assert 'state="frozen"' in sheet
    assert "可多选" in sheet
    position = re.findall(r'<sheet name="([^"]*)"', book).index("参展推广台账") + 1
    exhibitions = package.read(f"xl/worksheets/sheet{position}.xml").decode()
    assert re.search(r'<dataValidation type="list"[^>]*sqref="C2:C1001"', exhibitions)


def test_full_width_digits_and_separators_are_understood(add: Callable[..., SheetImport]) -> None:
    found = add(
        "指标读数", 指标="质押贷款", 分项="金额", 日期="２０２６．３．９", 数值="１，２３４．５０"
    )
    assert found.refused == ()
    (reading,) = found.records
    assert reading == Reading(reading.id, "loans", DAY, (NamedValue("amount", Value.of("1234.5")),))


@pytest.mark.parametrize(
    "day",
    [DAY, "2026-03-09", "2026-3-9", "2026.3.9", "2026/03/09", "2026年3月9日", " 2026 年 3 月 9 日 ",
     "20260309", 20260309, "２０２６－０３－０９"],
)  # fmt: skip
def test_a_date_may_be_written_in_the_usual_ways(
    day: object, add: Callable[..., SheetImport]
) -> None:
    found = add("需协调解决事项", 提出日期=day, 事项="求助")
    assert found.refused == ()
    assert found.records == (Problem("id-1", DAY, "求助"),)


@pytest.mark.parametrize("day", ["2026-02-30", "3月9日", "去年", 46090, True, "2026-03", ""])
def test_any_other_date_is_refused_and_quoted(day: object, add: Callable[..., SheetImport]) -> None:
    found = add("需协调解决事项", 提出日期=day, 事项="求助")
    assert found.records == ()
    (refused,) = found.refused
    assert (refused.sheet, refused.row, refused.field) == ("需协调解决事项", 2, "提出日期")
    assert str(day) in refused.reason or "没有填写" in refused.reason or "是" in refused.reason


@pytest.mark.parametrize(
    ("cell", "value"),
    [(30, Value.of(30)), (0, Value.of(0)), ("0", Value.of(0)), ("不涉及", NOT_APPLICABLE),
     ("未报", NOT_REPORTED), ("1,200", Value.of(1200)), ("＋３", Value.of(3))],
)  # fmt: skip
def test_the_four_states_of_a_value_stay_apart(
    cell: object, value: Value, add: Callable[..., SheetImport]
) -> None:
    found = add("培训讲座", 日期=DAY, 主题="讲座", **{"职工（人次）": cell})
    (training,) = found.records
    assert isinstance(training, Training)
    assert training.headcounts == (NamedValue("worker", value),)


def test_an_empty_cell_is_not_reported(add: Callable[..., SheetImport]) -> None:
    (training,) = add("培训讲座", 日期=DAY, 主题="讲座").records
    assert isinstance(training, Training)
    assert training.headcount("worker") == NOT_REPORTED


@pytest.mark.parametrize(
    "cell", ["三十", "30人", "约30", "1,2", "-", "无", "3.5", 3.5, True, DAY, "1e3", 1e18]
)
def test_text_in_a_number_cell_is_refused_and_quoted(
    cell: object, add: Callable[..., SheetImport]
) -> None:
    found = add("培训讲座", 日期=DAY, 主题="讲座", **{"职工（人次）": cell})
    assert found.records == ()
    (refused,) = found.refused
    assert (refused.sheet, refused.row, refused.field) == ("培训讲座", 2, "职工（人次）")
    assert "“" in refused.reason


def test_money_has_two_decimals_and_no_more(add: Callable[..., SheetImport]) -> None:
    good = add("指标读数", 指标="质押贷款", 分项="金额", 日期=DAY, 数值=0.1 + 0.2)
    assert good.records[0].values == (NamedValue("amount", Value.of("0.3")),)  # type: ignore[union-attr]
    (refused,) = add("指标读数", 指标="质押贷款", 分项="金额", 日期=DAY, 数值=1.234).refused
    assert "小数最多 2 位" in refused.reason


def test_rows_of_one_target_and_day_become_one_reading(linhe: Plan, blank: Book) -> None:
    heading = blank["指标读数"][0]
    rows = [
        ["质押贷款", "笔数", DAY, 4, "笔", "初步", ""],
        ["质押贷款", "金额", DAY, 12.5, "万元", "", ""],
        ["质押贷款", "金额", date(2026, 3, 31), 20, "万元", "", ""],
    ]
    book = {**blank, "指标读数": [heading, *rows]}
    found = sheets.loads(linhe, "A1", workbook(book), new_ids())
    assert found.refused == ()
    assert [bare(record) for record in found.records] == [
        Reading(
            "", "loans", DAY,
            (NamedValue("amount", Value.of("12.5")), NamedValue("cases", Value.of(4))), "初步",
        ),
        Reading("", "loans", date(2026, 3, 31), (NamedValue("amount", Value.of(20)),)),
    ]  # fmt: skip
    assert [found.places[record.id] for record in found.records] == [
        ("指标读数", 2), ("指标读数", 4),
    ]  # fmt: skip


def test_a_figure_given_twice_is_refused_the_second_time(linhe: Plan, blank: Book) -> None:
    row = ["有效专利", "", DAY, 4, "件", "", ""]
    book = {**blank, "指标读数": [blank["指标读数"][0], row, row]}
    found = sheets.loads(linhe, "A1", workbook(book), new_ids())
    assert len(found.records) == 1
    assert [(r.row, r.field) for r in found.refused] == [(3, "分项")]


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"指标": "没有的指标", "数值": 1}, "指标", "没有的指标"),
        ({"指标": "培训人次", "数值": 1}, "指标", "由程序计算"),
        ({"指标": "质押贷款", "分项": "利息", "数值": 1}, "分项", "利息"),
        ({"指标": "质押贷款", "数值": 1}, "分项", "金额、笔数"),
        ({"指标": "质押贷款", "分项": "金额", "单位": "亿元", "数值": 1}, "单位", "亿元"),
    ],
)
def test_a_reading_that_fits_no_column_is_refused(
    cells: dict[str, object], field: str, said: str, add: Callable[..., SheetImport]
) -> None:
    found = add("指标读数", 日期=DAY, **cells)
    assert found.records == ()
    (refused,) = found.refused
    assert refused.field == field
    assert said in refused.reason


def test_bodies_are_found_by_name_and_kept_as_codes(add: Callable[..., SheetImport]) -> None:
    (event,) = add(
        "宣传活动", 日期=DAY, 主题="集市", 主办或协办="协办", 主办单位="市统计局",
        协办单位="河西镇、临河海关，外地协会", 是否主题宣传活动="√", 覆盖人次=120,
        对应任务="任务1、3",
    ).records  # fmt: skip
    assert event == Publicity(
        event.id, DAY, "集市", role=HostRole.CO_HOST, host="A2",
        partners=("C1", "临河海关", "外地协会"), campaign=True, reach=Value.of(120), tasks=(1, 3),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "cells", "field", "said"),
    [
        ("培训讲座", {"培训形式": "函授"}, "培训形式", "函授"),
        ("培训讲座", {"对应任务": "99"}, "对应任务", "99"),
        ("培训讲座", {"对应任务": 1.2}, "对应任务", "1.2"),
        ("培训讲座", {"主办或协办": "承办"}, "主办或协办", "承办"),
        ("宣传活动", {"是否主题宣传活动": "可能"}, "是否主题宣传活动", "可能"),
    ],
)
def test_an_unknown_choice_is_refused_and_quoted(
    sheet: str, cells: dict[str, object], field: str, said: str, add: Callable[..., SheetImport]
) -> None:
    found = add(sheet, 日期=DAY, 主题="讲座", **cells)
    assert found.records == ()
    assert [(r.sheet, r.row, r.field) for r in found.refused] == [(sheet, 2, field)]
    assert said in found.refused[0].reason


def test_all_mistakes_of_a_row_are_told_at_once(add: Callable[..., SheetImport]) -> None:
    found = add("培训讲座", 日期="去年", 培训形式="函授", 对应任务="x")
    assert [refused.field for refused in found.refused] == ["日期", "培训形式", "对应任务"]


def test_a_good_row_beside_a_bad_one_is_taken(linhe: Plan, blank: Book) -> None:
    heading = blank["需协调解决事项"][0]
    rows = [["坏", "甲"], [DAY, "乙"]]
    found = sheets.loads(
        linhe, "A1", workbook({**blank, "需协调解决事项": [heading, *rows]}), new_ids()
    )
    assert [record.title for record in found.records if isinstance(record, Problem)] == ["乙"]
    assert [refused.row for refused in found.refused] == [2]


def test_progress_is_read_for_the_month_of_the_workbook(add: Callable[..., SheetImport]) -> None:
    found = add("任务进展", 任务序号=3, 进展状态="进行中", 本月进展="已开展", 完成百分比="５０％")
    assert found.records == (
        Progress("id-1", MARCH, 3, Status.UNDER_WAY, "已开展", percent=Value.of(50)),
    )


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"任务序号": 99, "进展状态": "进行中"}, "任务序号"),
        ({"任务序号": "", "进展状态": "进行中"}, "任务序号"),
        ({"任务序号": 3, "任务名称": "增加专利", "进展状态": "进行中"}, "任务名称"),
        ({"任务序号": 3, "本月进展": "有"}, "进展状态"),
        ({"任务序号": 3, "进展状态": "还行"}, "进展状态"),
        ({"任务序号": 3, "进展状态": "进行中", "完成百分比": 0.5}, "完成百分比"),
    ],
)
def test_progress_that_fits_no_task_or_status_is_refused(
    cells: dict[str, object], field: str, add: Callable[..., SheetImport]
) -> None:
    found = add("任务进展", **cells)
    assert found.records == ()
    assert [refused.field for refused in found.refused] == [field]


def test_the_same_task_twice_is_refused_the_second_time(linhe: Plan, blank: Book) -> None:
    row = [1, "", "进行中", "", "", ""]
    found = sheets.loads(
        linhe, "A1", workbook({**blank, "任务进展": [blank["任务进展"][0], row, row]}), new_ids()
    )
    assert len(found.records) == 1
    assert [(r.row, r.field) for r in found.refused] == [(3, "任务序号")]


def test_register_fields_are_kept_in_canonical_text(linhe: Plan) -> None:
    blank = grids(sheets.template(linhe, "C1", MARCH))
    row = [DAY, " 河西梨 ", "加 工", "国外、本市", "1,200.50", 8, "2020年1月2日", True]
    found = sheets.loads(
        linhe, "C1", workbook({**blank, "特产台账": [blank["特产台账"][0], row]}), new_ids()
    )
    assert found.refused == ()
    assert [bare(record) for record in found.records] == [
        RegisterEntry(
            "", "produce", DAY,
            (FieldText("name", "河西梨"), FieldText("stage", "加工"),
             FieldText("markets", "国外；本市"), FieldText("area", "1200.5"),
             FieldText("sales", "8"), FieldText("since", "2020-01-02"), FieldText("organic", "是")),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [(2, "养殖", "养殖"), (3, "本市；火星", "火星"), (4, "不涉及", "留空"), (5, 1.005, "2 位"),
     (6, "2020-13-01", "2020-13-01"), (7, "也许", "也许"), (1, 123456789012345678, "文本格式")],
)  # fmt: skip
def test_a_register_field_that_does_not_fit_is_refused(
    column: int, cell: object, said: str, linhe: Plan
) -> None:
    blank = grids(sheets.template(linhe, "C1", MARCH))
    row: list[object] = [DAY, "梨", "", "", "", "", "", ""]
    row[column] = cell
    found = sheets.loads(
        linhe, "C1", workbook({**blank, "特产台账": [blank["特产台账"][0], row]}), new_ids()
    )
    assert found.records == ()
    (refused,) = found.refused
    assert (refused.row, refused.field) == (2, blank["特产台账"][0][column])
    assert said in refused.reason


def test_a_cell_whose_formula_fails_is_refused_not_read_as_empty(
    add: Callable[..., SheetImport],
) -> None:
    found = add("培训讲座", 日期=DAY, 主题="讲座", **{"职工（人次）": "=!#DIV/0!"})
    assert found.records == ()
    (refused,) = found.refused
    assert refused.row == 2
    assert "I2" in refused.reason


def test_columns_may_stand_in_another_order(linhe: Plan, blank: Book) -> None:
    grid = [["事项", "提出日期", *blank["需协调解决事项"][0][2:]], ["求助", DAY]]
    found = sheets.loads(linhe, "A1", workbook({**blank, "需协调解决事项": grid}), new_ids())
    assert found.records == (Problem("id-1", DAY, "求助"),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda heading: heading[1:], "缺少“提出日期”"),
        (lambda heading: ["日子", *heading[1:]], "多出“日子”"),
        (lambda heading: [*heading, heading[0]], "重复“提出日期”"),
    ],
)
def test_a_sheet_with_a_wrong_heading_is_refused_whole(
    change: Callable[[list[object]], list[object]], said: str, linhe: Plan, blank: Book
) -> None:
    grid = [change(blank["需协调解决事项"][0]), [DAY, "求助"]]
    found = sheets.loads(linhe, "A1", workbook({**blank, "需协调解决事项": grid}), new_ids())
    assert found.records == ()
    (refused,) = found.refused
    assert (refused.sheet, refused.row, refused.field) == ("需协调解决事项", 1, "表头")
    assert said in refused.reason


def test_content_beyond_the_last_column_is_not_dropped_in_silence(linhe: Plan, blank: Book) -> None:
    row = [DAY, "求助", "", "", "", "", "", "", "批注"]
    grid = [blank["需协调解决事项"][0], row]
    found = sheets.loads(linhe, "A1", workbook({**blank, "需协调解决事项": grid}), new_ids())
    assert found.records == ()
    assert "批注" in found.refused[0].reason


def test_an_unknown_sheet_is_refused_but_an_empty_one_is_nothing(linhe: Plan, blank: Book) -> None:
    found = sheets.loads(
        linhe, "A1", workbook({**blank, "Sheet1": [], "流水账": [["x"]]}), new_ids()
    )
    assert [(r.sheet, r.row) for r in found.refused] == [("流水账", 0)]


def test_another_units_workbook_is_refused_whole(linhe: Plan) -> None:
    record = Problem("p", DAY, "求助")
    data = sheets.dumps(linhe, "C1", MARCH, Records(problems=(record,)), Signatories())
    assert len(sheets.loads(linhe, "C1", data, new_ids()).records) == 1
    found = sheets.loads(linhe, "C2", data, new_ids())
    assert found.records == ()
    (refused,) = found.refused
    assert "河西镇" in refused.reason
    assert "整个文件没有导入" in refused.reason


def test_another_plans_workbook_is_refused_whole(linhe: Plan, rongchang: Plan) -> None:
    data = sheets.template(rongchang, "D17", MARCH)
    (refused,) = sheets.loads(linhe, "A1", data, new_ids()).refused
    assert "rongchang-2024-2026" in refused.reason


def test_a_workbook_of_somebody_else_is_refused_whole(linhe: Plan) -> None:
    found = sheets.loads(linhe, "A1", workbook({"Sheet1": [["姓名"], ["甲"]]}), new_ids())
    assert found.records == ()
    assert [refused.sheet for refused in found.refused] == ["报表信息"]


def test_a_wrong_month_is_refused_with_the_progress_that_needs_it(linhe: Plan, blank: Book) -> None:
    about = [["月份", "十三月"] if row[0] == "月份" else row for row in blank["报表信息"]]
    progress = [blank["任务进展"][0], [1, "", "进行中", "", "", ""]]
    book = {**blank, "报表信息": about, "任务进展": progress}
    found = sheets.loads(linhe, "A1", workbook(book), new_ids())
    assert found.month is None
    assert found.records == ()
    assert [(r.sheet, r.row) for r in found.refused] == [("报表信息", 3), ("任务进展", 2)]


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"PK\x03\x04 but no zip", b"\xd0\xcf\x11\xe0" * 99]
)
def test_a_file_that_is_no_workbook_is_an_error_with_advice(data: bytes, linhe: Plan) -> None:
    with pytest.raises(DeskError) as refusal:
        sheets.loads(linhe, "A1", data, new_ids())
    assert "xlsx" in refusal.value.message
    assert refusal.value.hint


def test_a_zip_that_is_no_workbook_is_an_error(linhe: Plan) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("readme.txt", "hello")
    with pytest.raises(DeskError, match="xlsx"):
        sheets.loads(linhe, "A1", target.getvalue(), new_ids())


def test_a_stray_cell_in_the_farthest_corner_is_refused_and_other_sheets_are_read(
    linhe: Plan, blank: Book
) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        for name in ("报表信息", "需协调解决事项", "督查台账"):
            sheet = made.add_worksheet(name)
            for r, row in enumerate(blank[name]):
                sheet.write_row(r, 0, row)
        made.get_worksheet_by_name("督查台账").write_string("XFD1048576", "x")
        made.get_worksheet_by_name("需协调解决事项").write_row(1, 0, ["2026-03-09", "求助"])
    found = sheets.loads(linhe, "A1", target.getvalue(), new_ids())
    assert found.records == (Problem("id-1", DAY, "求助"),)
    (refused,) = found.refused
    assert (refused.sheet, refused.row) == ("督查台账", 0)
    assert "XFD1048576" in refused.reason


def test_a_file_that_claims_more_than_it_holds_is_an_error(linhe: Plan) -> None:
    good = zipfile.ZipFile(io.BytesIO(sheets.template(linhe, "A1", MARCH)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in good.namelist():
            claimed = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4294967296"', good.read(name))
            package.writestr(name, claimed)
    with pytest.raises(DeskError, match="xlsx"):
        sheets.loads(linhe, "A1", target.getvalue(), new_ids())


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_is_refused_or_read_and_never_crashes(
    data: st.DataObject, linhe: Plan
) -> None:
    good = bytearray(sheets.template(linhe, "B1", MARCH))
    for place in data.draw(st.lists(st.integers(0, len(good) - 1), min_size=1, max_size=8)):
        good[place] ^= data.draw(st.integers(1, 255))
    try:
        found = sheets.loads(linhe, "B1", bytes(good), new_ids())
    except DeskError:
        return
    assert all(isinstance(refused, Refused) and refused.reason for refused in found.refused)


def test_a_text_too_long_for_a_cell_is_an_error_not_a_loss(linhe: Plan) -> None:
    long = Records(problems=(Problem("p", DAY, "x" * 32768),))
    with pytest.raises(DeskError, match="32768"):
        sheets.dumps(linhe, "A1", MARCH, long, Signatories())


def test_text_that_looks_like_a_formula_stays_text(linhe: Plan) -> None:
    record = Problem("p", DAY, "=1+1", detail="@cmd", wanted="-5")
    data = sheets.dumps(linhe, "A1", MARCH, Records(problems=(record,)), Signatories())
    (found,) = sheets.loads(linhe, "A1", data, new_ids()).records
    assert bare(found) == bare(record)


def test_a_number_too_fine_for_a_spreadsheet_stays_exact(linhe: Plan) -> None:
    exact = Value.of(Decimal("123456789012345.12"))
    reading = Reading("r", "loans", DAY, (NamedValue("amount", exact),))
    data = sheets.dumps(linhe, "A1", MARCH, Records(readings=(reading,)), Signatories())
    (found,) = sheets.loads(linhe, "A1", data, new_ids()).records
    assert bare(found) == bare(reading)


def test_a_draft_that_is_no_number_or_date_is_written_as_typed(linhe: Plan) -> None:
    fields = (FieldText("area", "约三亩"), FieldText("since", "去年"))
    draft = RegisterEntry("e", "produce", DAY, fields)
    data = sheets.dumps(linhe, "C1", MARCH, Records(entries=(draft,)), Signatories())
    assert grids(data)["特产台账"][1][4:7] == ["约三亩", "", "去年"]
    refused = sheets.loads(linhe, "C1", data, new_ids()).refused
    assert [r.field for r in refused] == ["面积（亩）", "起始日期"]


def test_a_workbook_lists_the_tasks_asked_for_in_its_month(linhe: Plan) -> None:
    tasks = tuple(replace(t, until=MARCH) if t.no == 1 else t for t in linhe.tasks)
    retired = replace(linhe, tasks=tasks)

    def listed(month: Month) -> list[object]:
        return [row[0] for row in grids(sheets.template(retired, "A1", month))["任务进展"][1:]]

    assert 1 in listed(MARCH)
    assert listed(MARCH)[1:] == listed(MARCH.next)
