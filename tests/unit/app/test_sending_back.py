"""Slips for what was refused or found wrong: whose a file is must be beyond doubt."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from rongchang_desk.app import intake, parcels, sending_back, settle, standing
from rongchang_desk.domain.merge import DecisionKind
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.store import parcels as stored
from tests.district import MONTH, PASSPHRASE, District


def altered(file: Path) -> Path:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    return file


def test_a_refused_file_names_its_unit_when_its_certificate_vouches_for_it(
    district: District,
) -> None:
    files = [district.report("A1"), altered(district.report("B1"))]
    standing.lock_month(district.office, MONTH)
    taken = district.take(*files)
    assert [(o.outcome, o.unit, o.month) for o in taken.outcomes] == [
        ("refused", "A1", "2026-10"),
        ("refused", "", ""),
    ]
    rows = intake.log(district.office)
    assert [(row.unit, row.month) for row in rows] == [("", None), ("市知识产权局", MONTH)]


def test_one_slip_a_unit_is_written_and_strangers_files_are_left_to_a_person(
    district: District,
) -> None:
    office = district.office
    good, bad = district.report("A1"), altered(district.report("B1"))
    standing.lock_month(office, MONTH)
    again = good.with_name("又一份.pdf")
    again.write_bytes(good.read_bytes())
    district.take(good, again, bad)
    slips = sending_back.wanted(office, intake.log(office))
    assert [(slip.unit, slip.month) for slip in slips.wanted] == [("A1", MONTH)]
    assert "补报许可" in slips.wanted[0].reasons[0]
    assert [entry.file for entry in slips.unknown] == [bad.name]
    with pytest.raises(WrongPassphrase):
        sending_back.write_wanted(office, slips.wanted, "不对的口令 wrong")
    assert stored.issued(office.store) == ()
    (made,) = sending_back.write_wanted(office, slips.wanted, PASSPHRASE)
    assert made.file.is_file()
    assert made.parcel.addressee == "A1"
    assert sending_back.wanted(office, intake.log(office)).wanted == (), "it has its slip"


def test_what_a_good_return_followed_needs_no_slip(district: District) -> None:
    office = district.office
    file = district.report("A1")
    standing.lock_month(office, MONTH)
    district.take(file)
    standing.unlock_month(office, MONTH)
    district.clock.now += timedelta(hours=1)
    district.take(file)
    assert sending_back.wanted(office, intake.log(office)).wanted == ()


def test_a_headcount_found_wrong_is_sent_back_by_the_returns_own_digest(
    district: District,
) -> None:
    office = district.office
    training = district.training("A1", 900, venue="三楼会议室")
    taken = district.take(district.report("A1", training))
    (case,) = settle.unsettled(office, MONTH).of(DecisionKind.HEADCOUNT)
    settle.decide(office, case, same=False, reason="多写一个 0", by="赵一")
    (slip,) = sending_back.wanted(office, ()).wanted
    assert slip.digest == taken.outcomes[0].digest
    assert "多写一个 0" in slip.reasons[0]
    (made,) = sending_back.write_wanted(office, (slip,), PASSPHRASE)
    assert made.parcel.revision == 1
    assert sending_back.wanted(office, ()).wanted == ()


def test_an_amendment_that_waited_is_told_as_received_once_its_predecessor_comes(
    district: District,
) -> None:
    first = district.report("A1")
    district.record("A1", district.training("A1", 12))
    second = district.export("A1", amend="漏报一场")
    waiting = district.take(second)
    assert waiting.outcomes[0].outcome == "held"
    assert intake.log(district.office)[0].outcome == "held"
    district.clock.now += timedelta(hours=1)
    taken = district.take(first)
    (entry,) = intake.batch(district.office, taken)
    assert entry.reasons == ("先前待处理的第 2 版已与它自动衔接。",)
    newest, held = intake.log(district.office)
    assert (newest.outcome, held.outcome) == ("accepted", "accepted")
    assert "已自动衔接" in held.reasons[0]


def test_a_slip_for_the_office_needs_its_own_key(district: District) -> None:
    foreign = district.desk("A1").identity(PASSPHRASE)
    with pytest.raises(Exception, match="密钥"):
        parcels.write_returned(district.office, "A1", ("理由",), foreign, month=MONTH)
