"""Supervision: order, feedback, more time, once more, closing; problems and their answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rongchang_desk.app import parameters, parcels, settle, standing, supervision
from rongchang_desk.app.letters import Written
from rongchang_desk.app.parcel_opening import ParcelRefused, open_feedback, open_parcel
from rongchang_desk.app.supervision import Case, Sort
from rongchang_desk.domain.matter import Light, Stage
from rongchang_desk.domain.merge import DecisionKind
from rongchang_desk.domain.records import Problem
from rongchang_desk.errors import UsageError
from rongchang_desk.signing.identity import Identity
from tests.district import MONTH, PASSPHRASE, District, at

DUE = date(2026, 11, 20)
LATER = date(2026, 12, 4)


@pytest.fixture
def office_key(district: District) -> Identity:
    return district.office.identity(PASSPHRASE)


@pytest.fixture
def own(district: District) -> Identity:
    return district.desk("A1").identity(PASSPHRASE)


def ordered(district: District, key: Identity) -> Written:
    made = parcels.write_supervision(district.office, "A1", "培训进度", "请抓紧。", DUE, key)
    open_parcel(district.desk("A1"), made.file)
    return made


def fed_back(district: District, order: str, own: Identity, text: str = "已办。") -> Written:
    made = parcels.write_feedback(district.desk("A1"), order, text, own)
    open_feedback(district.office, made.file)
    return made


def case(district: District) -> Case:
    (found,) = supervision.cases(district.office)
    return found


def stages(district: District) -> tuple[Stage, Stage]:
    """Where the only matter stands at the office and at the unit."""
    (here,) = standing.matters(district.office)
    (there,) = standing.matters(district.desk("A1"))
    return here.stage, there.stage


def test_an_order_goes_its_way_to_the_end_and_both_desks_see_the_same(
    district: District, office_key: Identity, own: Identity
) -> None:
    unit = district.desk("A1")
    order = ordered(district, office_key).parcel.id
    assert stages(district) == (Stage.FEEDBACK, Stage.FEEDBACK)
    fed_back(district, order, own)
    assert stages(district) == (Stage.REVIEW, Stage.REVIEW)
    assert case(district).light is Light.ANSWERED
    again = supervision.ask_again(district.office, order, "补照片", LATER, office_key)
    assert "继续办理" in open_parcel(unit, again.file).what
    assert stages(district) == (Stage.FEEDBACK, Stage.FEEDBACK)
    assert case(district).light is Light.BEHIND
    assert [m.due for m in standing.open_matters(unit)] == [LATER]
    district.clock.now += timedelta(days=1)
    fed_back(district, order, own, "已补照片。")
    district.clock.now += timedelta(hours=1)
    done = supervision.close(district.office, order, "", office_key)
    assert "已销号" in open_parcel(unit, done.file).what
    assert stages(district) == (Stage.DONE, Stage.DONE)
    found = case(district)
    assert not found.is_open
    assert [event.what for event in found.history] == [
        "下发督办单，11月20日前反馈", "反馈办理情况", "要求续办，12月4日前反馈",
        "反馈办理情况", "销号",
    ]  # fmt: skip
    assert standing.open_matters(unit) == ()


def test_more_time_is_asked_for_and_granted(
    district: District, office_key: Identity, own: Identity
) -> None:
    unit = district.desk("A1")
    order = ordered(district, office_key).parcel.id
    request = supervision.ask_for_time(unit, order, "等场地", LATER, own)
    with pytest.raises(UsageError, match="已经申请过"):
        supervision.ask_for_time(unit, order, "再等", LATER, own)
    assert "延期申请" in open_feedback(district.office, request.file).what
    assert stages(district) == (Stage.EXTENSION, Stage.EXTENSION)
    granted = supervision.answer_request(district.office, order, "", LATER, office_key)
    assert "同意延至2026年12月4日" in open_parcel(unit, granted.file).what
    assert case(district).due == LATER
    assert stages(district) == (Stage.FEEDBACK, Stage.FEEDBACK)
    district.clock.now = at(25)
    assert case(district).light is Light.BEHIND, "past the first day, within the new one"
    district.clock.now = at(8, month=12)
    assert case(district).light is Light.OVERDUE


def test_a_refused_request_leaves_the_day_and_may_be_repeated(
    district: District, office_key: Identity, own: Identity
) -> None:
    unit = district.desk("A1")
    order = ordered(district, office_key).parcel.id
    request = supervision.ask_for_time(unit, order, "等场地", LATER, own)
    open_feedback(district.office, request.file)
    with pytest.raises(UsageError, match="理由"):
        supervision.answer_request(district.office, order, " ", None, office_key)
    refused = supervision.answer_request(district.office, order, "年内必须完成", None, office_key)
    assert "不同意延期" in open_parcel(unit, refused.file).what
    assert case(district).due == DUE
    assert supervision.ask_for_time(unit, order, "再申请", LATER, own).file.is_file()


def test_nothing_is_closed_or_sent_back_before_there_is_feedback(
    district: District, office_key: Identity, own: Identity
) -> None:
    office = district.office
    order = ordered(district, office_key).parcel.id
    with pytest.raises(UsageError, match="还不能销号"):
        supervision.close(office, order, "", office_key)
    with pytest.raises(UsageError, match="没有等待审核"):
        supervision.ask_again(office, order, "补", LATER, office_key)
    with pytest.raises(UsageError, match="没有等待答复"):
        supervision.answer_request(office, order, "", LATER, office_key)
    fed_back(district, order, own)
    with pytest.raises(UsageError, match="已经反馈"):
        supervision.ask_for_time(district.desk("A1"), order, "x", LATER, own)
    for text, day in (("", LATER), ("补", date(2026, 11, 1))):
        with pytest.raises(UsageError):
            supervision.ask_again(office, order, text, day, office_key)
    supervision.close(office, order, "", office_key)
    with pytest.raises(UsageError, match="已经销号"):
        supervision.close(office, order, "", office_key)


def test_a_request_must_be_for_a_later_day_and_from_its_own_unit(
    district: District, office_key: Identity, own: Identity
) -> None:
    order = ordered(district, office_key).parcel.id
    with pytest.raises(UsageError, match="不晚于"):
        supervision.ask_for_time(district.desk("A1"), order, "等", DUE, own)
    with pytest.raises(UsageError, match="没有这份督办单"):
        supervision.ask_for_time(
            district.desk("B1"), order, "等", LATER, district.desk("B1").identity(PASSPHRASE)
        )


def test_lights_turn_blue_near_the_day_and_red_past_it(
    district: District, office_key: Identity
) -> None:
    ordered(district, office_key)
    seen = []
    for day in (14, 15, 20, 21):
        district.clock.now = at(day)
        seen.append(case(district).light)
    assert seen == [Light.OPEN, Light.NEAR, Light.NEAR, Light.OVERDUE]


def test_a_problem_is_answered_by_a_letter_that_leaves_the_return_as_it_is(
    district: District, office_key: Identity
) -> None:
    unit = district.desk("A1")
    problem = Problem(unit.new_id(), date(2026, 10, 20), "缺专职人员", "兼职两人。", "请安排指导。")
    district.take(district.report("A1", problem))
    found = case(district)
    assert (found.sort, found.unit, found.light) == (Sort.PROBLEM, "A1", Light.NEAR)
    with pytest.raises(UsageError, match="答复内容"):
        supervision.answer_problem(district.office, problem.id, " ", office_key)
    with pytest.raises(UsageError, match="没有这件"):
        supervision.answer_problem(district.office, "nothing", "好", office_key)
    made = supervision.answer_problem(district.office, problem.id, "已安排业务骨干。", office_key)
    assert "办公室已答复" in open_parcel(unit, made.file).what
    assert supervision.answers(unit)[problem.id].text.endswith("已安排业务骨干。")
    after = case(district)
    assert (after.light, after.state) == (Light.CLOSED, "已答复")
    assert [event.what for event in after.history] == ["提出", "答复"]
    with pytest.raises(ParcelRefused, match="另一个单位"):
        open_parcel(district.desk("B1"), made.file)
    district.clock.now = at(6)
    assert case(district).light is Light.CLOSED


def test_an_unanswered_problem_turns_red(district: District) -> None:
    unit = district.desk("A1")
    problem = Problem(unit.new_id(), date(2026, 10, 20), "缺专职人员")
    district.take(district.report("A1", problem))
    district.clock.now = at(5)
    assert case(district).light is Light.OVERDUE


def test_the_offices_own_days_move_the_lights(district: District, office_key: Identity) -> None:
    ordered(district, office_key)
    assert case(district).light is Light.OPEN
    parameters.set_parameters(district.office, 18, 15, "会议室 20")
    assert case(district).light is Light.NEAR
    district.take(district.report("B1", district.training("B1", 30, venue="三楼会议室")))
    (doubt,) = settle.unsettled(district.office, MONTH).of(DecisionKind.HEADCOUNT)
    assert "20 人" in doubt.reason


@pytest.mark.parametrize(
    ("near", "days", "venues"),
    [(0, 15, "会议室 150"), (5, 999, "会议室 150"), (5, 15, "会议室"), (5, 15, " ")],
)
def test_parameters_that_make_no_sense_are_refused_and_change_nothing(
    district: District, near: int, days: int, venues: str
) -> None:
    before = parameters.parameters(district.office)
    with pytest.raises(UsageError):
        parameters.set_parameters(district.office, near, days, venues)
    assert parameters.parameters(district.office) == before
