"""Correspondence as people read it: batches, lists, drafts, and whose a refused file may be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rongchang_desk.app import correspondence, parcel_opening, parcels, sending_back, standing
from rongchang_desk.app.running import Running
from rongchang_desk.app.standing import Light
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import Cancelled, UsageError
from tests.district import MONTH, PASSPHRASE, District, at


def test_a_batch_is_put_in_the_order_of_issue_and_refusals_come_last(
    district: District, tmp_path: Path
) -> None:
    office, unit = district.office, district.desk("A1")
    key = office.identity(PASSPHRASE)
    early = parcels.write_reopening(office, "A1", MONTH, "一", key)
    late = parcels.write_bulletin(office, MONTH, "通报", key)
    (tmp_path / "x.pdf").write_text("x")
    seen = correspondence.look_at(unit, [tmp_path / "x.pdf", late.file, early.file], Running())
    assert [one.parcel for one in seen] == [early.parcel, late.parcel, None]
    assert parcel_opening.opened(unit) == ()  # only looked at
    done = correspondence.open_seen(unit, seen, "", Running())
    assert [one.applied is not None for one in done] == [True, True, False]
    assert done[2].refusal is not None
    assert [row.state for row in correspondence.inbox(unit).rows] == [
        "该月数据锁定", "该月重新开放",
    ]  # fmt: skip


def test_a_cancelled_look_hands_nothing_on(district: District) -> None:
    office = district.office
    made = parcels.write_bulletin(office, MONTH, "通报", office.identity(PASSPHRASE))
    running = Running()
    running.cancel()
    with pytest.raises(Cancelled):
        correspondence.look_at(district.desk("A1"), [made.file], running)


@pytest.mark.parametrize(
    ("day", "light"),
    [(14, Light.OPEN), (15, Light.NEAR), (20, Light.NEAR), (21, Light.OVERDUE)],
)
def test_an_order_turns_blue_five_days_before_it_is_due_and_red_after(
    district: District, day: int, light: Light
) -> None:
    office, unit = district.office, district.desk("A1")
    key = office.identity(PASSPHRASE)
    due = date(2026, 11, 20)
    order = parcels.write_supervision(office, "A1", "事项", "要求", due, key)
    parcel_opening.open_parcel(unit, order.file)
    (matter,) = standing.open_matters(unit)
    assert matter.light(date(2026, 11, day)) is light
    parcels.write_feedback(unit, order.parcel.id, "已办", unit.identity(PASSPHRASE))
    (matter,) = standing.matters(unit)
    assert matter.light(date(2026, 11, day)) is Light.ANSWERED
    assert correspondence.inbox(unit).rows[0].state == "列入待办，已反馈"


def test_letters_of_the_office_go_to_their_own_folder_and_are_listed(district: District) -> None:
    office = district.office
    district.take(district.report("A1"))
    assert len(parcels.without_receipt(office, MONTH)) == 1
    key = office.identity(PASSPHRASE)
    made = parcels.write_reopening(office, "B1", MONTH, "漏报", key)
    assert made.file.parent == office.exports / "来往件"
    parcels.write_receipt(office, MONTH, key, parcels.outbox(office))
    assert parcels.without_receipt(office, MONTH) == ()
    seen = correspondence.letters(office, MONTH)
    assert {row.who for row in seen.rows} == {"东门街道", "市知识产权局"}
    assert {row.state for row in seen.rows} == {"已发"}
    assert seen.lock is None
    (row,) = [row for row in seen.rows if row.parcel.id == made.parcel.id]
    assert correspondence.pdf_of(office, row) == made.file.read_bytes()
    with pytest.raises(UsageError):
        correspondence.letters(district.desk("A1"), MONTH)
    with pytest.raises(UsageError):
        correspondence.inbox(office)


def test_a_bulletin_is_drafted_from_who_reported(district: District) -> None:
    first = district.report("A1")
    second = district.report("B1")
    district.take(first)
    district.clock.now = at(20)  # past the due day
    district.take(second)
    text = parcels.bulletin_draft(district.office, MONTH)
    assert text.splitlines() == [
        "2026年10月月报应报单位5个，按时报送1个，逾期报送1个，未报送3个。",
        "逾期报送的单位：东门街道。",
        "未报送的单位：市统计局、河西镇、柳湾镇。",
    ]


@pytest.mark.parametrize(
    ("file", "guessed"),
    [
        ("河西镇_2026-10_月报_第1版.pdf", ("C1", MONTH)),
        ("邮件.zip/C1_2026-10_r1.pdf", ("C1", MONTH)),
        ("扫描件.pdf", ("", None)),
        ("河西镇_1999-10_月报.pdf", ("C1", None)),
        ("外地镇_2026-09.pdf", ("", Month(2026, 9))),
    ],
)
def test_whose_a_refused_file_is_can_only_be_guessed_from_its_name(
    district: District, file: str, guessed: tuple[str, Month | None]
) -> None:
    assert sending_back.guess(district.office, file) == guessed


def test_refused_files_are_offered_before_received_ones(district: District) -> None:
    good = district.report("C1")
    bad = good.with_name("河西镇_2026-10.pdf")
    bad.write_bytes(b"%PDF-1.7 broken")
    district.take(good)
    district.take(bad)
    first, second = sending_back.candidates(district.office)
    assert (first.unit, first.month, first.digest, first.is_sure) == ("C1", MONTH, "", False)
    assert first.entry.reasons
    assert (second.unit, second.month, second.is_sure) == ("C1", MONTH, True)
