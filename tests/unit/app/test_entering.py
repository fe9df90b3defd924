"""Texts typed into cells: taken, or wrong with a reason; never half, never lost."""

from __future__ import annotations

from datetime import date

import pytest

from rongchang_desk.app.entering import Typed, enter
from rongchang_desk.app.fields import EntryField, blank, fields_of
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Record, Training

BEFORE = Training("t", date(2026, 10, 8), "专利", venue="礼堂")


@pytest.fixture
def fields(linhe: Plan) -> dict[str, EntryField]:
    return {field.code: field for field in fields_of(linhe, "training")}


def never(_record: Record) -> str:
    return ""


def test_good_texts_are_taken_and_bad_ones_named_with_the_record_as_it_became(
    fields: dict[str, EntryField],
) -> None:
    texts = ((fields["day"], "昨天"), (fields["topic"], "商标"))
    entered = enter([Typed(BEFORE, False, texts)], never)
    (after,) = entered.after
    assert isinstance(after, Training)
    assert (after.topic, after.day, entered.before) == ("商标", BEFORE.day, (BEFORE,))
    (wrong,) = entered.wrong
    assert (wrong.record, wrong.field, wrong.text) == (after, "day", "昨天")
    assert "不是日期" in wrong.reason
    assert entered.right == {("t", "topic")}


def test_a_text_that_changes_nothing_is_nothing_but_ends_a_draft(
    fields: dict[str, EntryField],
) -> None:
    entered = enter([Typed(BEFORE, False, ((fields["topic"], "专利"),))], never)
    assert entered.is_nothing
    assert entered.right == {("t", "topic")}


def test_an_obstacle_is_the_reason_and_the_record_keeps_its_value(
    fields: dict[str, EntryField],
) -> None:
    entered = enter([Typed(BEFORE, False, ((fields["day"], "2062-10-08"),))], lambda _: "太晚")
    assert (entered.after, entered.wrong[0].reason) == ((), "太晚")


def test_a_new_record_with_something_in_it_is_kept_even_when_all_is_wrong(
    fields: dict[str, EntryField],
) -> None:
    new = blank("training", "n", date(2026, 10, 20))
    entered = enter([Typed(new, True, ((fields["day"], "昨天"),))], never)
    assert (entered.before, entered.after, len(entered.wrong)) == ((), (new,), 1)


def test_a_new_record_with_nothing_in_it_is_none(fields: dict[str, EntryField]) -> None:
    new = blank("training", "n", date(2026, 10, 20))
    assert enter([Typed(new, True, ((fields["topic"], " "),))], never).is_nothing
