"""What was typed and cannot be taken yet outlives the program, and no return goes without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rongchang_desk.app import drafts, export, record, recycled
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.finding import Severity, Where
from rongchang_desk.domain.monthly_return import AmendmentKind
from tests.district import MONTH, PASSPHRASE, District

WRONG = "2026-13-40"
REASON = "“2026-13-40”不是日期。"


def test_a_draft_is_there_in_another_process_s_desk(district: District) -> None:
    desk = district.desk("C1")
    made = district.training("C1")
    record.change(desk, [made])
    drafts.keep(desk, made, "day", WRONG, REASON)
    desk.close()
    with Desk.open(desk.folder, clock=desk.clock) as again:
        (found,) = drafts.kept(again, "training", MONTH)
        assert (found.record, found.field, found.text, found.reason) == (
            made.id, "day", WRONG, REASON,
        )  # fmt: skip
        assert not found.is_new


def test_a_draft_of_a_record_only_begun_is_found_by_its_month(district: District) -> None:
    desk = district.desk("C1")
    drafts.keep(desk, district.training("C1"), "venue", "会议")
    assert [draft.is_new for draft in drafts.kept(desk, "training", MONTH)] == [True]
    assert drafts.kept(desk, "training", MONTH.next) == ()
    assert drafts.kept(desk, "publicity") == ()


def test_the_last_text_counts_and_goes_when_it_is_dropped(district: District) -> None:
    desk = district.desk("C1")
    made = district.training("C1")
    for text in ("2", "2026-13", WRONG):
        drafts.keep(desk, made, "day", text)
    drafts.keep(desk, made, "venue", "会议室")
    drafts.drop(desk, [made.id], "day")
    assert [draft.field for draft in drafts.kept(desk)] == ["venue"]
    drafts.drop(desk, [made.id])
    assert drafts.kept(desk) == ()


def test_an_open_draft_blocks_the_return_and_names_its_field(district: District) -> None:
    desk = district.desk("C1")
    made = district.training("C1")
    record.change(desk, [made])
    drafts.keep(desk, made, "day", WRONG, REASON)
    (found,) = (f for f in export.check(desk, MONTH) if f.code == "draft-open")
    assert found.severity is Severity.ERROR
    assert found.where == Where("training", made.id, "day")
    assert "有未完成的内容" in found.message
    assert WRONG in found.message
    with pytest.raises(export.ReturnBlocked, match="未完成"):
        export.draft(desk, MONTH)
    drafts.drop(desk, [made.id])
    assert "draft-open" not in {f.code for f in export.check(desk, MONTH)}


def test_an_open_draft_does_not_block_writing_the_signed_month_again(district: District) -> None:
    first = district.report("C1").read_bytes()
    desk = district.desk("C1")
    drafts.keep(desk, district.training("C1"), "day", WRONG, REASON)
    stick = district.folder / "U盘" / "月报.pdf"
    stick.parent.mkdir()
    done = export.export(desk, MONTH, desk.identity(PASSPHRASE), out=stick)
    assert done.again
    assert stick.read_bytes() == first
    assert len(drafts.kept(desk)) == 1


def test_an_open_draft_blocks_an_amendment_of_the_signed_month(district: District) -> None:
    district.report("C1")
    desk = district.desk("C1")
    drafts.keep(desk, district.training("C1"), "day", WRONG, REASON)
    wish = export.AmendmentWish(AmendmentKind.FIGURES, "日期有误")
    with pytest.raises(export.ReturnBlocked, match="未完成"):
        export.draft(desk, MONTH, wish)
    district.record("C1", district.training("C1"))
    with pytest.raises(export.ReturnBlocked, match="未完成"):
        export.draft(desk, MONTH)
    assert len(export.issued(desk, MONTH)) == 1


def test_a_draft_that_equals_what_was_stored_since_is_no_error(district: District) -> None:
    desk = district.desk("C1")
    made = replace(district.training("C1"), venue="礼堂")
    record.change(desk, [made])
    drafts.keep(desk, made, "venue", "礼堂")
    assert drafts.findings(desk, MONTH) == ()


def test_a_deleted_record_s_draft_rests_with_it_and_goes_for_good_with_it(
    district: District,
) -> None:
    desk = district.desk("C1")
    made = district.training("C1")
    record.change(desk, [made])
    drafts.keep(desk, made, "day", WRONG, REASON)
    record.delete(desk, made.id)
    assert drafts.kept(desk) == ()
    record.restore(desk, made.id)
    assert len(drafts.kept(desk)) == 1
    record.delete(desk, made.id)
    now = desk.now()
    desk.clock = lambda: now + timedelta(days=40)
    assert recycled.purge(desk) == 1
    assert desk.store.rows("SELECT * FROM draft") == []


def test_a_draft_of_a_register_the_plan_lacks_is_no_error(district: District) -> None:
    desk = district.desk("C1")
    desk.store.connection.execute(
        "INSERT INTO draft VALUES ('x', 'day', 'register', 'gone', ?, '明天', '', ?)",
        (str(MONTH), desk.now().isoformat()),
    )
    assert drafts.findings(desk, MONTH) == ()
