from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.domain.finding import Finding
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Confirmation, FieldType, Plan, TargetKind, UnitKind
from rongchang_desk.errors import PlanFileError
from rongchang_desk.formats import plan_toml
from tests.strategies import any_texts


def findings_of(data: bytes) -> list[Finding]:
    with pytest.raises(PlanFileError) as refusal:
        plan_toml.loads(data)
    return [finding for finding in refusal.value.findings if isinstance(finding, Finding)]


def test_a_plan_reads_back_as_it_was_written(rongchang: Plan, linhe: Plan) -> None:
    for plan in (rongchang, linhe):
        assert plan_toml.loads(plan_toml.dumps(plan)) == plan


written = any_texts.filter(str.strip)


@given(
    title=written,
    text=written,
    note=any_texts,
    goal=st.decimals(-(10**6), 10**6, places=4),
    due_day=st.integers(1, 31),
    counted=st.booleans(),
)
def test_any_text_and_figure_of_a_plan_survives_the_file(
    title: str, text: str, note: str, goal: Decimal, due_day: int, counted: bool, linhe: Plan
) -> None:
    task, target, villager = linhe.tasks[0], linhe.targets[0], linhe.headcounts[1]
    plan = replace(
        linhe,
        title=title,
        due_day=due_day,
        headcounts=(linhe.headcounts[0], replace(villager, counted=counted)),
        tasks=(replace(task, text=text), *linhe.tasks[1:]),
        targets=(replace(target, note=note, goal=goal), *linhe.targets[1:]),
    )
    assert plan_toml.loads(plan_toml.dumps(plan)) == plan


@given(by=written, note=written, on=st.dates(), days=st.sets(st.dates(), max_size=6))
def test_confirmations_and_days_survive_the_file(
    by: str, note: str, on: date, days: set[date], linhe: Plan
) -> None:
    ordered = sorted(days)
    plan = replace(
        linhe,
        confirmed=(
            Confirmation("plan.title", note, by, on),
            Confirmation("targets.patents.goal", note, by, on),
        ),
        days_off=tuple(ordered[::2]),
        workdays=tuple(ordered[1::2]),
    )
    assert plan_toml.loads(plan_toml.dumps(plan)) == plan


def test_a_plan_without_later_fields_keeps_the_digest_it_always_had(linhe: Plan) -> None:
    was = "258537cd719f0e6e756dac9f4bd74e53d76f585b09c368c5ed8ae364e7fb702e"
    assert plan_toml.digest_of(linhe) == was
    confirmed = replace(linhe, confirmed=(Confirmation("plan.title", "a", "b", date(2026, 1, 1)),))
    assert plan_toml.digest_of(confirmed) != was


def test_the_digest_leaves_comments_spaces_and_line_ends_aside(linhe_bytes: bytes) -> None:
    digest = plan_toml.digest(linhe_bytes)
    assert plan_toml.digest(b"\xef\xbb\xbf# more\n" + linhe_bytes.replace(b"\n", b"\r\n")) == digest
    assert plan_toml.digest(plan_toml.dumps(plan_toml.loads(linhe_bytes))) == digest
    assert plan_toml.digest(linhe_bytes.replace(b"goal = 120", b"goal = 120.0")) == digest


def test_the_digest_does_not_change_once_the_plan_has_been_used(linhe_bytes: bytes) -> None:
    plan = plan_toml.loads(linhe_bytes)
    assert plan.has_unit("A1")
    assert plan_toml.digest_of(plan) == plan_toml.digest(linhe_bytes)


@pytest.mark.parametrize(
    ("old", "new"), [("goal = 120", "goal = 121"), ("河西梨", "河西桃"), ("原方案未", "方案未")]
)
def test_the_digest_changes_with_any_content(old: str, new: str, linhe_bytes: bytes) -> None:
    changed = linhe_bytes.decode().replace(old, new).encode()
    assert plan_toml.digest(changed) != plan_toml.digest(linhe_bytes)


def test_selectors_stand_for_all_units_of_a_kind_but_the_lead(linhe: Plan) -> None:
    assert linhe.task(1).support == ("A2", "C1", "C2")
    assert linhe.task(3).support == ("A2", "B1", "C1", "C2")


def test_tasks_and_safeguards_know_their_registers(linhe: Plan) -> None:
    assert linhe.task(2).registers == ("produce",)
    assert linhe.task(1).registers == linhe.safeguards[0].registers == ("visits_paid",)


def test_assumptions_keep_their_place_and_note(linhe: Plan) -> None:
    assert [(a.path, a.note) for a in linhe.assumed] == [
        ("plan.due_day", "原方案未规定"),
        ("units.C2.name", "拟撤镇设街道"),
    ]


def test_a_decimal_goal_stays_exact(linhe: Plan) -> None:
    assert linhe.target("certified").goal == Decimal("62.5")
    assert linhe.target("per_head").baseline == Decimal("2.4")


def test_a_syntax_error_names_line_and_column(linhe_bytes: bytes) -> None:
    line = linhe_bytes[: linhe_bytes.index(b"version = 2")].count(b"\n") + 1
    (finding,) = findings_of(linhe_bytes.replace(b"version = 2", b"version = = 2"))
    assert f"第 {line} 行" in finding.message


def test_a_file_in_another_encoding_names_the_line(linhe_bytes: bytes) -> None:
    (finding,) = findings_of(linhe_bytes.decode().encode("gbk"))
    assert "第 1 行" not in finding.message
    assert "UTF-8" in finding.message


def test_a_wrong_value_names_the_line_of_its_table(linhe_bytes: bytes) -> None:
    text = linhe_bytes.decode()
    line = text[: text.index('code = "B1"')].count("\n")
    (finding,) = findings_of(text.replace('kind = "subdistrict"', 'kind = "street"').encode())
    assert f"第 {line} 行起，units.B1.kind" in finding.message
    assert finding.where.record == "B1"


def test_all_mistakes_of_a_file_are_told_at_once(linhe_bytes: bytes) -> None:
    text = linhe_bytes.decode()
    for old, new in (
        ("due_day = 10", "due_day = 40"),
        ('lead = "C1"', 'lead = "Z9"'),
        ('feeds = "loans"', 'feeds = "lawns"'),
        ('of_target = "patents"', 'of_target = "patience"'),
    ):
        assert old in text
        text = text.replace(old, new)
    wheres = [str(finding.where) for finding in findings_of(text.encode())]
    assert wheres == [
        "plan/due_day", "tasks/2/lead", "targets/per_head/of_target", "registers/produce/feeds",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("format = 1", "", "format"),
        ("format = 1", "format = 2", "format"),
        ('title = "临河市知识产权试点工作方案"', "", "plan/title"),
        ('code = "linhe-2025"', 'code = "临河"', "plan/code"),
        ("issued_on = 2025-01-15", 'issued_on = "去年"', "plan/issued_on"),
        ('last_month = "2027-06"', 'last_month = "2027-6"', "plan/last_month"),
        ('first_month = "2025-01"', 'first_month = "2028-01"', "plan/last_month"),
        ('office_unit = "A1"', 'office_unit = "Q1"', "plan/office_unit"),
        ('["临河海关"]', '["市统计局"]', "plan/external_bodies"),
        ('training_forms = ["面授", "网络"]', "training_forms = []", "plan/training_forms"),
        ('["集市", "讲解"]', '["集市", "集市"]', "plan/publicity_kinds"),
        ("assumed = { due_day =", "assumed = { dew_day =", "plan/assumed.dew_day"),
        ("due_day = 10", "due_day = 10\ndays_off = [7]", "plan/days_off"),
        (
            "due_day = 10",
            "due_day = 10\ndays_off = [2026-10-09]\nworkdays = [2026-10-09]",
            "plan/workdays",
        ),
        (
            "assumed = {",
            'confirmed = { due_day = { by = "张" } }\nassumed = {',
            "plan/confirmed.due_day",
        ),
        (
            "assumed = {",
            'confirmed = { due_day = { by = "张", on = 2026-10-09, note = "" } }\nassumed = {',
            "plan/confirmed.due_day",
        ),
        ('code = "A2"', 'code = "A1"', "units/code"),
        ('name = "河西镇"', 'name = "柳湾镇"', "units/name"),
        ("counted = true", 'counted = "yes"', "headcounts/worker/counted"),
        ("counted = true", "counted = false", "targets/visits/counts"),
        ("tasks = [1, 2]", "tasks = [1, 2, 3]", "tasks/3"),
        ("tasks = [1, 2]", "tasks = [1]", "tasks/2"),
        ("tasks = [1, 2]", "tasks = [1, 2, 9]", "groups/一/tasks"),
        ("no = 2\ntitle", "no = 1\ntitle", "tasks/no"),
        ('"@town"', '"@village"', "tasks/1/support"),
        ('"@town"', '"T77"', "tasks/1/support"),
        ('"@town"', '"A1"', "tasks/1/support"),
        ('kind = "stock"', 'kind = "stocks"', "targets/patents/kind"),
        ("goal = 120\n", "", "targets/patents/goal"),
        ("goal = 120\n", "goal = nan\n", "targets/patents/goal"),
        ('by = "2027-06"', 'by = "2027-07"', "targets/patents/by"),
        ('owner = "A1"\ngoal', "goal", "targets/patents/owner"),
        ('code = "loans"', 'code = "patents"', "targets/code"),
        ('code = "cases"', 'code = "amount"', "targets/loans/parts.code"),
        ('number = "money"', 'number = "cash"', "targets/loans/parts.amount.number"),
        ('items = [{ code = "small", title = "小微企业" }]', "", "targets/certified/items"),
        ('per = "year"', 'per = "month"', "targets/per_head/per"),
        ("baseline = 2.4\n", "", "targets/per_head/baseline"),
        ("population = 31.25", "population = 0", "targets/per_head/population"),
        ('counts = "publicity"', "", "targets/campaigns/counts"),
        ("tasks = [2]\nfeeds", "tasks = [7]\nfeeds", "registers/produce/tasks"),
        ('safeguards = ["一"]', 'safeguards = ["四"]', "registers/visits_paid/safeguards"),
        ('title = "特产台账"', 'title = "特产/台账"', "registers/produce/title"),
        ('title = "特产台账"', 'title = "督查台账"', "registers/title"),
        ('title = "特产台账"', 'title = "培训讲座"', "registers/produce/title"),
        ('title = "面积"', 'title = "登记日期"', "registers/produce/fields.area"),
        ('choices = ["种植", "加工"], ', "", "registers/produce/fields.stage"),
        ('["本市", "外省", "国外"]', '["本市；外省"]', "registers/produce/fields.markets"),
        ('type = "date"', 'type = "data"', "registers/produce/fields.since.type"),
        ('type = "date"', 'type = "date", choices = ["一"]', "registers/produce/fields.since"),
        ('code = "area"', 'code = "sales"', "registers/produce/fields.code"),
        ('note = "一户一行"', 'notes = "一户一行"', "registers/produce/notes"),
        ('unit = "亩"', 'units = "亩"', "registers/produce/fields.area.units"),
        ("[[headcounts]]", "[[heads]]", "heads"),
    ],
)
def test_a_mistake_is_found_where_it_is(old: str, new: str, where: str, linhe_bytes: bytes) -> None:
    text = linhe_bytes.decode()
    assert old in text
    found = findings_of(text.replace(old, new, 1).encode())
    assert where in [str(finding.where) for finding in found]
    assert all(finding.message for finding in found)


def test_a_newer_format_asks_for_an_update(linhe_bytes: bytes) -> None:
    (finding,) = findings_of(linhe_bytes.replace(b"format = 1", b"format = 2"))
    assert "更新" in finding.message


@given(st.binary())
def test_arbitrary_bytes_are_refused_and_never_crash(data: bytes) -> None:
    assert findings_of(data)


@given(data=st.data())
def test_a_plan_file_with_a_line_lost_or_doubled_never_crashes(
    data: st.DataObject, linhe_bytes: bytes
) -> None:
    lines = linhe_bytes.split(b"\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    lines[place : place + 1] = [lines[place]] * data.draw(st.sampled_from((0, 2)))
    with suppress(PlanFileError):
        plan_toml.loads(b"\n".join(lines))


def test_the_shipped_plan_has_what_the_published_plan_has(rongchang: Plan) -> None:
    kinds = Counter(unit.kind for unit in rongchang.units)
    assert kinds == {UnitKind.DEPARTMENT: 18, UnitKind.SUBDISTRICT: 6, UnitKind.TOWN: 15}
    assert [task.no for task in rongchang.tasks] == list(range(1, 20))
    assert [len(group.tasks) for group in rongchang.groups] == [4, 3, 4, 3, 2, 3]
    assert len(rongchang.safeguards) == 3
    assert len(rongchang.targets) == 13
    assert rongchang.first_month == Month(2024, 1)
    assert rongchang.last_month == Month(2026, 12)


def test_the_shipped_plan_has_the_published_figures(rongchang: Plan) -> None:
    goals = {t.code: (t.kind, t.goal) for t in rongchang.targets if t.goal is not None}
    assert goals == {
        "invention_patents": (TargetKind.STOCK, 900),
        "high_value_invention_patents": (TargetKind.STOCK, 450),
        "invention_patents_per_10k": (TargetKind.GROWTH, 10),
        "registered_trademarks": (TargetKind.STOCK, 19000),
        "demonstration_enterprises": (TargetKind.STOCK, 20),
        "patent_product_output": (TargetKind.GROWTH, 50),
        "publicity_campaigns": (TargetKind.YEARLY, 2),
        "training_person_visits": (TargetKind.YEARLY, 1000),
        "compliance_standard_coverage": (TargetKind.RATIO, 100),
    }


def test_only_staff_of_enterprises_and_institutions_count(rongchang: Plan) -> None:
    assert [h.title for h in rongchang.headcounts if h.counted] == ["企业职工", "事业单位职工"]


def test_the_two_unnamed_industries_are_not_invented(rongchang: Plan) -> None:
    assert len(rongchang.target("industry_ip_density").items) == 5


def test_every_owner_and_lead_of_the_shipped_plan_is_marked_as_assumed(rongchang: Plan) -> None:
    marked = {assumption.path for assumption in rongchang.assumed}
    assert {f"tasks.{task.no}.lead" for task in rongchang.tasks} <= marked
    assert {f"targets.{t.code}.owner" for t in rongchang.targets if t.owner} <= marked
    assert "plan.due_day" in marked


def test_every_task_and_safeguard_is_evidenced(rongchang: Plan) -> None:
    assert all(task.registers for task in rongchang.tasks)
    assert all(safeguard.registers for safeguard in rongchang.safeguards)


def test_the_judicial_register_holds_counts_only(rongchang: Plan) -> None:
    register = rongchang.register("judicial_statistics")
    assert {field.type for field in register.fields} == {FieldType.NUMBER}
    assert "不报案情" in register.note


def test_units_are_found_by_pinyin_initials(rongchang: Plan) -> None:
    assert rongchang.unit("D17").initials == "qscjgj"
    assert all(unit.initials.isalpha() and unit.initials.islower() for unit in rongchang.units)


RULE = """
[[crosschecks]]
code = "loans"
kind = "{kind}"
target = "loans"
parts = ["cases"]
{more}
"""


@pytest.mark.parametrize(
    ("kind", "more", "problem"),
    [
        ("within", 'whole = "amount"', ""),
        ("within", "", "whole：须写明其中项"),
        ("within", 'whole = "sum"', "分项“sum”不存在"),
        ("register", 'register = "nowhere"', "台账“nowhere”不存在"),
        ("swing", "percent = 20", ""),
        ("swing", "", "须写明变动超过百分之几"),
        ("swing", "percent = 0", "应为 1 到 10000"),
        ("rising", "", ""),
        ("rising", "percent = 5", "只有 swing 规则可用"),
        ("falling", "", "kind"),
    ],
)
def test_rules_about_figures_are_read_and_mistakes_in_them_told(
    kind: str, more: str, problem: str, linhe_bytes: bytes
) -> None:
    body = linhe_bytes.decode() + RULE.format(kind=kind, more=more)
    if not problem:
        (rule,) = plan_toml.loads(body.encode()).crosschecks
        assert rule.kind.value == kind
        return
    with pytest.raises(PlanFileError) as told:
        plan_toml.loads(body.encode())
    assert problem in str(told.value)


def test_a_plan_without_rules_about_figures_keeps_its_digest(linhe: Plan) -> None:
    assert linhe.crosschecks == ()
    assert "crosschecks" not in plan_toml.dumps(linhe).decode()


def test_the_months_of_units_survive_the_file_and_change_its_digest(linhe: Plan) -> None:
    joined = replace(linhe.units[-1], since=Month(2026, 5), until=Month(2026, 12))
    plan = replace(linhe, units=(*linhe.units[:-1], joined))
    body = plan_toml.dumps(plan)
    assert plan_toml.loads(body) == plan
    assert plan_toml.digest(body) != plan_toml.digest_of(linhe)


def test_a_unit_that_ends_before_it_begins_is_a_mistake(linhe: Plan) -> None:
    wrong = replace(linhe.units[-1], since=Month(2026, 5), until=Month(2026, 4))
    found = findings_of(plan_toml.dumps(replace(linhe, units=(*linhe.units[:-1], wrong))))
    assert [f.code for f in found] == ["plan-months"]
    assert "units.C2.until" in found[0].message
