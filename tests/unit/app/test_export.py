"""From records to a signed return: revisions, re-export, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rongchang_desk.app import export, record
from rongchang_desk.app.clock import SetClock
from rongchang_desk.app.export import AmendmentWish, ReturnBlocked
from rongchang_desk.app.inspect import inspect_file
from rongchang_desk.domain.monthly_return import AmendmentKind
from rongchang_desk.domain.records import Value
from rongchang_desk.errors import UsageError
from rongchang_desk.store import returns
from tests.district import MONTH, PASSPHRASE, District


def test_a_re_export_of_an_unchanged_month_is_the_same_file(district: District) -> None:
    first = district.report("A1").read_bytes()
    district.clock.now = district.clock.now.replace(day=9)
    assert district.export("A1").read_bytes() == first
    assert len(returns.issued(district.desk("A1").store, MONTH)) == 1


def test_the_payload_says_what_the_records_say(district: District) -> None:
    file = district.report("A1", district.training("A1", 37))
    seen = inspect_file(file, district.folder / "root.pem", clock=SetClock(district.clock()))
    assert seen.verdict == "valid"
    assert seen.signer == ("A1", "市知识产权局")
    assert seen.payload is not None
    assert seen.payload["totals"]["counted_visits"] == 37
    assert seen.payload["signatories"]["preparer"] == "张镕"


def test_an_amendment_names_its_predecessor_kind_and_reason(district: District) -> None:
    district.report("A1", district.training("A1", 30))
    first = returns.issued(district.desk("A1").store, MONTH)[0]
    told = record.of_month(district.desk("A1"), MONTH).trainings[0]
    district.record("A1", replace(told, note="地点更正"))
    district.export("A1", amend="地点写错")
    second = returns.issued(district.desk("A1").store, MONTH)[1].monthly_return
    assert second.revision == 2
    assert second.amends is not None
    assert (second.amends.predecessor, second.amends.reason) == (first.digest, "地点写错")


def test_an_amendment_prints_what_it_changes(district: District) -> None:
    import pypdfium2

    district.report("A1", district.training("A1", 30))
    told = record.of_month(district.desk("A1"), MONTH).trainings[0]
    headcounts = (replace(told.headcounts[0], value=Value.of(42)),)
    district.record("A1", replace(told, headcounts=headcounts))
    file = district.export("A1", amend="人数有误")
    with pypdfium2.PdfDocument(file) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    after = text[text.index("更正内容") :]
    assert after.index("职工") < after.index("30") < after.index("42")


def test_nothing_to_amend_is_told(district: District) -> None:
    district.record("A1", district.progress("A1"))
    wish = AmendmentWish(AmendmentKind.FIGURES, "更正")
    with pytest.raises(UsageError, match="没有可更正的版本"):
        export.draft(district.desk("A1"), MONTH, wish)


def test_errors_block_and_all_are_told(district: District) -> None:
    desk = district.desk("A1")
    district.record("A1", district.progress("A1"))
    with pytest.raises(ReturnBlocked) as blocked:
        export.draft(desk, MONTH.plus(2))
    assert {f.code for f in blocked.value.findings} >= {"month-not-begun", "empty-month"}


def test_another_units_key_does_not_sign(district: District) -> None:
    district.record("A1", district.progress("A1"))
    foreign = district.desk("A2").identity(PASSPHRASE)
    with pytest.raises(UsageError, match="不是本单位的"):
        export.export(district.desk("A1"), MONTH, foreign, out=district.folder / "x.pdf")
    assert not (district.folder / "x.pdf").exists()
    assert returns.issued(district.desk("A1").store, MONTH) == ()


def test_a_zero_return_is_signed_and_says_so(district: District) -> None:
    district.record("B1")
    file = district.export("B1")
    seen = inspect_file(file, district.folder / "root.pem", clock=SetClock(district.clock()))
    assert seen.payload is not None
    assert seen.payload["zero"] is True


def test_without_a_place_it_goes_into_the_desks_own_folder(district: District) -> None:
    district.record("A1", district.progress("A1"))
    desk = district.desk("A1")
    done = export.export(desk, MONTH, desk.identity(PASSPHRASE))
    assert done.file == desk.folder / "报出" / "市知识产权局_2026-10_月报_第1版.pdf"
    assert done.file.is_file()
