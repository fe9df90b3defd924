"""Writes a unit's workbook with xlsxwriter: empty to be filled in, or filled with records.

Plain features only (formats, drop-downs, frozen headings), so that WPS shows the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.domain.plan import FieldType, Plan, Register, Target, Unit
from rongchang_desk.domain.records import (
    Problem,
    Progress,
    Publicity,
    Reading,
    Records,
    RegisterEntry,
    Training,
    Value,
)
from rongchang_desk.formats import sheet_layout as layout
from rongchang_desk.formats.errors import FormatError
from rongchang_desk.formats.sheet_layout import Column, Form, Layout

Shown = str | Decimal | date | None
"""What a cell is to hold; None leaves it empty."""

LONGEST_TEXT = 32767
"""Characters a cell can hold in Excel and WPS."""

_ROWS_OFFERED = 1000
"""Rows below the heading that get drop-downs."""
_WIDTHS = {
    Form.TEXT: 16, Form.LONG: 36, Form.DATE: 13, Form.COUNT: 12, Form.MONEY: 14,
    Form.DECIMAL: 14, Form.GIVEN: 22,
}  # fmt: skip
_GUIDE_WIDTH = 90
_NUMBER_FORMATS = {
    Form.TEXT: "@", Form.LONG: "@", Form.DATE: "yyyy-mm-dd", Form.COUNT: "#,##0",
    Form.MONEY: "#,##0.00", Form.DECIMAL: "General", Form.GIVEN: "General",
}  # fmt: skip


def write(
    plan: Plan,
    unit: Unit,
    month: Month,
    records: Records,
    signatories: Signatories,
    previous: Mapping[tuple[str, str], Value],
) -> bytes:
    """The workbook's bytes. Raises FormatError when a text is too long for a cell."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"in_memory": True, "default_format_properties": {"font_name": "宋体", "font_size": 11}},
    )
    # The clock is not ours to read: the month stands for the time of making.
    book.set_properties(
        {
            "title": f"{unit.name}{month.label}月报填报表",
            "company": unit.name,
            "created": datetime.combine(month.first_day, time()),
        }
    )
    sheets = list(_sheets(plan, unit, month, records, previous))
    looks = _Looks(book)
    _write_guide(book, looks, unit, month, [sheet for sheet, _ in sheets])
    _write_about(book, looks, plan, unit, month, signatories)
    offers = _Offers()
    for sheet, rows in sheets:
        _write_sheet(book, looks, sheet, rows, offers)
    offers.write(book)
    book.close()
    return target.getvalue()


def _sheets(
    plan: Plan,
    unit: Unit,
    month: Month,
    records: Records,
    previous: Mapping[tuple[str, str], Value],
) -> Iterable[tuple[Layout, list[tuple[Shown, ...]]]]:
    """Each sheet of the unit with its rows."""
    yield layout.progress_sheet(), _progress_rows(plan, unit, month, records.progress)
    readings = _reading_rows(plan, plan.targets_of(unit.code), records.readings, previous)
    if readings:
        yield layout.reading_sheet(), readings
    yield layout.training_sheet(plan), [_training_row(plan, t) for t in records.trainings]
    yield layout.publicity_sheet(plan), [_publicity_row(plan, p) for p in records.publicity]
    own = {register.code for register in plan.registers_of(unit.code)}
    filled = {entry.register for entry in records.entries}
    for register in plan.registers:
        if register.code in own | filled:
            rows = [_entry_row(register, e) for e in records.entries if e.register == register.code]
            yield layout.register_sheet(register), rows
    yield layout.problem_sheet(), [_problem_row(problem) for problem in records.problems]


def _progress_rows(
    plan: Plan, unit: Unit, month: Month, progress: tuple[Progress, ...]
) -> list[tuple[Shown, ...]]:
    rows: list[tuple[Shown, ...]] = [
        (
            Decimal(made.task), plan.task(made.task).title, made.status.label, made.done,
            made.next, _value(made.percent, implied=True),
        )
        for made in progress
    ]  # fmt: skip
    done = {made.task for made in progress}
    rows += [
        (Decimal(task.no), task.title, None, None, None, None)
        for task in plan.tasks_of(unit.code, month)
        if task.no not in done
    ]
    return rows


def _reading_rows(
    plan: Plan,
    owned: tuple[Target, ...],
    readings: tuple[Reading, ...],
    previous: Mapping[tuple[str, str], Value],
) -> list[tuple[Shown, ...]]:
    rows: list[tuple[Shown, ...]] = []
    filled = set()
    for reading in readings:
        target = plan.target(reading.target)
        columns = {column.code: column for column in target.columns()}
        note = reading.note
        for named in reading.values:
            column = columns[named.code]
            before = previous.get((target.code, column.code))
            rows.append(
                (target.title, column.title, reading.day, _value(named.value), column.unit, note,
                 _value(before))
            )  # fmt: skip
            filled.add((target.code, column.code))
            note = ""
    for target in owned:
        for column in target.columns():
            if (target.code, column.code) not in filled:
                before = previous.get((target.code, column.code))
                rows.append(
                    (target.title, column.title, None, None, column.unit, None, _value(before))
                )
    return rows


def _training_row(plan: Plan, training: Training) -> tuple[Shown, ...]:
    counts = {named.code: named.value for named in training.headcounts}
    return (
        training.day, training.topic, training.form, training.venue, training.lecturer,
        *_hosting(plan, training),
        *(_value(counts.get(category.code)) for category in plan.headcounts),
        _task_numbers(training.tasks), training.note,
    )  # fmt: skip


def _publicity_row(plan: Plan, event: Publicity) -> tuple[Shown, ...]:
    return (
        event.day, event.theme, event.kind, event.venue, *_hosting(plan, event),
        "是" if event.campaign else "否", _value(event.reach, implied=True), event.media,
        _task_numbers(event.tasks), event.note,
    )  # fmt: skip


def _entry_row(register: Register, entry: RegisterEntry) -> tuple[Shown, ...]:
    cells: list[Shown] = [entry.day]
    for field in register.fields:
        cells.append(_field(field.type, entry.get(field.code)))
    return tuple(cells)


def _field(kind: FieldType, text: str) -> Shown:
    """A field's canonical text as a number or date; a draft that is none stays as typed."""
    try:
        if text and kind in (FieldType.NUMBER, FieldType.MONEY):
            number = Decimal(text)
            return number if number.is_finite() else text
        if text and kind is FieldType.DATE:
            return date.fromisoformat(text)
    except (ValueError, InvalidOperation):
        return text
    return text


def _problem_row(problem: Problem) -> tuple[Shown, ...]:
    task = str(problem.task) if problem.task else None
    return (
        problem.day, problem.title, problem.detail, problem.wanted, task, problem.answer,
        problem.closed_on,
    )  # fmt: skip


def _hosting(plan: Plan, activity: Training | Publicity) -> tuple[Shown, ...]:
    partners = "、".join(plan.name_of(partner) for partner in activity.partners)
    return activity.role.label, plan.name_of(activity.host), partners


def _task_numbers(tasks: tuple[int, ...]) -> str:
    return "、".join(str(no) for no in tasks)


def _value(value: Value | None, *, implied: bool = False) -> Shown:
    """A value for a cell; not reported is an empty cell where emptiness implies it."""
    if value is None:
        return None
    if value.number is not None:
        return value.number
    text = str(value)
    return None if implied and text == layout.NOT_REPORTED_TEXT else text


class _Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        heading = {"bold": True, "border": 1, "align": "center", "valign": "vcenter",
                   "text_wrap": True}  # fmt: skip
        self.heading = book.add_format({**heading, "bg_color": "#DDEBF7"})
        self.required = book.add_format({**heading, "bg_color": "#FCE4D6"})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.typed = book.add_format({"border": 1, "num_format": "@"})
        self.cells = {
            form: book.add_format(
                {
                    "num_format": number_format,
                    "valign": "top",
                    "text_wrap": form in (Form.LONG, Form.GIVEN),
                    **({"bg_color": "#F2F2F2"} if form is Form.GIVEN else {}),
                }
            )
            for form, number_format in _NUMBER_FORMATS.items()
        }


class _Offers:
    """The lists behind the drop-downs, on a sheet of their own; equal lists are shared."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, ...], int] = {}

    def source(self, offered: tuple[str, ...]) -> str:
        """The reference to a list, as a drop-down wants it."""
        column = self._lists.setdefault(offered, len(self._lists))
        first = xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(len(offered) - 1, column, row_abs=True, col_abs=True)
        return f"='{layout.CHOICES}'!{first}:{last}"

    def write(self, book: Any) -> None:
        sheet = book.add_worksheet(layout.CHOICES)
        for offered, column in self._lists.items():
            for row, choice in enumerate(offered):
                sheet.write_string(row, column, choice)
        sheet.hide()


def _write_guide(book: Any, looks: _Looks, unit: Unit, month: Month, sheets: list[Layout]) -> None:
    sheet = book.add_worksheet(layout.GUIDE)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, _GUIDE_WIDTH)
    sheet.write_string(0, 0, f"{unit.name} {month.label} 填报表", looks.title)
    general = (
        ("怎么填", "在各表的表头下面逐行填写。橙色表头必填，蓝色表头选填，灰色内容由程序给出。"),
        ("不要改动", "不要改表名和表头，不要合并单元格，不要把别的单位的表改名后使用。"),
        ("日期", "写成 2026-10-08、2026.10.8 或 2026年10月8日。"),
        ("数值", "只填数字，单位见表头；可以带千位分隔符。没有发生填 0，不适用填“不涉及”。"),
        ("下拉选项", "单选的从下拉列表中选；可多选的用“；”隔开。"),
        ("佐证材料", "导入后在工作台中添加，不放在本表里。"),
        ("导入", "填好后在工作台中打开“导入导出”页，把文件拖进窗口，有问题的行会逐行列出原因。"),
    )
    row = 2
    for name, text in general:
        sheet.write_string(row, 0, name, looks.plain)
        sheet.write_string(row, 1, text, looks.plain)
        row += 1
    row += 1
    sheet.write_string(row, 0, "表名", looks.heading)
    sheet.write_string(row, 1, "说明", looks.heading)
    for described in sheets:
        row += 1
        required = "、".join(column.title for column in described.columns if column.required)
        text = f"{described.guide}必填：{required}。"
        # LibreOffice keeps the height of a row that is written without one.
        sheet.set_row(row, 15 * max(1, -(-2 * len(text) // (_GUIDE_WIDTH - 6))))
        sheet.write_string(row, 0, described.name, looks.plain)
        sheet.write_string(row, 1, text, looks.plain)
    _paper(sheet)


def _write_about(
    book: Any, looks: _Looks, plan: Plan, unit: Unit, month: Month, names: Signatories
) -> None:
    sheet = book.add_worksheet(layout.ABOUT)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 60)
    values = (
        plan.title, plan.code, str(month), unit.name, unit.code,
        names.preparer, names.checker, names.approver,
    )  # fmt: skip
    for row, (label, value) in enumerate(zip(layout.ABOUT_ROWS, values, strict=True)):
        sheet.write_string(row, 0, label, looks.heading)
        if value:
            sheet.write_string(row, 1, _fits(value, layout.ABOUT, label), looks.typed)
        else:
            sheet.write_blank(row, 1, None, looks.typed)
    _paper(sheet)


def _write_sheet(
    book: Any, looks: _Looks, described: Layout, rows: list[tuple[Shown, ...]], offers: _Offers
) -> None:
    sheet = book.add_worksheet(described.name)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    last = max(_ROWS_OFFERED, len(rows))
    for number, column in enumerate(described.columns):
        width = max(_WIDTHS[column.form], min(30, 2 * len(column.title) + 2))
        if column.form is Form.GIVEN:  # as wide as its texts: rows do not grow by themselves
            longest = max((len(str(cells[number])) for cells in rows if cells[number]), default=0)
            width = max(10, 2 * len(column.title) + 2, min(46, 2 * longest + 2))
        sheet.set_column(number, number, width, looks.cells[column.form])
        look = looks.required if column.required else looks.heading
        sheet.write_string(0, number, column.title, look)
        rule = _rule(column, offers)
        if rule:
            sheet.data_validation(1, number, last, number, rule)
    for row, cells in enumerate(rows, 1):
        for number, (column, cell) in enumerate(zip(described.columns, cells, strict=True)):
            _write_cell(sheet, row, number, cell, looks.cells[column.form], described, column)
    _paper(sheet)
    sheet.repeat_rows(0)


def _write_cell(
    sheet: Any, row: int, number: int, cell: Shown, look: Any, described: Layout, column: Column
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, date):
        # Before 1900-03-01 spreadsheets count days that never were.
        if cell.year < 1901:
            sheet.write_string(row, number, cell.isoformat(), look)
        else:
            sheet.write_datetime(row, number, datetime.combine(cell, time()), look)
    elif isinstance(cell, Decimal):
        if Decimal(format(float(cell), ".15g")) == cell:
            sheet.write_number(row, number, float(cell), look)
        else:
            sheet.write_string(row, number, f"{cell:f}", look)
    else:
        sheet.write_string(row, number, _fits(cell, described.name, column.title), look)


def _fits(text: str, sheet: str, title: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise FormatError(
            f"“{sheet}”的“{title}”有 {len(text)} 字，超过表格单元格的上限 {LONGEST_TEXT} 字。",
            "请缩短后再导出。",
        )
    return text


def _rule(column: Column, offers: _Offers) -> dict[str, Any]:
    """The data validation of a column; empty when it needs none."""
    if column.several:
        message = "可多选，用“；”隔开：" + "；".join(column.choices)
        return {"validate": "any", "input_title": "多选", "input_message": message[:255]}
    if column.choices:
        return {
            "validate": "list",
            "source": offers.source(column.choices),
            "error_title": "没有这个选项",
            "error_message": "请从下拉列表中选择。",
        }
    if column.known:
        return {"validate": "list", "source": offers.source(column.known), "show_error": False}
    return {}


def _paper(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
