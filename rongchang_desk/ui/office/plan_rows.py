"""The rows and columns of the plan's editor: one kind of row for each part of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rongchang_desk.app.board import with_unit
from rongchang_desk.app.plan_draft import Draft, Line
from rongchang_desk.app.plan_fields import TYPE_LABELS
from rongchang_desk.app.plan_view import Parameter, marked
from rongchang_desk.domain.plan import TO_CONFIRM, Group, HeadcountCategory, Plan, Target
from rongchang_desk.ui.tables import Align, Cell, Column
from rongchang_desk.ui.theme import Tone


@dataclass(frozen=True)
class PlanRow:
    """A record of the plan: its path, the record, the plan, and how it stands in the draft."""

    path: str
    record: Any
    plan: Plan
    state: str
    why: str = ""


STATE_TONES = {
    "× 有错误": Tone.BAD, "● 已改动": Tone.BUSY, "？ 待确认": Tone.WARN,
    "✓ 已确认": Tone.GOOD, "✓ 方案原文": Tone.GOOD, "＋ 新增": Tone.BUSY,
}  # fmt: skip
WRONG, CHANGED, ASSUMED, CONFIRMED, ORIGINAL, NEW = STATE_TONES


class States:
    """How the records of a draft stand; what is noted of them is looked up once for all."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._notes = _by_record((a.path, a.note) for a in draft.plan.assumed)
        self._marks = _by_record((c.path, f"{c.by} {c.on}") for c in draft.plan.confirmed)
        self._lines: dict[str, list[Line]] = {}
        for line in draft.lines:
            self._lines.setdefault(line.path, []).append(line)

    def of(self, path: str) -> tuple[str, str]:
        """How a record stands, most pressing first, and why in a line."""
        findings = self._draft.findings_at(path) if self._draft.findings else ()
        if findings:
            return WRONG, "；".join(finding.message for finding in findings)
        lines = self._lines.get(path, ())
        if any(line.field == "新增" for line in lines):
            return NEW, ""
        # Confirming alone changes nothing of the record itself.
        fields = [line.field for line in lines if not line.after.startswith("已确认（")]
        if fields:
            return CHANGED, "、".join(fields)
        whole = f"plan.{path.partition('.')[0]}"  # a mark may stand for a section as a whole
        for marks, state in ((self._notes, ASSUMED), (self._marks, CONFIRMED)):
            if said := (*marks.get(whole, ()), *marks.get(path, ())):
                return state, "；".join(dict.fromkeys(said))
        return ORIGINAL, "方案原文写明"


def _by_record(marks: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What is said of each record, and of each section as a whole by its own path."""
    found: dict[str, list[str]] = {}
    for path, said in marks:
        for place in (path, path.rpartition(".")[0]):
            found.setdefault(place, []).append(said)
    return found


STATE = Column("状态", lambda r: list(STATE_TONES).index(r.state), lambda r: r.state,
               cell=Cell.PILL, tone=lambda r: STATE_TONES[r.state], width=118,
               tip=lambda r: f"{r.state[2:]}：{r.why}" if r.why else r.state[2:])  # fmt: skip


def _goal(row: PlanRow) -> str:
    target: Target = row.record
    return with_unit(target.goal, target)


TARGETS = (
    Column("指标", lambda r: r.record.title, stretch=True, tip=lambda r: r.record.note),
    Column("目标值", lambda r: r.record.goal, _goal, align=Align.END, width=104),
    Column("期限", lambda r: str(r.record.by or ""), width=84),
    Column("责任单位", lambda r: r.plan.name_of(r.record.owner) or "—", width=112),
    STATE,
)


def _ended(row: PlanRow) -> str:
    """The last month of a unit or task that was retired."""
    return f"（{row.record.until.label}止）" if row.record.until else ""


TASKS = (
    Column("序号", lambda r: r.record.no, align=Align.CENTER, width=56),
    Column("重点任务", lambda r: r.record.title + _ended(r), stretch=True,
           tip=lambda r: r.record.title + _ended(r)),
    Column("主办单位", lambda r: r.plan.name_of(r.record.lead), width=120),
    Column("协办", lambda r: len(r.record.support), lambda r: f"{len(r.record.support)} 个",
           align=Align.END, width=64,
           tip=lambda r: "、".join(map(r.plan.name_of, r.record.support))),
    STATE,
)  # fmt: skip


def _register_name(row: PlanRow) -> str:
    return f"　　{row.record.title}" if ".fields." in row.path else row.record.title


def _register_kind(row: PlanRow) -> str:
    if ".fields." in row.path:
        return TYPE_LABELS[row.record.type]
    return f"{len(row.record.fields)} 个字段"


REGISTERS = (
    Column("台账和字段", _register_name, stretch=True),
    Column("类型", _register_kind, width=96),
    Column("必填", lambda r: "是" if getattr(r.record, "required", False) else "", width=56),
    STATE,
)
UNITS = (
    Column("代码", lambda r: r.record.code, width=72),
    Column("单位", lambda r: r.record.name + _ended(r), stretch=True),
    Column("类别", lambda r: r.record.kind.label, width=72),
    STATE,
)


def _about_frame(row: PlanRow) -> str:
    match row.record:
        case Group(tasks=tasks):
            return f"任务分类，{len(tasks)} 项"
        case HeadcountCategory(counted=counted):
            return "参训人员，计入" if counted else "参训人员，不计入"
        case _:
            return ""


FRAME = (
    Column("内容", lambda r: "方案、期限、节假日和分类" if r.path == "plan" else r.record.title,
           stretch=True),
    Column("说明", _about_frame, width=132),
    STATE,
)  # fmt: skip


def _rows(draft: Draft, section: str, key: Callable[[Any], Any]) -> Sequence[PlanRow]:
    states = States(draft)
    return [
        PlanRow(path, record, draft.plan, *states.of(path))
        for record in getattr(draft.plan, section)
        for path in (f"{section}.{key(record)}",)
    ]


def target_rows(draft: Draft) -> Sequence[PlanRow]:
    return _rows(draft, "targets", lambda t: t.code)


def task_rows(draft: Draft) -> Sequence[PlanRow]:
    return _rows(draft, "tasks", lambda t: t.no)


def unit_rows(draft: Draft) -> Sequence[PlanRow]:
    return _rows(draft, "units", lambda u: u.code)


def register_rows(draft: Draft) -> Sequence[PlanRow]:
    """Each register, and below it its fields."""
    states = States(draft)
    found = []
    for row in _rows(draft, "registers", lambda r: r.code):
        found.append(row)
        for field in row.record.fields:
            path = f"{row.path}.fields.{field.code}"
            found.append(PlanRow(path, field, draft.plan, *states.of(path)))
    return found


def frame_rows(draft: Draft) -> Sequence[PlanRow]:
    """The plan's own fields, then the groups of tasks and the categories of trainees."""
    own = PlanRow("plan", draft.plan, draft.plan, *States(draft).of("plan"))
    groups = _rows(draft, "groups", lambda g: g.no)
    return [own, *groups, *_rows(draft, "headcounts", lambda h: h.code)]


# What is assumed, and what was confirmed


def is_open(parameter: Parameter) -> bool:
    """Whether a parameter still waits for the office."""
    return not parameter.confirmed


def mark_rows(plan: Plan) -> Sequence[Parameter]:
    """What was assumed: first what waits for the office, then what it has confirmed."""
    return marked(plan)


MARKS = (
    Column("状态", is_open, lambda p: "？ 待确认" if is_open(p) else "✓ 已确认", cell=Cell.PILL,
           tone=lambda p: Tone.WARN if is_open(p) else Tone.GOOD, width=112,
           tip=lambda p: TO_CONFIRM if is_open(p) else p.confirmed),
    Column("参数", lambda p: p.title, width=280, tip=lambda p: p.title),
    Column("现行取值", lambda p: p.value, width=200, tip=lambda p: _wrapped(p.value)),
    Column("为什么要确认", lambda p: p.assumed, stretch=True, tip=lambda p: _wrapped(p.assumed)),
    Column("确认人", lambda p: p.confirmed, lambda p: p.confirmed or "—", width=150),
)  # fmt: skip
CHANGES = (
    Column("位置", lambda line: line.place, width=230, tip=lambda line: line.place),
    Column("内容", lambda line: line.field, width=130),
    Column("现行", lambda line: line.before or "—", stretch=True,
           tip=lambda line: _wrapped(line.before)),
    Column("改为", lambda line: line.after or "—", stretch=True,
           tip=lambda line: _wrapped(line.after)),
)  # fmt: skip


def _wrapped(text: str, width: int = 40) -> str:
    """A long text in lines, for a tooltip."""
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))
