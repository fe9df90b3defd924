"""The board's own arithmetic: gaps, texts for the clipboard, tasks by light."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from rongchang_desk.app import board, evidence, evidence_sending, task_board, tracing
from rongchang_desk.domain.measures import Figure, FigureState
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import NamedValue, Reading, Status, Value
from rongchang_desk.domain.task_light import TaskLight
from tests.district import MONTH, PASSPHRASE, District

D = Decimal


def test_a_gap_is_against_the_path_else_the_goal_and_never_of_nothing() -> None:
    figure = Figure("x", FigureState.BEHIND, D(90), goal=D(120), expected=D("92.5"))
    assert board.gap(figure) == D("-2.5")
    assert board.gap(replace(figure, expected=None)) == -30
    assert board.gap(replace(figure, value=None)) is None
    assert board.gap(replace(figure, goal=None, expected=None)) is None
    no_baseline = Figure("x", FigureState.NO_BASELINE, goal=D(10), level=D(5))
    assert (board.gap_text(no_baseline), board.gap_text(figure)) == ("—", "-2.5")
    assert board.gap_text(replace(figure, value=D("92.5"))) == "0"


def test_a_step_needs_two_months() -> None:
    figure = Figure("x", FigureState.ON_TRACK, trend=((MONTH, D(5)),))
    assert board.step(figure) is None
    two = replace(figure, trend=((MONTH.previous, D(7)), (MONTH, D(5))))
    assert board.step(two) == -2


def test_what_nobody_reported_is_said_so_in_the_table_not_zero(district: District) -> None:
    status = board.board(district.office, MONTH).status
    rows = {row[0]: row for row in board.table_rows(district.office.plan, status)}
    assert rows["有效专利"][2] == "未报"
    assert rows["有效专利"][7] == "未报"


def test_tasks_count_every_unit_once_and_name_its_latest_return(district: District) -> None:
    district.record("A1", replace(district.progress("A1"), month=Month(2026, 9)),
                    month=Month(2026, 9))  # fmt: skip
    district.take(district.export("A1", month=Month(2026, 9)))
    (first, *_) = task_board.tasks(district.office, MONTH)
    assert first.lead == "市知识产权局"
    assert sum(first.counts.values()) == len(first.units) == 4
    lead = first.units[0]
    assert lead.progress is not None
    assert (lead.is_lead, lead.progress.month, len(lead.digest)) == (True, Month(2026, 9), 64)
    assert first.counts[TaskLight.SILENT] == 3
    earlier = task_board.tasks(district.office, Month(2026, 8))
    assert earlier[0].light is TaskLight.SILENT


def test_a_record_is_traced_to_its_original_and_the_words_on_its_page(district: District) -> None:
    progress = replace(district.progress("A1"), status=Status.BEHIND, done="走访企业三十家。")
    reading = Reading(
        district.desk("A1").new_id(), "patents", date(2026, 10, 30),
        (NamedValue("value", Value.of(96)),),
    )  # fmt: skip
    file = district.report("A1", progress, reading, district.training("A1"))
    (taken,) = district.take(file).outcomes
    traced = tracing.trace(district.office, taken.digest, progress.id)
    assert traced.data == file.read_bytes()
    assert traced.name == "市知识产权局_2026-10_月报_第1版.pdf"
    assert traced.words[0] == "走访企业三十家。"
    assert tracing.trace(district.office, taken.digest, reading.id).words == ("有效专利",)
    assert tracing.trace(district.office, taken.digest).words == ()


def test_a_record_is_traced_with_its_evidence_and_what_of_it_came(district: District) -> None:
    desk = district.desk("A1")
    photo = district.folder / "照片.jpg"
    photo.write_bytes(b"a photo")
    with_photo = replace(district.training("A1"), evidence=(evidence.add(desk, photo),))
    progress = district.progress("A1")
    (taken,) = district.take(district.report("A1", progress, with_photo)).outcomes

    def listed(record: str = "") -> list[tuple[str, bool]]:
        found = tracing.trace(district.office, taken.digest, record).evidence
        return [(one.evidence.name, one.is_here) for one in found]

    assert listed(with_photo.id) == listed() == [("照片.jpg", False)]
    assert listed(progress.id) == listed("no-such-record") == []
    sent = evidence_sending.send(desk, MONTH, desk.identity(PASSPHRASE))
    district.take(sent.parcels[0].file)
    assert listed(with_photo.id) == [("照片.jpg", True)]
