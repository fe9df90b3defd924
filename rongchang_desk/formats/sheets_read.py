"""Reads a filled-in workbook with python-calamine: good rows become records, the rest reasons.

Pure: nothing is stored here. Nothing is dropped in silence: every row that holds something
ends as a record or in `refused`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.domain.plan import FieldType, NumberKind, Part, Plan, Register, Target, Unit
from rongchang_desk.domain.records import (
    NOT_REPORTED,
    FieldText,
    HostRole,
    NamedValue,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    RegisterEntry,
    Status,
    Training,
    Value,
)
from rongchang_desk.formats import sheet_cells as cells
from rongchang_desk.formats import sheet_layout as layout
from rongchang_desk.formats.canonical import decimal_text
from rongchang_desk.formats.plan_links import REGISTERED_ON
from rongchang_desk.formats.sheet_cells import Cell, Unreadable
from rongchang_desk.formats.sheet_layout import Column, Form, Layout
from rongchang_desk.formats.sheet_package import (
    MOST_COLUMNS,
    MOST_ROWS,
    look_into,
    not_a_workbook,
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing that was not taken: sheet, Excel row number (0 = the whole sheet), column, why."""

    sheet: str
    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class SheetImport:
    """What a workbook holds. `places` gives sheet and Excel row of each record by its id."""

    records: tuple[Record, ...]
    signatories: Signatories
    refused: tuple[Refused, ...]
    month: Month | None
    places: Mapping[str, tuple[str, int]]


class _Row:
    """One row: reads cells by the title of their column and collects what is wrong with it."""

    def __init__(self, sheet: str, number: int, found: Mapping[str, Cell]) -> None:
        self.sheet = sheet
        self.number = number
        self._found = found
        self.refused: list[Refused] = []

    def refuse(self, title: str, reason: str) -> None:
        self.refused.append(Refused(self.sheet, self.number, title, reason))

    def read(self, title: str, how: Callable[[Cell], _T], otherwise: _T) -> _T:
        """What `how` makes of a cell; `otherwise` when it is empty or, with a reason, bad."""
        cell = self._found[title]
        if cells.is_empty(cell):
            return otherwise
        try:
            return how(cell)
        except Unreadable as wrong:
            self.refuse(title, str(wrong))
            return otherwise

    def text(self, title: str) -> str:
        return self.read(title, cells.text, "")

    def day(self, title: str) -> date | None:
        return self.read(title, cells.day, None)

    def needed_day(self, title: str) -> date:
        if cells.is_empty(self._found[title]):
            self.refuse(title, "没有填写日期。")
        return self.read(title, cells.day, date.min)

    def value(self, title: str, kind: NumberKind) -> Value:
        return self.read(title, lambda cell: cells.value(cell, kind), NOT_REPORTED)

    def choice(self, title: str, offered: Iterable[str]) -> str:
        return self.read(title, lambda cell: cells.choice(cell, offered), "")

    def is_given(self, title: str) -> bool:
        return not cells.is_empty(self._found[title])


@dataclass(frozen=True, slots=True)
class _Figure:
    """One row of the readings' sheet; several make one reading."""

    target: Target
    column: Part
    day: date
    value: Value
    note: str


def read(plan: Plan, unit: Unit, data: bytes, new_id: Callable[[], str]) -> SheetImport:
    """What a workbook holds for a unit. Raises FormatError when it is no xlsx file."""
    scanned = look_into(data)
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(data))
        found = {
            name: _grid(book, name)
            for name in book.sheet_names
            if name in scanned and not scanned[name].beyond
        }
    except CalamineError as wrong:
        raise not_a_workbook() from wrong
    about = _read_about(plan, unit, found.get(layout.ABOUT))
    if about.stop:
        return SheetImport((), Signatories(), tuple(about.refused), None, MappingProxyType({}))
    reader = _Reader(plan, about.month, new_id)
    reader.refused += about.refused
    for name, scan in scanned.items():
        if scan.beyond:
            reader.refused.append(Refused(name, 0, "", _too_far(scan.beyond)))
        elif name in found and name not in (layout.GUIDE, layout.ABOUT, layout.CHOICES):
            reader.read_sheet(name, found[name], scan.broken)
    return SheetImport(
        tuple(reader.records),
        about.signatories,
        tuple(reader.refused),
        about.month,
        MappingProxyType(reader.places),
    )


class _Reader:
    """Goes through the sheets of one workbook and gathers records and refusals."""

    def __init__(self, plan: Plan, month: Month | None, new_id: Callable[[], str]) -> None:
        self.plan = plan
        self.month = month
        self.new_id = new_id
        self.records: list[Record] = []
        self.refused: list[Refused] = []
        self.places: dict[str, tuple[str, int]] = {}
        self._targets = {
            cells.folded(name): target
            for target in plan.targets
            for name in (target.title, target.code)
        }
        self._registers = {register.title: register for register in plan.registers}

    def read_sheet(self, name: str, grid: list[list[Cell]], broken: Mapping[int, str]) -> None:
        described = self._layout(name)
        if described is None:
            if any(not cells.is_empty(cell) for row in grid for cell in row):
                self.refused.append(
                    Refused(name, 0, "", f"方案中没有名为“{name}”的表，表中内容没有导入。")
                )
            return
        rows = _rows(described, grid, broken, self.refused)
        if name == layout.READINGS:
            self._read_readings(rows)
            return
        seen: set[int] = set()
        for row in rows:
            record = self._record(name, row)
            if isinstance(record, Progress) and not row.refused:
                if record.task in seen:
                    row.refuse(
                        "任务序号", f"任务 {record.task} 已在前面的行填写，一项任务只填一行。"
                    )
                seen.add(record.task)
            self._keep(row, record)

    def _keep(self, row: _Row, record: Record) -> None:
        self.refused += row.refused
        if not row.refused:
            self.records.append(record)
            self.places[record.id] = (row.sheet, row.number)

    def _layout(self, name: str) -> Layout | None:
        if name in self._registers:
            return layout.register_sheet(self._registers[name])
        makers: dict[str, Callable[[], Layout]] = {
            layout.PROGRESS: layout.progress_sheet,
            layout.READINGS: layout.reading_sheet,
            layout.TRAININGS: lambda: layout.training_sheet(self.plan),
            layout.PUBLICITY: lambda: layout.publicity_sheet(self.plan),
            layout.PROBLEMS: layout.problem_sheet,
        }
        return makers[name]() if name in makers else None

    def _record(self, name: str, row: _Row) -> Record:
        if name == layout.PROGRESS:
            return self._progress(row)
        if name == layout.TRAININGS:
            return self._training(row)
        if name == layout.PUBLICITY:
            return self._publicity(row)
        if name == layout.PROBLEMS:
            return self._problem(row)
        return self._entry(self._registers[name], row)

    def _progress(self, row: _Row) -> Progress:
        task = self._one_task(row, "任务序号")
        if not task and not row.refused:
            row.refuse("任务序号", "没有填写任务序号。")
        title = row.text("任务名称")
        if task and title and cells.folded(title) != cells.folded(self.plan.task(task).title):
            row.refuse(
                "任务名称",
                f"“{title}”与序号不符：任务 {task} 是“{self.plan.task(task).title}”。",
            )
        statuses = {status.label: status for status in Status}
        label = row.choice("进展状态", statuses)
        if not row.is_given("进展状态"):
            row.refuse("进展状态", f"没有选择进展状态，可选：{'、'.join(statuses)}。")
        if self.month is None:
            row.refuse("", f"“{layout.ABOUT}”中没有正确的月份，无法确定是哪个月的进展。")
        return Progress(
            self.new_id(),
            self.month or Month(1900, 1),
            task,
            statuses.get(label, Status.NOT_STARTED),
            row.text("本月进展"),
            row.text("下步打算"),
            row.read("完成百分比", _percent, NOT_REPORTED),
        )

    def _training(self, row: _Row) -> Training:
        role, host, partners = self._hosting(row)
        return Training(
            id=self.new_id(),
            day=row.needed_day("日期"),
            topic=row.text("主题"),
            form=row.choice("培训形式", self.plan.training_forms),
            venue=row.text("地点"),
            lecturer=row.text("讲师"),
            role=role,
            host=host,
            partners=partners,
            headcounts=tuple(
                NamedValue(category.code, row.value(title, NumberKind.COUNT))
                for category in self.plan.headcounts
                if row.is_given(title := layout.headcount_title(category))
            ),
            tasks=self._tasks(row),
            note=row.text("备注"),
        )

    def _publicity(self, row: _Row) -> Publicity:
        role, host, partners = self._hosting(row)
        return Publicity(
            id=self.new_id(),
            day=row.needed_day("日期"),
            theme=row.text("主题"),
            kind=row.choice("活动类别", self.plan.publicity_kinds),
            venue=row.text("地点"),
            role=role,
            host=host,
            partners=partners,
            campaign=row.read("是否主题宣传活动", cells.yes_no, "") == "是",
            reach=row.value("覆盖人次", NumberKind.COUNT),
            media=row.text("媒体报道"),
            tasks=self._tasks(row),
            note=row.text("备注"),
        )

    def _problem(self, row: _Row) -> Problem:
        return Problem(
            id=self.new_id(),
            day=row.needed_day("提出日期"),
            title=row.text("事项"),
            detail=row.text("具体情况"),
            wanted=row.text("希望协调"),
            task=self._one_task(row, "对应任务"),
            answer=row.text("办理答复"),
            closed_on=row.day("销号日期"),
        )

    def _entry(self, register: Register, row: _Row) -> RegisterEntry:
        day = row.needed_day(REGISTERED_ON)
        fields = []
        for field in register.fields:
            text = row.read(
                layout.field_title(field), _FIELD_READERS[field.type](field.choices), ""
            )
            if text:
                fields.append(FieldText(field.code, text))
        return RegisterEntry(self.new_id(), register.code, day, tuple(fields))

    def _hosting(self, row: _Row) -> tuple[HostRole, str, tuple[str, ...]]:
        roles = {role.label: role for role in HostRole}
        role = roles.get(row.choice("主办或协办", roles), HostRole.HOST)
        host = cells.body(row.text("主办单位"), self.plan)
        return role, host, row.read("协办单位", lambda cell: cells.bodies(cell, self.plan), ())

    def _tasks(self, row: _Row) -> tuple[int, ...]:
        return row.read("对应任务", lambda cell: cells.tasks(cell, self.plan), ())

    def _one_task(self, row: _Row, title: str) -> int:
        none: tuple[int, ...] = ()
        found = row.read(title, lambda cell: cells.tasks(cell, self.plan), none)
        if len(found) > 1:
            row.refuse(title, "只能填一项任务的序号。")
        return found[0] if found else 0

    def _read_readings(self, rows: list[_Row]) -> None:
        """Rows of the same target and day become one reading, where the first of them stands."""
        gathered: dict[tuple[str, date], list[tuple[_Row, _Figure]]] = {}
        for row in rows:
            figure = self._figure(row)
            if figure is not None and not row.refused:
                group = gathered.setdefault((figure.target.code, figure.day), [])
                if any(other.column.code == figure.column.code for _, other in group):
                    row.refuse("分项", f"“{figure.column.title}”在同一日期已填写，请只留一行。")
                else:
                    group.append((row, figure))
            self.refused += row.refused
        for (code, day), group in gathered.items():
            order = [column.code for column in self.plan.target(code).columns()]
            group.sort(key=lambda pair: order.index(pair[1].column.code))
            first = min((row for row, _ in group), key=lambda row: row.number)
            notes = dict.fromkeys(figure.note for _, figure in group if figure.note)
            self._keep(
                first,
                Reading(
                    self.new_id(),
                    code,
                    day,
                    tuple(NamedValue(f.column.code, f.value) for _, f in group),
                    "；".join(notes),
                ),
            )

    def _figure(self, row: _Row) -> _Figure | None:
        day = row.needed_day("日期")
        name = row.text("指标")
        target = self._targets.get(cells.folded(name))
        if target is None:
            row.refuse("指标", f"方案中没有指标“{name}”。" if name else "没有填写指标。")
            return None
        columns = target.columns()
        if not columns:
            row.refuse("指标", f"“{target.title}”由程序计算，不需要填报。")
            return None
        column = self._column(row, columns)
        if column is None:
            return None
        unit = row.text("单位")
        if unit and cells.folded(unit) != cells.folded(column.unit):
            row.refuse("单位", f"“{column.title}”的单位是“{column.unit}”，不是“{unit}”。")
        return _Figure(target, column, day, row.value("数值", column.number), row.text("说明"))

    def _column(self, row: _Row, columns: tuple[Part, ...]) -> Part | None:
        name = row.text("分项")
        for column in columns:
            if cells.folded(name) in (cells.folded(column.title), cells.folded(column.code)):
                return column
        if not name and len(columns) == 1:
            return columns[0]
        offered = "、".join(column.title for column in columns)
        problem = f"没有分项“{name}”" if name else "没有填写分项"
        row.refuse("分项", f"{problem}，可填：{offered}。")
        return None


def _percent(cell: Cell) -> Value:
    if isinstance(cell, str) and cells.folded(cell).endswith("%"):
        cell = cells.folded(cell).removesuffix("%")
    value = cells.value(cell, NumberKind.DECIMAL)
    if 0 < value.or_zero() < 1:
        raise Unreadable(f"{cells.shown(cell)}小于 1：百分之五十请填 50。")
    return value


def _number_text(kind: NumberKind) -> Callable[[Cell], str]:
    def read_number(cell: Cell) -> str:
        if isinstance(cell, str) and cells.folded(cell) in (
            layout.NOT_APPLICABLE_TEXT, layout.NOT_REPORTED_TEXT,
        ):  # fmt: skip
            raise Unreadable(f"台账中的数字不能填{cells.shown(cell)}，没有时留空。")
        return decimal_text(cells.number(cell, kind))

    return read_number


_FIELD_READERS: dict[FieldType, Callable[[tuple[str, ...]], Callable[[Cell], str]]] = {
    FieldType.TEXT: lambda _: cells.text,
    FieldType.NUMBER: lambda _: _number_text(NumberKind.DECIMAL),
    FieldType.MONEY: lambda _: _number_text(NumberKind.MONEY),
    FieldType.DATE: lambda _: lambda cell: cells.day(cell).isoformat(),
    FieldType.CHOICE: lambda offered: lambda cell: cells.choice(cell, offered),
    FieldType.CHOICES: lambda offered: lambda cell: "；".join(cells.several(cell, offered)),
    FieldType.YES_NO: lambda _: cells.yes_no,
}


@dataclass(frozen=True, slots=True)
class _About:
    """What the sheet about the report says; `stop` when the file must not be taken at all."""

    month: Month | None
    signatories: Signatories
    refused: list[Refused]
    stop: bool = False


def _read_about(plan: Plan, unit: Unit, grid: list[list[Cell]] | None) -> _About:
    said: dict[str, tuple[int, Cell]] = {}
    for number, line in enumerate(grid or [], 1):
        label = cells.folded(line[0]) if line and isinstance(line[0], str) else ""
        if label in layout.ABOUT_ROWS and len(line) > 1:
            said.setdefault(label, (number, line[1]))

    def refuse(label: str, reason: str) -> Refused:
        return Refused(layout.ABOUT, said.get(label, (0, ""))[0], label, reason)

    def text(label: str) -> str:
        try:
            return cells.text(said.get(label, (0, ""))[1])
        except Unreadable as wrong:
            refused.append(refuse(label, str(wrong)))
            return ""

    refused: list[Refused] = []
    whole = "整个文件没有导入。"
    if "单位代码" not in said or "方案代码" not in said:
        return _stopped(
            Refused(layout.ABOUT, 0, "", f"这不是工作台的填报表（缺少报表信息）。{whole}")
        )
    code, plan_code = text("单位代码"), text("方案代码")
    if plan_code != plan.code:
        return _stopped(refuse("方案代码", f"填报表属于另一个方案“{plan_code}”。{whole}"))
    name = text("单位")
    if code != unit.code or (name and cells.folded(name) != cells.folded(unit.name)):
        return _stopped(
            refuse("单位代码", f"这是“{name or code}”的填报表，不是“{unit.name}”的。{whole}")
        )
    month: Month | None = None
    try:
        month = Month(*cells.year_month(said.get("月份", (0, ""))[1]))
    except Unreadable as wrong:
        refused.append(refuse("月份", str(wrong)))
    names = Signatories(text("填报人"), text("审核人"), text("负责人"))
    return _About(month, names, refused)


def _stopped(reason: Refused) -> _About:
    return _About(None, Signatories(), [reason], stop=True)


def _rows(
    described: Layout, grid: list[list[Cell]], broken: Mapping[int, str], refused: list[Refused]
) -> list[_Row]:
    """The rows that hold something, or none when the heading is not the template's."""
    name = described.name
    heading = [cells.folded(str(cell)) for cell in grid[0]] if grid else []
    while heading and not heading[-1]:
        heading.pop()
    wanted = {cells.folded(column.title): column for column in described.columns}
    missing = [column.title for key, column in wanted.items() if key not in heading]
    extra = [title for title in heading if title not in wanted]
    doubled = sorted({title for title in heading if title and heading.count(title) > 1})
    if missing or extra or doubled:
        parts = (
            ("缺少", missing), ("多出", [title or "空白列" for title in extra]), ("重复", doubled),
        )  # fmt: skip
        told = "；".join(f"{what}“{'”“'.join(titles)}”" for what, titles in parts if titles)
        refused.append(
            Refused(
                name, 1, "表头", f"表头与模板不一致（{told}），这张表没有导入，请用原来的模板。"
            )
        )
        return []
    columns = [wanted[title] for title in heading]
    rows = []
    for number, line in enumerate(grid[1:], 2):
        row = _Row(name, number, _by_title(columns, line))
        stray = [cell for cell in line[len(columns) :] if not cells.is_empty(cell)]
        if number in broken:
            row.refuse("", f"单元格 {broken[number]} 的公式出错（如 #DIV/0!、#N/A），请改正。")
        if stray:
            row.refuse("", f"最后一列以外还有内容{cells.shown(stray[0])}，请移到对应的列。")
        if row.refused:
            refused += row.refused
        elif any(row.is_given(c.title) for c in columns if c.form is not Form.GIVEN):
            rows.append(row)
    return rows


def _by_title(columns: list[Column], line: list[Cell]) -> dict[str, Cell]:
    padded = [*line, *[""] * (len(columns) - len(line))]
    return {column.title: cell for column, cell in zip(columns, padded, strict=False)}


def _grid(book: CalamineWorkbook, name: str) -> list[list[Cell]]:
    """All cells of a sheet from A1 on."""
    return list(book.get_sheet_by_name(name).to_python(skip_empty_area=False))


def _too_far(cell: str) -> str:
    return (
        f"单元格 {cell} 有内容，超出 {MOST_ROWS} 行或 {MOST_COLUMNS} 列，这张表没有导入。"
        "请清除多余的内容，或分几次导入。"
    )
