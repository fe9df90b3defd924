"""The assessment at a real office: rules with a history, frozen snapshots, appeals, papers."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from rongchang_desk.app import assessment
from rongchang_desk.app.running import Running
from rongchang_desk.domain.assessment import Assessment, ScoreSheet
from rongchang_desk.domain.period import Period
from rongchang_desk.errors import Cancelled, CannotWrite, FoundWrong, UsageError, WrongPassphrase
from rongchang_desk.formats import assessment_json
from rongchang_desk.signing.envelope import open_sealed
from tests.district import PASSPHRASE, PLAN_FILE, District, at
from tests.unit.documents.reading import all_text

RULES = """
[assessment]
[[assessment.rules]]
code = "on_time"
title = "按时报送"
kind = "on_time"
weight = 60
part = 0.5
[[assessment.rules]]
code = "talks"
title = "培训讲座"
kind = "training"
weight = 40
full = 12
"""
PERIOD = Period.parse("2026Q4")


@pytest.fixture
def assessed(district: District) -> District:
    """A1 on time with a training, B1 late; the office's plan has rules."""
    files = [district.report("A1", district.training("A1")), district.report("B1")]
    district.take(files[0])
    district.clock.now = at(20)
    district.take(files[1])
    plan = PLAN_FILE.read_bytes().replace(b"version = 2", b"version = 3") + RULES.encode()
    district.office.adopt_plan(plan)
    return district


def assess(district: District) -> Assessment:
    return assessment.assess(district.office, PERIOD)


def points(value: Assessment, unit: str) -> Decimal:
    sheet = value.sheet(unit)
    assert sheet is not None
    return sheet.points


def change(district: District, weight: int = 50) -> tuple[int, tuple[object, ...]]:
    rules = assessment.rules_in_force(district.office).rules
    first = replace(rules.rules[0], weight=Decimal(weight))
    changed = replace(rules, rules=(first, *rules.rules[1:]))
    return assessment.save_rules(district.office, changed, "李喆", "领导小组会议决定")


def test_a_plan_without_rules_has_no_assessment(district: District) -> None:
    district.take(district.report("A1"))
    with pytest.raises(FoundWrong, match="没有规定考核"):
        assess(district)


def test_the_sheets_of_a_period_judge_the_months_that_are_over(assessed: District) -> None:
    value = assess(assessed)
    assert [str(m) for m in value.months] == ["2026-10"]
    assert points(value, "A1") == 60 + 40
    assert points(value, "B1") == 30
    assert points(value, "C1") == 0
    assert (value.rules_version, len(value.fingerprint)) == (0, 64)


def test_a_period_nothing_came_of_is_told(assessed: District) -> None:
    with pytest.raises(FoundWrong, match="2025年还没有可以考核的月份"):
        assessment.assess(assessed.office, Period.parse("2025"))


def test_a_units_desk_assesses_nobody(assessed: District) -> None:
    with pytest.raises(UsageError):
        assessment.assess(assessed.desk("A1"), PERIOD)


def test_changed_rules_are_a_new_version_with_author_time_and_reason(assessed: District) -> None:
    assert change(assessed) == (1, ())
    assert change(assessed, 45) == (2, ())
    history = assessment.rules_history(assessed.office)
    assert [(v.version, v.author, v.reason) for v in history] == [
        (2, "李喆", "领导小组会议决定"), (1, "李喆", "领导小组会议决定"),
    ]  # fmt: skip
    assert history[0].saved_at == assessed.clock()
    assert assess(assessed).rules_version == 2
    assert points(assess(assessed), "A1") == 45 + 40


def test_wrong_unnamed_or_unchanged_rules_are_not_kept(assessed: District) -> None:
    version, findings = change(assessed, -1)
    assert (version, len(findings)) == (0, 1)
    rules = assessment.rules_in_force(assessed.office).rules
    with pytest.raises(UsageError, match="没有改动"):
        assessment.save_rules(assessed.office, rules, "李喆", "无")
    for author, reason in (("", "会议决定"), ("李喆", " ")):
        with pytest.raises(UsageError, match="请填写"):
            assessment.save_rules(assessed.office, rules, author, reason)
    assert assessment.rules_history(assessed.office) == ()


def test_a_snapshot_never_changes_whatever_comes_later(assessed: District) -> None:
    office = assessed.office
    before = assess(assessed)
    kept = assessment.freeze(office, before, "王堃")
    change(assessed)
    assessed.record("A1", assessed.training("A1", topic="商标培训", day=20))
    assessed.take(assessed.export("A1", amend="漏报一场"))
    now = assess(assessed)
    assert now != before
    assert assessment.frozen(office, kept.digest) == before
    other = assessment.freeze(office, now, "王堃")
    assert {s.digest for s in assessment.snapshots(office)} == {kept.digest, other.digest}
    assert (kept.rules_version, other.rules_version) == (0, 1)
    assert kept.fingerprint != other.fingerprint


def test_the_same_assessment_is_frozen_once(assessed: District) -> None:
    first = assessment.freeze(assessed.office, assess(assessed), "王堃")
    assert assessment.freeze(assessed.office, assess(assessed), "别人") == first
    assert len(assessment.snapshots(assessed.office)) == 1


def test_the_store_refuses_to_change_a_snapshot_and_a_forced_change_is_found(
    assessed: District,
) -> None:
    office = assessed.office
    value = assess(assessed)
    kept = assessment.freeze(office, value, "王堃")
    forged = assessment_json.dumps(replace(value, label="2027年"))
    update = "UPDATE assessment_snapshot SET body = ?"
    with pytest.raises(sqlite3.IntegrityError, match="never changes"):
        office.store.connection.execute(update, (forged,))
    office.store.connection.execute("DROP TRIGGER assessment_snapshot_is_frozen")
    office.store.connection.execute(update, (forged,))
    with pytest.raises(FoundWrong, match="与它的摘要不符"):
        assessment.frozen(office, kept.digest)


def test_an_appeal_names_its_item_and_is_settled_once(assessed: District) -> None:
    office = assessed.office
    kept = assessment.freeze(office, assess(assessed), "王堃")
    appeal = assessment.raise_appeal(
        office, kept.digest, "B1", "on_time", "2026-10", "东门街道 赵六", "当日邮路中断。"
    )
    assert assessment.appeals(office, kept.digest) == (appeal,)
    assessed.clock.now = at(21)
    assessment.answer_appeal(office, appeal.id, upheld=False, answer="无证明材料。", by="李喆")
    (settled,) = assessment.appeals(office, kept.digest)
    assert (settled.outcome, settled.answer, settled.answered_by) == (
        "rejected", "无证明材料。", "李喆",
    )  # fmt: skip
    assert settled.answered_at == at(21)
    with pytest.raises(UsageError, match="已经办结"):
        assessment.answer_appeal(office, appeal.id, upheld=True, answer="改主意。", by="李喆")


@pytest.mark.parametrize("upheld", [True, False])
def test_a_score_that_an_upheld_appeal_altered_has_a_note_on_paper(
    assessed: District, *, upheld: bool
) -> None:
    office = assessed.office
    kept = assessment.freeze(office, assess(assessed), "王堃")
    appeal = assessment.raise_appeal(
        office, kept.digest, "B1", "on_time", "", "东门街道 赵六", "当日邮路中断。"
    )
    assessed.clock.now = at(21)
    assessment.answer_appeal(office, appeal.id, upheld=upheld, answer="情况属实。", by="李喆")
    before = assess(assessed)
    assert "采纳申诉" not in all_text(assessment.pages(office, before))  # no point was altered
    altered = replace(before, sheets=tuple(_with_full_marks(s) for s in before.sheets))
    for unit in ("", "B1"):
        text = all_text(assessment.pages(office, altered, unit))
        assert ("①2026年11月21日采纳申诉，由30.00分改计。" in text) is upheld
        assert ("60.00①" in text) is upheld
    assert "采纳申诉" not in all_text(assessment.pages(office, altered, "A1"))


def _with_full_marks(sheet: ScoreSheet) -> ScoreSheet:
    """B1's sheet with all points for reporting on time; the others as they are."""
    if sheet.unit != "B1":
        return sheet
    scores = tuple(
        replace(score, points=score.weight) if score.rule == "on_time" else score
        for score in sheet.scores
    )
    return replace(sheet, scores=scores)


@pytest.mark.parametrize(
    ("unit", "rule", "item", "by", "text"),
    [
        ("Z9", "on_time", "", "赵六", "不服。"),
        ("B1", "beauty", "", "赵六", "不服。"),
        ("B1", "on_time", "2025-01", "赵六", "不服。"),
        ("B1", "on_time", "2026-10", "", "不服。"),
        ("B1", "on_time", "2026-10", "赵六", " "),
        ("B1", "on_time", "2026-10", "赵六", "长" * 2001),
    ],
)
def test_an_appeal_about_nothing_or_by_nobody_is_refused(
    assessed: District, unit: str, rule: str, item: str, by: str, text: str
) -> None:
    kept = assessment.freeze(assessed.office, assess(assessed), "王堃")
    with pytest.raises(UsageError):
        assessment.raise_appeal(assessed.office, kept.digest, unit, rule, item, by, text)
    assert assessment.appeals(assessed.office, kept.digest) == ()


def test_the_paper_is_signed_and_carries_the_frozen_figures(
    assessed: District, tmp_path: Path
) -> None:
    office = assessed.office
    value = assess(assessed)
    kept = assessment.freeze(office, value, "王堃")
    out = tmp_path / "东门街道.pdf"
    done = assessment.write_paper(office, kept.digest, office.identity(PASSPHRASE), out, unit="B1")
    assert (done.file, done.units) == (out, 1)
    opened = open_sealed(
        out.read_bytes(), office.trust(), at=office.now(), payload_name="assessment.json"
    )
    assert opened.verdict == "valid"
    assert opened.payload is not None
    assert assessment_json.loads(opened.payload) == value


def test_every_unit_gets_a_paper_of_its_own(assessed: District, tmp_path: Path) -> None:
    office = assessed.office
    kept = assessment.freeze(office, assess(assessed), "王堃")
    identity = office.identity(PASSPHRASE)
    made = assessment.write_papers(office, kept.digest, identity, tmp_path / "得分单")
    assert [w.file.name for w in made] == [
        f"2026年第四季度考核得分_{unit.name}.pdf" for unit in office.plan.units
    ]
    assert all(w.file.is_file() for w in made)


def test_a_cancel_between_papers_keeps_the_finished_ones(
    assessed: District, tmp_path: Path
) -> None:
    class Stopping(Running):
        def step(self, done: int, total: int, what: str) -> None:
            if done == 2:
                self.cancel()
            super().step(done, total, what)

    office = assessed.office
    kept = assessment.freeze(office, assess(assessed), "王堃")
    with pytest.raises(Cancelled):
        assessment.write_papers(
            office, kept.digest, office.identity(PASSPHRASE), tmp_path / "out", Stopping()
        )
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_no_paper_appears_for_a_strange_unit_key_or_place(
    assessed: District, tmp_path: Path
) -> None:
    office = assessed.office
    kept = assessment.freeze(office, assess(assessed), "王堃")
    identity = office.identity(PASSPHRASE)
    out = tmp_path / "out.pdf"
    with pytest.raises(UsageError, match="没有单位"):
        assessment.write_paper(office, kept.digest, identity, out, unit="Z9")
    with pytest.raises(UsageError, match="密钥不是办公室"):
        assessment.write_paper(office, kept.digest, assessed.desk("A1").identity(PASSPHRASE), out)
    with pytest.raises(WrongPassphrase):
        office.identity("错误的口令")
    with pytest.raises(FoundWrong):
        assessment.write_paper(office, "0" * 64, identity, out)
    with pytest.raises(CannotWrite):
        assessment.write_paper(office, kept.digest, identity, Path("/proc/out.pdf"))
    assert not out.exists()
