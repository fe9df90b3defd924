"""The sheets and columns of a unit's workbook: one description for writing and for reading.

It is worked out from the plan, so another plan gives another workbook. No cell is read or
written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from rongchang_desk.domain.plan import (
    Field,
    FieldType,
    HeadcountCategory,
    Plan,
    Register,
)
from rongchang_desk.domain.records import HostRole, Status
from rongchang_desk.formats.plan_links import FIXED_SHEETS, REGISTERED_ON

GUIDE, ABOUT, PROGRESS, READINGS, TRAININGS, PUBLICITY, PROBLEMS, CHOICES = FIXED_SHEETS

YES_NO = ("是", "否")
NOT_APPLICABLE_TEXT = "不涉及"
NOT_REPORTED_TEXT = "未报"


class Form(Enum):
    """How a column's cells are written and shown."""

    TEXT = auto()
    LONG = auto()
    DATE = auto()
    COUNT = auto()
    MONEY = auto()
    DECIMAL = auto()
    GIVEN = auto()
    """Filled in by the program; alone it does not make a row."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `choices` are enforced by the drop-down, `known` only offered.

    `several` means that several of the choices may stand in one cell.
    """

    title: str
    form: Form = Form.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    several: bool = False
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet: its name, columns and what to say about it in the guide."""

    name: str
    columns: tuple[Column, ...]
    guide: str = ""


ABOUT_ROWS = (
    "方案", "方案代码", "月份", "单位", "单位代码", "填报人", "审核人", "负责人",
)  # fmt: skip

_STATES = f"没有发生填 0，不适用填“{NOT_APPLICABLE_TEXT}”，没有数据留空。"


def progress_sheet() -> Layout:
    return Layout(
        PROGRESS,
        (
            Column("任务序号", Form.GIVEN, required=True),
            Column("任务名称", Form.GIVEN),
            Column("进展状态", required=True, choices=tuple(status.label for status in Status)),
            Column("本月进展", Form.LONG),
            Column("下步打算", Form.LONG),
            Column("完成百分比"),
        ),
        "本单位牵头和配合的任务已列出，每项任务填一行；不填的任务留空。完成百分比填 0 到 100。",
    )


def reading_sheet() -> Layout:
    return Layout(
        READINGS,
        (
            Column("指标", Form.GIVEN, required=True),
            Column("分项", Form.GIVEN),
            Column("日期", Form.DATE, required=True),
            Column("数值", Form.DECIMAL, required=True),
            Column("单位", Form.GIVEN),
            Column("说明", Form.LONG),
            Column("上次读数", Form.GIVEN),
        ),
        "本单位负责的指标已列出。日期是数值所反映的日期。" + _STATES,
    )


def training_sheet(plan: Plan) -> Layout:
    return Layout(
        TRAININGS,
        (
            Column("日期", Form.DATE, required=True),
            Column("主题", Form.LONG, required=True),
            Column("培训形式", choices=plan.training_forms),
            Column("地点"),
            Column("讲师"),
            *_hosting(plan),
            *(Column(headcount_title(category), Form.COUNT) for category in plan.headcounts),
            Column("对应任务"),
            Column("备注", Form.LONG),
        ),
        "一场一行。人次由主办单位填报，协办单位可不填。对应任务填序号，几项用“、”隔开。" + _STATES,
    )


def publicity_sheet(plan: Plan) -> Layout:
    return Layout(
        PUBLICITY,
        (
            Column("日期", Form.DATE, required=True),
            Column("主题", Form.LONG, required=True),
            Column("活动类别", choices=plan.publicity_kinds),
            Column("地点"),
            *_hosting(plan),
            Column("是否主题宣传活动", choices=YES_NO),
            Column("覆盖人次", Form.COUNT),
            Column("媒体报道", Form.LONG),
            Column("对应任务"),
            Column("备注", Form.LONG),
        ),
        "一次活动一行。计入年度目标的主题宣传活动选“是”。" + _STATES,
    )


def problem_sheet() -> Layout:
    return Layout(
        PROBLEMS,
        (
            Column("提出日期", Form.DATE, required=True),
            Column("事项", Form.LONG, required=True),
            Column("具体情况", Form.LONG),
            Column("希望协调", Form.LONG),
            Column("对应任务"),
            Column("办理答复", Form.LONG),
            Column("销号日期", Form.DATE),
        ),
        "需要领导小组办公室协调解决的事项，一事一行。",
    )


def register_sheet(register: Register) -> Layout:
    return Layout(
        register.title,
        (
            Column(REGISTERED_ON, Form.DATE, required=True),
            *(_field_column(field) for field in register.fields),
        ),
        register.note,
    )


def headcount_title(category: HeadcountCategory) -> str:
    return f"{category.title}（人次）"


def field_title(field: Field) -> str:
    return f"{field.title}（{field.unit}）" if field.unit else field.title


def _hosting(plan: Plan) -> tuple[Column, ...]:
    bodies = (*(unit.name for unit in plan.units), *plan.external_bodies)
    return (
        Column("主办或协办", choices=tuple(role.label for role in HostRole)),
        Column("主办单位", known=bodies),
        Column("协办单位"),
    )


def _field_column(field: Field) -> Column:
    form = {
        FieldType.NUMBER: Form.DECIMAL, FieldType.MONEY: Form.MONEY, FieldType.DATE: Form.DATE,
    }.get(field.type, Form.TEXT)  # fmt: skip
    return Column(
        field_title(field),
        form,
        field.required,
        choices=YES_NO if field.type is FieldType.YES_NO else field.choices,
        several=field.type is FieldType.CHOICES,
        known=field.known,
    )
