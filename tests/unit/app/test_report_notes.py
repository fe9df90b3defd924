"""Footnotes of reports: what figures leave out, rest on, and what changed since the last issue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rongchang_desk.app import basis as bases
from rongchang_desk.app import issued_papers, report, report_notes, twins
from rongchang_desk.app import report_grids as grids
from rongchang_desk.app.report import PaperKind, Wish
from rongchang_desk.documents.paper import Grid, Paper, Text
from rongchang_desk.domain.measures import FigureState
from rongchang_desk.domain.plan import Assumption
from tests.district import District
from tests.unit.app.test_report import OCTOBER, amend_training, issue, reported
from tests.unit.documents.reading import all_text

__all__ = ["reported"]


def paper_of(district: District, wish: Wish = OCTOBER) -> Paper:
    basis = bases.gather(district.office, wish.period)
    return report.compose(district.office, wish, basis)


def notes_of(paper: Paper) -> dict[str, list[str]]:
    """Each note with what it belongs to: a cell's text, or words."""
    found: dict[str, list[str]] = {}
    for block in paper.blocks:
        if isinstance(block, Text):
            for words, note in block.notes:
                found.setdefault(note, []).append(words)
        if isinstance(block, Grid):
            for note in block.notes:
                value = block.rows[note.row][note.column]
                found.setdefault(note.text, []).append(getattr(value, "text", value))
    return found


def test_sums_say_how_many_units_they_leave_out(reported: District) -> None:
    missing = len(reported.office.plan.units) - 2
    found = notes_of(paper_of(reported))
    marked = found[f"不含尚未报送月报的{missing}个单位。"]
    assert "合计" in marked
    assert any(words.startswith("重点任务") for words in marked)


def test_a_full_month_leaves_out_nobody(reported: District) -> None:
    basis = bases.gather(reported.office, OCTOBER.period)
    assert report_notes.unreported(basis)
    there = {month: tuple(c for c in cells if c.unit in ("A1", "B1"))
             for month, cells in basis.cells.items()}  # fmt: skip
    assert report_notes.unreported(replace(basis, cells=there)) == ""


def test_units_own_sums_name_what_the_district_counts_once(reported: District) -> None:
    basis = bases.gather(reported.office, OCTOBER.period)
    sessions, events = report_notes.joint_in_months(basis, 3, 0)
    assert sessions == "各单位分别计数，其中联合举办的2场在全区去重，全区为1场。"
    assert events == ""
    assert report_notes.joint_in_year(basis) == "联合举办的活动只计一次。"


def test_what_a_target_rests_on_is_noted_and_the_column_of_remarks_is_gone(
    reported: District,
) -> None:
    basis = bases.gather(reported.office, OCTOBER.period)
    first = basis.figures[0]
    marks = (Assumption(f"targets.{first.target}.goal", "按全区合计计"),
             Assumption(f"targets.{first.target}.owner", "暂由该局填报"))  # fmt: skip
    plan = replace(basis.plan, assumed=marks)
    figure = replace(first, state=FigureState.NO_BASELINE, value=None, note="缺基期数")
    assumed = replace(basis, plan=plan)
    assumed.__dict__["figures"] = (figure,)
    grid = grids.targets(assumed)
    assert [column.title for column in grid.columns][-1] == "状态"
    assert {(grid.columns[n.column].title, n.text) for n in grid.notes} == {
        ("目标", "按全区合计计，待领导小组办公室确认。"), ("状态", "缺基期数。"),
    }  # fmt: skip
    confirmed = replace(basis, plan=replace(plan, assumed=()))
    confirmed.__dict__["figures"] = (replace(figure, note=""),)
    assert grids.targets(confirmed).notes == ()


def test_a_figure_that_an_amendment_changed_says_what_was_issued(reported: District) -> None:
    issue(reported)
    assert not any("印发" in note for note in notes_of(paper_of(reported)))
    reported.clock.now += timedelta(days=1)
    reported.take(amend_training(reported, 45))
    found = notes_of(paper_of(reported))
    (note,) = [note for note in found if "印发" in note]
    assert "变动" in note
    assert any("45" in words for words in found[note])
    bulletin = paper_of(reported, replace(OCTOBER, kind=PaperKind.BULLETIN))
    assert not any("印发" in note for note in notes_of(bulletin))


def test_few_changes_are_noted_with_the_old_number_each(
    reported: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(reported)
    reported.clock.now += timedelta(days=1)
    reported.take(amend_training(reported, 45))
    monkeypatch.setattr("rongchang_desk.app.earlier_issue._EACH", 100)
    found = notes_of(paper_of(reported))
    (words,) = [words for note, words in found.items() if note.endswith("原为30人次。")]
    assert all(text.endswith("45人次") for text in words)


def test_a_late_return_alone_changes_numbers_without_a_note(reported: District) -> None:
    issue(reported)
    reported.clock.now += timedelta(days=1)
    reported.record("A2", reported.training("A2", 7))
    reported.take(reported.export("A2"))
    assert not any("印发" in note for note in notes_of(paper_of(reported)))


def test_the_paper_made_anew_and_its_twin_have_the_notes_it_was_issued_with(
    reported: District, tmp_path: Path
) -> None:
    issue(reported)
    reported.clock.now += timedelta(days=1)
    reported.take(amend_training(reported, 45))
    made = issue(reported)
    newest, oldest = report.issued(reported.office)
    text = all_text(made.file.read_bytes())
    assert "印发后因月报更正等有变动。" in text
    for row, has in ((newest, True), (oldest, False)):
        paper, _ = issued_papers.paper_as_issued(reported.office, row)
        assert any("印发" in note for note in notes_of(paper)) is has
    out = twins.write_issued(reported.office, newest, tmp_path / "twin.docx")
    assert out.stat().st_size > 10_000
