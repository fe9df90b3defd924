"""Blocks of many rows laid over a grid: what can be taken is stored, the rest kept as typed, all
in one go or not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from rongchang_desk.app import drafts, record, rows
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.fields import EntryField, blank, fields_of
from rongchang_desk.app.laying import Line, lay, lay_under_titles
from rongchang_desk.app.running import Running
from rongchang_desk.domain.records import Record, Training
from rongchang_desk.errors import Cancelled
from tests.district import MONTH, District

ROWS = 300  # more than are read at a time


class Stopping(Running):
    """Cancels itself once a step of that name has begun."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at

    def step(self, done: int, total: int, what: str) -> None:
        if what == self._at:
            self.cancel()
        super().step(done, total, what)


@pytest.fixture
def desk(district: District) -> Desk:
    """A unit's desk with two sessions."""
    desk = district.desk("C1")
    record.change(desk, [district.training("C1", topic=topic) for topic in ("第一场", "第二场")])
    return desk


@pytest.fixture
def fields(desk: Desk) -> dict[str, EntryField]:
    return {field.code: field for field in fields_of(desk.plan, "training")}


@pytest.fixture
def new(desk: Desk) -> Callable[[], Record]:
    return lambda: blank("training", desk.new_id(), desk.today())


def row_ids(desk: Desk) -> list[int]:
    return list(rows.all_of(desk, rows.Query("training")))


def stored(desk: Desk) -> list[Training]:
    """All sessions in the order of entry."""
    there: Any = rows.read(desk, row_ids(desk))
    return [there[row_id] for row_id in row_ids(desk)]


def kept(desk: Desk) -> list[tuple[str, str]]:
    return [(draft.field, draft.text) for draft in drafts.kept(desk)]


def topics(desk: Desk) -> list[str]:
    return [one.topic for one in stored(desk)]


def test_lines_change_the_rows_that_are_there_and_make_the_others(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    before = stored(desk)
    texts = [((fields["topic"], f"第{n}讲"),) for n in range(ROWS)]
    lines = [
        Line(one, row_id) for one, row_id in zip(texts, [*row_ids(desk), *[0] * ROWS], strict=False)
    ]
    entered = lay(desk, lines, new, (), Running())
    assert topics(desk) == [f"第{n}讲" for n in range(ROWS)]
    assert entered.before == tuple(before)
    assert entered.after == tuple(stored(desk))
    assert [one.venue for one in stored(desk)[:3]] == ["会议室", "会议室", ""]


def test_a_begun_record_keeps_its_id_when_it_is_laid(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    begun = new()
    lay(desk, [Line(((fields["topic"], "新"),), record=begun)], new, (), Running())
    assert stored(desk)[-1].id == begun.id


def test_a_cell_that_is_wrong_is_kept_as_it_was_typed_and_its_row_stored(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    old = stored(desk)[0].day
    texts = ((fields["day"], "昨天"), (fields["topic"], "新题"))
    entered = lay(desk, [Line(texts, row_ids(desk)[0]), Line(texts)], new, (), Running())
    assert topics(desk) == ["新题", "第二场", "新题"]
    assert stored(desk)[0].day == old
    assert kept(desk) == [("day", "昨天")] * 2
    assert all("不是日期" in wrong.reason for wrong in entered.wrong)
    assert {draft.record for draft in drafts.kept(desk)} == {one.id for one in entered.after}


def test_a_day_outside_the_plan_is_kept_as_a_draft_like_an_unreadable_one(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    lay(desk, [Line(((fields["day"], "2062-10-08"),), row_ids(desk)[0])], new, (), Running())
    assert kept(desk) == [("day", "2062-10-08")]
    assert "不在方案实施期内" in drafts.kept(desk)[0].reason


def test_a_cell_that_is_taken_now_ends_its_draft_and_no_other(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    first, second = stored(desk)
    for one in (first, second):
        drafts.keep(desk, one, "day", "昨天", "不是日期")
    drafted = {(first.id, "day"), (second.id, "day")}
    lay(desk, [Line(((fields["day"], "2026-10-09"),), row_ids(desk)[0])], new, drafted, Running())
    assert [draft.record for draft in drafts.kept(desk)] == [second.id]


def test_texts_that_are_there_already_are_nothing_and_store_nothing(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    lines = [Line(((fields["topic"], "第一场"),), row_ids(desk)[0]), Line(((fields["topic"], ""),))]
    assert lay(desk, lines, new, (), Running()).is_nothing
    assert topics(desk) == ["第一场", "第二场"]


def test_a_row_that_went_to_the_bin_meanwhile_is_left_there_and_the_others_laid(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    lines = [Line(((fields["topic"], "新题"),), row_id) for row_id in row_ids(desk)]
    record.delete(desk, stored(desk)[0].id)
    lay(desk, lines, new, (), Running())
    assert topics(desk) == ["新题"]


@pytest.mark.parametrize("at", ["读取粘贴的内容", "保存"])
def test_a_cancel_leaves_everything_as_it_was(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record], at: str
) -> None:
    before = stored(desk)
    texts = ((fields["day"], "昨天"), (fields["topic"], "新题"), (fields["venue"], "礼堂"))
    with pytest.raises(Cancelled):
        lay(desk, [Line(texts, row_id) for row_id in row_ids(desk)], new, (), Stopping(at))
    assert (stored(desk), kept(desk)) == (before, [])


def test_what_cannot_be_written_leaves_records_and_drafts_as_they_were(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    before = stored(desk)
    texts = ((fields["topic"], "新题"), (fields["day"], "昨天"))
    # The records can be written, the draft after them cannot.
    desk.store.connection.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON draft BEGIN SELECT RAISE(FAIL, 'full'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        lay(desk, [Line(texts, row_ids(desk)[0])], new, (), Running())
    assert (stored(desk), kept(desk)) == (before, [])


TITLED = "日期\t主题\t讲师\n2026-10-15\t第一场\t钱工\n2026-10-16\t第三场\t孙工\n"


def test_rows_under_titles_change_the_month_s_own_and_add_the_others(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    block = lay_under_titles(desk, TITLED, tuple(fields.values()), MONTH, new, Running())
    assert [(one.topic, one.lecturer) for one in stored(desk)] == [
        ("第一场", "钱工"), ("第二场", ""), ("第三场", "孙工"),
    ]  # fmt: skip
    assert (len(block.changed), block.added, block.troubles) == (1, 1, ())


def test_under_titles_a_row_that_is_wrong_is_named_and_the_good_ones_stored(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record]
) -> None:
    text = TITLED + "昨天\t第四场\t李工\n2062-01-01\t第五场\t周工\n"
    block = lay_under_titles(desk, text, tuple(fields.values()), MONTH, new, Running())
    assert topics(desk) == ["第一场", "第二场", "第三场"]
    assert [trouble.row for trouble in block.troubles] == [4, 5]
    assert "不在方案实施期内" in block.troubles[1].reason


def test_under_titles_an_entry_of_another_register_is_left_alone(desk: Desk) -> None:
    other = blank("register", "other", desk.today(), "visits_paid")
    record.change(desk, [other])
    fields = fields_of(desk.plan, "register", "produce")
    text = f"{fields[0].heading}\t阶段\n{desk.today()}\t种植\n"  # no name, as the other has none
    block = lay_under_titles(
        desk, text, fields, other.month,
        lambda: blank("register", desk.new_id(), desk.today(), "produce"), Running(),
    )  # fmt: skip
    assert (block.changed, block.added) == ((), 1)
    assert record.get(desk, "other") == other


@pytest.mark.parametrize("at", ["读取粘贴的内容", "保存"])
def test_a_cancel_under_titles_leaves_everything_as_it_was(
    desk: Desk, fields: dict[str, EntryField], new: Callable[[], Record], at: str
) -> None:
    before = stored(desk)
    with pytest.raises(Cancelled):
        lay_under_titles(desk, TITLED, tuple(fields.values()), MONTH, new, Stopping(at))
    assert stored(desk) == before
