"""The office's draft of the next plan: editing, confirming, what differs, publishing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rongchang_desk.app import (
    district,
    export,
    parcel_opening,
    plan_draft,
    plan_fields,
    plan_usage,
    task_board,
)
from rongchang_desk.app.fields import Unreadable
from rongchang_desk.app.plan_fields import Place
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import PlanFileError, UsageError
from rongchang_desk.formats import plan_toml
from rongchang_desk.store import plans
from tests.district import MONTH, PASSPHRASE, PLAN_FILE, District


@pytest.fixture(scope="module")
def linhe() -> Plan:
    return plan_toml.loads(PLAN_FILE.read_bytes())


def typed(plan: Plan, path: str, code: str, text: str) -> Plan:
    """The plan after a text was typed into one field."""
    field = next(f for f in plan_fields.fields_at(plan, path) if f.code == code)
    after: Place = field.write(Place(path, plan), text)
    return after.plan


@pytest.mark.parametrize(
    ("path", "code", "text", "shown"),
    [
        ("targets.patents", "goal", "１３０", "130"),
        ("targets.patents", "owner", "市统计局", "市统计局"),
        ("targets.patents", "by", "2027年5月", "2027-05"),
        ("targets.per_head", "per", "全期", "全期"),
        ("targets.certified", "items", "small，小微\nbig, 大型", "small，小微\nbig，大型"),
        ("targets.loans", "parts", "amount，金额，万元，金额", "amount，金额，万元，金额"),
        ("tasks.1", "support", "东门街道、柳湾镇", "东门街道、柳湾镇"),
        ("units.C2", "kind", "街道", "街道"),
        ("plan", "due_day", "8", "8"),
        ("plan", "days_off", "2026年10月9日 2026-10-10", "2026-10-09\n2026-10-10"),
        ("plan", "training_forms", "面授\n\n网络\n面授", "面授\n网络"),
        ("headcounts.villager", "counted", "是", "是"),
        ("registers.produce", "tasks", "2、1", "2、1"),
        ("registers.produce.fields.stage", "choices", "种植\n销售", "种植\n销售"),
    ],
)
def test_what_is_typed_into_a_field_is_read_back(
    path: str, code: str, text: str, shown: str, linhe: Plan
) -> None:
    after = typed(linhe, path, code, text)
    field = next(f for f in plan_fields.fields_at(after, path) if f.code == code)
    assert field.read(Place(path, after)) == shown
    kept, _ = plan_toml.examine(plan_toml.dumps(after))
    assert field.read(Place(path, kept)) == shown


@pytest.mark.parametrize(
    ("path", "code", "text"),
    [
        ("targets.patents", "goal", "很多"),
        ("targets.patents", "owner", "不存在的局"),
        ("targets.patents", "by", "明年"),
        ("targets.certified", "items", "只有名称"),
        ("tasks.1", "support", "东门街道、无名镇"),
        ("tasks.1", "lead", ""),
        ("plan", "due_day", "32"),
        ("plan", "due_day", ""),
        ("plan", "title", "  "),
        ("plan", "training_forms", "\n"),
        ("plan", "days_off", "下周"),
        ("registers.produce", "tasks", "77"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_reason(
    path: str, code: str, text: str, linhe: Plan
) -> None:
    with pytest.raises(Unreadable) as refusal:
        typed(linhe, path, code, text)
    assert str(refusal.value)


def test_every_field_of_every_record_shows_and_takes_its_own_text(linhe: Plan) -> None:
    paths = ["plan", *(f"units.{u.code}" for u in linhe.units)]
    paths += [f"targets.{t.code}" for t in linhe.targets]
    paths += [f"tasks.{t.no}" for t in linhe.tasks]
    paths += [f"registers.{r.code}" for r in linhe.registers]
    paths += [f"registers.{r.code}.fields.{f.code}" for r in linhe.registers for f in r.fields]
    for path in paths:
        for field in plan_fields.fields_at(linhe, path):
            place = Place(path, linhe)
            assert field.write(place, field.read(place)).plan == linhe, (path, field.code)


def test_changes_name_place_field_before_and_after(linhe: Plan) -> None:
    after = typed(linhe, "targets.patents", "goal", "130")
    after = typed(after, "tasks.1", "lead", "市统计局")
    after = typed(after, "targets.loans", "baseline", "5")
    after = typed(after, "registers.produce.fields.stage", "choices", "种植\n销售")
    after, path = plan_draft.added(after, "units", "C3", "北山镇", "town")
    after = plan_draft.removed(after, "targets.density")
    after = plan_draft.confirmed(after, ["plan.due_day"], "张镕", date(2026, 11, 2))
    told = plan_draft.examined(after, linhe).lines
    assert path == "units.C3"
    assert {(line.path, line.field, line.before, line.after) for line in told} == {
        ("units.C3", "新增", "", "北山镇"),
        ("tasks.1", "主办单位", "市知识产权局", "市统计局"),
        ("tasks.1", "协办单位", "市统计局、河西镇、柳湾镇", "河西镇、柳湾镇"),
        ("targets.patents", "目标值", "120", "130"),
        ("targets.loans", "基期数", "", "5"),
        ("targets.density", "删除", "产业密度", ""),
        ("registers.produce.fields.stage", "选项", "种植；加工", "种植；销售"),
        (
            "plan", "次月几日前报送", "待领导小组办公室确认：原方案未规定",
            "已确认（张镕，2026-11-02）",
        ),
    }  # fmt: skip
    assert plan_draft.examined(linhe, linhe).lines == ()


def test_mistakes_are_found_at_their_field(linhe: Plan) -> None:
    plan = typed(linhe, "targets.patents", "goal", "")
    plan = typed(plan, "registers.produce.fields.stage", "choices", "")
    now = plan_draft.examined(plan, linhe)
    (goal,) = now.findings_at("targets.patents")
    assert (goal.where.field, goal.message) == ("goal", "存量指标须有目标值。")
    (choice,) = now.findings_at("registers.produce.fields.stage")
    assert choice.message == "选择字段须列出选项。"
    assert now.findings_at("registers.produce") == now.findings_at("targets.loans") == ()


def test_a_register_without_fields_cannot_be_published(linhe: Plan) -> None:
    plan = linhe
    for field in linhe.register("produce").fields:
        plan = plan_draft.removed(plan, f"registers.produce.fields.{field.code}")
    (finding,) = plan_draft.examined(plan, linhe).findings_at("registers.produce")
    assert finding.message == "至少要有一个字段。"
    with pytest.raises(PlanFileError):
        plan_toml.loads(plan_toml.dumps(plan))


def test_what_the_draft_calls_sound_the_plans_reader_takes(linhe: Plan, rongchang: Plan) -> None:
    for plan in (linhe, rongchang):
        changed = plan_draft.added(plan, "registers", "extra", "另一本台账")[0]
        changed = plan_draft.added(changed, "targets", "extra", "另一项指标")[0]
        assert plan_draft.examined(changed, plan).findings == ()
        assert plan_toml.loads(plan_toml.dumps(changed)) == _with_registers(changed)


def _with_registers(plan: Plan) -> Plan:
    """Tasks and safeguards name their registers, which follows from the registers."""
    return replace(
        plan,
        tasks=tuple(
            replace(t, registers=tuple(r.code for r in plan.registers if t.no in r.tasks))
            for t in plan.tasks
        ),
    )


def test_a_removed_unit_leaves_the_tasks_it_supports(linhe: Plan) -> None:
    plan = plan_draft.removed(linhe, "units.C2")
    assert plan.task(1).support == ("A2", "C1")
    assert not [a for a in plan.assumed if a.path.startswith("units.C2")]
    assert plan_draft.examined(plan, linhe).findings == ()


def test_a_removed_lead_is_a_mistake_to_be_mended(linhe: Plan) -> None:
    now = plan_draft.examined(plan_draft.removed(linhe, "units.C1"), linhe)
    assert [f.where.field for f in now.findings_at("tasks.2")] == ["lead"]


@pytest.mark.parametrize("code", ["A1", "一", "", "1a"])
def test_a_new_record_needs_a_usable_code(code: str, linhe: Plan) -> None:
    with pytest.raises(UsageError):
        plan_draft.added(linhe, "units", code, "北山镇", "town")


def test_confirming_needs_a_name(linhe: Plan) -> None:
    with pytest.raises(UsageError):
        plan_draft.confirmed(linhe, ["plan.due_day"], " ", date(2026, 11, 2))


def test_a_draft_with_mistakes_is_kept_until_the_next_time(district: District) -> None:
    office = district.office
    plan = typed(office.plan, "targets.patents", "goal", "")
    plan_draft.keep(office, plan)
    again = plan_draft.draft(office)
    assert again.plan == plan
    assert again.findings
    with pytest.raises(PlanFileError):
        plan_draft.publish(office, PASSPHRASE)
    plan_draft.keep(office, office.plan)
    assert plans.draft(office.store) is None
    with pytest.raises(UsageError, match="没有改动"):
        plan_draft.publish(office, PASSPHRASE)


def test_old_and_new_plan_are_understood_side_by_side(district: District, tmp_path: Path) -> None:
    office = district.office
    before = district.report("B1")  # under the plan in force now
    plan = typed(office.plan, "targets.patents", "goal", "150")
    plan = typed(plan, "headcounts.villager", "title", "农户")
    plan_draft.keep(office, plan)
    made = plan_draft.publish(office, PASSPHRASE, out=tmp_path / "任务包.pdf")
    assert (office.plan.version, office.plan.target("patents").goal) == (3, Decimal(150))
    assert plan_draft.draft(office).lines == ()

    unit = district.desk("A1")
    parcel_opening.open_parcel(unit, made.file)
    assert unit.plan_digest == office.plan_digest
    after = district.report("A1", district.training("A1", 30))
    taken = district.take(before, after)
    assert [o.outcome for o in taken.outcomes] == ["accepted", "accepted"]
    now = district_status(office)
    assert {cell.unit for cell in now.reported} == {"A1", "B1"}
    assert next(f for f in now.figures if f.target == "patents").goal == Decimal(150)


def test_days_off_of_the_plan_move_the_due_day_at_office_and_unit(
    district: District, tmp_path: Path
) -> None:
    office, unit = district.office, district.desk("C1")
    before = office.due(MONTH)
    plan_draft.keep(office, typed(office.plan, "plan", "days_off", before.isoformat()))
    assert office.due(MONTH) == before  # a draft changes nothing
    made = plan_draft.publish(office, PASSPHRASE, out=tmp_path / "任务包.pdf")
    parcel_opening.open_parcel(unit, made.file)
    assert office.due(MONTH) == unit.due(MONTH) > before
    unit.set_holiday_overrides({before: True})  # the desk's own correction wins
    assert unit.due(MONTH) == before


def test_a_return_under_a_plan_never_published_is_refused(district: District) -> None:
    unit = district.desk("C1")
    strange = replace(unit.plan, version=9, due_day=9)
    unit.adopt_plan(plan_toml.dumps(strange))
    (outcome,) = district.take(district.report("C1")).outcomes
    assert outcome.outcome == "refused"
    assert [reason.code for reason in outcome.reasons] == ["wrong-plan"]
    assert "没有发布过" in outcome.reasons[0].message


def test_what_received_returns_use_cannot_be_taken_away(district: District) -> None:
    office = district.office
    district.take(district.report("B1", district.training("B1", 5)))
    plan = plan_draft.removed(office.plan, "units.B1")
    plan = replace(plan, headcounts=tuple(h for h in plan.headcounts if h.code != "worker"))
    plan = replace(plan, headcounts=(*plan.headcounts, replace(plan.headcounts[0], code="staff",
                   title="员工", counted=True)))  # fmt: skip
    plan = replace(plan, last_month=Month(2026, 9), targets=tuple(
        replace(t, by=None) for t in plan.targets))  # fmt: skip
    plan_draft.keep(office, plan)
    assert plan_draft.draft(office).findings == ()
    with pytest.raises(UsageError) as refusal:
        plan_draft.publish(office, PASSPHRASE)
    for name in ("东门街道", "职工", "2026年10月"):
        assert name in refusal.value.message
    assert office.plan.version == 2
    assert plan_draft.draft(office).lines


def district_status(office: object) -> district.Status:
    return district.status(office, MONTH)  # type: ignore[arg-type]  # the office's desk


def test_a_new_task_has_a_lead_a_group_and_its_first_month(linhe: Plan) -> None:
    after, path = plan_draft.added_task(linhe, "7", "古镇商标", "C1", "一", MONTH)
    task = after.task(7)
    assert (path, task.lead, task.since) == ("tasks.7", "C1", MONTH)
    assert 7 in after.groups[0].tasks
    assert plan_draft.examined(after, linhe).findings == ()
    assert plan_toml.loads(plan_toml.dumps(after)) == after
    assert ("tasks.7", "新增") in {
        (line.path, line.field) for line in plan_draft.examined(after, linhe).lines
    }


@pytest.mark.parametrize(
    ("no", "title", "lead", "group", "told"),
    [
        ("1", "重复的", "C1", "一", "已经有了"),
        ("0", "古镇商标", "C1", "一", "不能用"),
        ("七", "古镇商标", "C1", "一", "不能用"),
        ("7", " ", "C1", "一", "不能用"),
        ("7", "古镇商标", "Z9", "一", "主办单位"),
        ("7", "古镇商标", "C1", "九", "任务分类"),
    ],
)
def test_a_new_task_that_cannot_be_is_refused(
    no: str, title: str, lead: str, group: str, told: str, linhe: Plan
) -> None:
    with pytest.raises(UsageError, match=told):
        plan_draft.added_task(linhe, no, title, lead, group, MONTH)


def test_a_new_group_wants_tasks_which_move_into_it(linhe: Plan) -> None:
    after, path = plan_draft.added_group(linhe, "（九）", "传播")
    (empty,) = plan_draft.examined(after, linhe).findings_at(path)
    assert "还没有任务" in empty.message
    after = typed(after, "tasks.1", "group", "（九） 传播")
    assert [1 in group.tasks for group in after.groups] == [False] * len(linhe.groups) + [True]
    told = {(line.path, line.field) for line in plan_draft.examined(after, linhe).lines}
    assert (path, "新增") in told
    with pytest.raises(UsageError, match="还有任务 1"):
        plan_draft.require_removable(after, path)
    with pytest.raises(UsageError, match="方案本身"):
        plan_draft.require_removable(after, "plan")
    with pytest.raises(UsageError, match="已经有了"):
        plan_draft.added_group(after, "（九）", "另一类")


def test_a_removed_task_leaves_its_group_and_registers(linhe: Plan) -> None:
    with_new, path = plan_draft.added_task(linhe, "7", "古镇商标", "C1", "一")
    with_new = typed(with_new, "registers.produce", "tasks", "1、7")
    after = plan_draft.removed(with_new, path)
    assert not after.has_task(7)
    assert after.groups == linhe.groups
    assert after.register("produce").tasks == (1,)
    assert plan_draft.examined(after, linhe).findings == ()


def test_a_retired_task_is_asked_for_until_its_last_month(linhe: Plan) -> None:
    after = plan_draft.retired(linhe, "tasks.1", "2026年10月")
    lead = after.task(1).lead
    assert 1 in {task.no for task in after.tasks_of(lead, MONTH)}
    assert 1 not in {task.no for task in after.tasks_of(lead, MONTH.next)}
    assert after.has_task(1)
    assert plan_toml.loads(plan_toml.dumps(after)) == after
    with pytest.raises(UsageError, match="不是月份"):
        plan_draft.retired(linhe, "tasks.1", "下个月")
    later, path = plan_draft.added_task(linhe, "7", "古镇商标", "C1", "一", MONTH.next)
    with pytest.raises(UsageError, match="才开始"):
        plan_draft.retired(later, path, str(MONTH))


def test_nobody_misses_the_progress_of_a_retired_task(district: District) -> None:
    desk = district.desk("A1")
    district.report("A1")
    after = plan_draft.retired(desk.plan, "tasks.1", str(MONTH.previous))
    body = plan_toml.dumps(replace(after, version=desk.plan.version + 1))
    district.office.adopt_plan(body)
    told = {line.task.no for line in task_board.tasks(district.office, MONTH)}
    assert 1 not in told
    before = {line.task.no for line in task_board.tasks(district.office, MONTH.previous)}
    assert 1 in before
    unit = district.desk("A2")
    unit.adopt_plan(body)
    missing = {f.where.field for f in export.check(unit, MONTH) if f.code == "progress-missing"}
    assert "1" not in missing


def test_a_task_that_returns_use_stays_and_is_retired_instead(district: District) -> None:
    office = district.office
    district.take(district.report("A1"))
    no = office.plan.tasks_of("A1")[0].no
    why = plan_usage.why_kept(office.plan, f"tasks.{no}", plan_usage.usage(office))
    assert "不能删除" in why
    plan_draft.keep(office, plan_draft.retired(office.plan, f"tasks.{no}", str(MONTH)))
    plan_draft.publish(office, PASSPHRASE)
    assert office.plan.task(no).until == MONTH
    plan_draft.keep(office, plan_draft.removed(office.plan, f"tasks.{no}"))
    with pytest.raises((UsageError, PlanFileError)):
        plan_draft.publish(office, PASSPHRASE)
