"""Questions of the plan's editor: what a new record is called, and when one ends."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QWidget

from rongchang_desk.app import plan_draft
from rongchang_desk.app.plan_fields import title_at
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, UnitKind
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.dialogs.letter import LetterDialog

LABELS = {
    "target": "指标", "register": "台账", "field": "字段", "unit": "单位", "task": "任务",
    "group": "任务分类",
}  # fmt: skip
_SECTIONS = {"target": "targets", "register": "registers", "unit": "units"}
_CODES = "代码投入使用后不能再改：单位代码写入数字证书，其他代码写入月报。"
_NUMBERS = "序号投入使用后不能再改。"

Made = Callable[[Plan, str, str], None]
"""Takes the plan with the new record, its path, and what it is in words."""


def ask_new(
    window: QWidget, plan: Plan, what: str, register: str, since: Month, made: Made
) -> None:
    """Ask for a new record; `register` is the path of the register that gets a new field, `since`
    the month from which a new unit or task counts."""
    is_numbered = what in ("task", "group")
    dialog = LetterDialog(
        window, f"新增{LABELS[what]}", _NUMBERS if is_numbered else _CODES, "新增(&A)", signed=False
    )
    if is_numbered:
        free = str(max((task.no for task in plan.tasks), default=0) + 1) if what == "task" else ""
        code = dialog.add_line("序号(&I)", "new_code", free, hint="" if free else "如 （六）")
    else:
        code = dialog.add_line("代码(&I)", "new_code", hint="字母开头，如 T16")
    name = dialog.add_line("名称(&M)", "new_name")
    kind = lead = group = None
    if what == "unit":
        kind = dialog.add_choice("类别(&K)", "new_kind", [(k.label, k.value) for k in UnitKind])
    if what == "task":
        lead = dialog.add_choice("主办单位(&L)", "new_lead", [(u.name, u.code) for u in plan.units])
        groups = [(f"{g.no} {g.title}", g.no) for g in plan.groups]
        group = dialog.add_choice("任务分类(&G)", "new_group", groups)

    def make(_: str) -> None:
        try:
            if what == "task":
                after, path = plan_draft.added_task(
                    plan, code.text(), name.text(), _chosen(lead), _chosen(group), since
                )
            elif what == "group":
                after, path = plan_draft.added_group(plan, code.text(), name.text())
            else:
                section = register if what == "field" else _SECTIONS[what]
                after, path = plan_draft.added(
                    plan, section, code.text(), name.text(), _chosen(kind), since
                )
        except DeskError as problem:
            dialog.show_problem(problem)
            return
        dialog.accept()
        made(after, path, f"{LABELS[what]}“{name.text().strip()}”")

    dialog.wanted.connect(make)
    dialog.show_it()


def ask_last_month(
    window: QWidget, plan: Plan, path: str, last: Month, made: Callable[[Plan], None]
) -> None:
    """Ask with which month a unit or task ends; `last` is proposed."""
    dialog = LetterDialog(
        window, "停用",
        f"“{title_at(plan, path)}”填报到哪个月为止？此前各月照常计算，已报的内容都保留。",
        "停用(&S)", signed=False,
    )  # fmt: skip
    month = dialog.add_line("最后一个月(&M)", "last_month", str(last), hint="如 2026-10")

    def retire(_: str) -> None:
        try:
            after = plan_draft.retired(plan, path, month.text())
        except DeskError as problem:
            dialog.show_problem(problem)
            return
        dialog.accept()
        made(after)

    dialog.wanted.connect(retire)
    dialog.show_it()


def _chosen(box: QComboBox | None) -> str:
    return str(box.currentData() or "") if box is not None else ""
