"""Long tables: asked for in a person's words, answered by SQL, in the order of entry or sorted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rongchang_desk.app import record, rows
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.fields import EntryField, Unreadable, blank, fields_of
from rongchang_desk.app.rows import Query
from rongchang_desk.app.running import Running
from rongchang_desk.errors import Cancelled
from tests.district import MONTH, District

ENTRIES = (
    ("2026-10-08", "河西梨", "种植", "9", "1200.5", "是"),
    ("2026-10-21", "荣昌陶器", "加工", "10", "", ""),
    ("2026-10-03", "夏布", "加工", "", "88", "否"),
)
FILLED = ("day", "name", "stage", "area", "sales", "organic")
QUERY = Query("register", "produce", MONTH)


@pytest.fixture
def desk(district: District) -> Desk:
    """A desk with three entries of the register of produce."""
    made = district.desk("C1")
    fields = {field.code: field for field in fields_of(made.plan, "register", "produce")}
    for texts in ENTRIES:
        entry = blank("register", made.new_id(), date(2026, 10, 1), "produce")
        for code, text in zip(FILLED, texts, strict=True):
            entry = fields[code].write(entry, text)
        record.change(made, [entry])
    return made


def field(desk: Desk, code: str) -> EntryField:
    return next(f for f in fields_of(desk.plan, "register", "produce") if f.code == code)


def names(desk: Desk, query: Query) -> list[str]:
    row_ids = rows.all_of(desk, query)
    found: Any = rows.read(desk, row_ids)
    return [found[row_id].get("name") for row_id in row_ids]


def test_rows_stand_in_the_order_of_entry(desk: Desk) -> None:
    assert names(desk, QUERY) == ["河西梨", "荣昌陶器", "夏布"]
    assert rows.first(desk, QUERY) == rows.all_of(desk, QUERY)
    assert len(rows.first(desk, QUERY, 2)) == 2


@pytest.mark.parametrize(
    ("code", "is_down", "sorted_names"),
    [
        ("day", False, ["夏布", "河西梨", "荣昌陶器"]),
        ("day", True, ["荣昌陶器", "河西梨", "夏布"]),
        ("name", False, ["河西梨", "荣昌陶器", "夏布"]),  # by pinyin: he, rong, xia
        ("name", True, ["夏布", "荣昌陶器", "河西梨"]),
        ("area", False, ["河西梨", "荣昌陶器", "夏布"]),  # 9 before 10, empty last
        ("area", True, ["荣昌陶器", "河西梨", "夏布"]),
        ("sales", True, ["河西梨", "夏布", "荣昌陶器"]),
    ],
)
def test_numbers_sort_by_size_texts_by_pinyin_and_empty_cells_stand_last(
    desk: Desk, code: str, is_down: bool, sorted_names: list[str]
) -> None:
    order = rows.order_of(field(desk, code), is_down=is_down)
    assert names(desk, replace(QUERY, order=order)) == sorted_names


@pytest.mark.parametrize(
    ("code", "typed", "found"),
    [
        ("name", "陶", ["荣昌陶器"]),
        ("stage", "加工", ["荣昌陶器", "夏布"]),
        ("area", ">9", ["荣昌陶器"]),
        ("area", "＜＝９", ["河西梨"]),
        ("area", "空", ["夏布"]),
        ("sales", "非空", ["河西梨", "夏布"]),
        ("sales", "=1,200.5", ["河西梨"]),
        ("day", ">=2026.10.8", ["河西梨", "荣昌陶器"]),
        ("day", "2026-10-0", ["河西梨", "夏布"]),
        ("organic", "否", ["夏布"]),
        ("name", "100%'; DROP TABLE record", []),
        ("name", "  ", ["河西梨", "荣昌陶器", "夏布"]),
    ],
)
def test_a_filter_is_understood_as_it_is_typed(
    desk: Desk, code: str, typed: str, found: list[str]
) -> None:
    one = rows.filter_of(desk.plan, field(desk, code), typed)
    assert names(desk, replace(QUERY, filters=(one,) if one else ())) == found


@pytest.mark.parametrize(("code", "typed"), [("area", ">很多"), ("day", "<昨天")])
def test_a_filter_that_cannot_be_understood_says_why(desk: Desk, code: str, typed: str) -> None:
    with pytest.raises(Unreadable, match="不是"):
        rows.filter_of(desk.plan, field(desk, code), typed)


def test_a_unit_is_found_by_its_name_though_its_code_is_stored(district: District) -> None:
    desk = district.desk("C1")
    hosted, own = district.training("C1", host="A1"), district.training("C1")
    district.record("C1", hosted, own)
    host = next(f for f in fields_of(desk.plan, "training") if f.code == "host")
    name = desk.plan.unit("A1").name
    one = rows.filter_of(desk.plan, host, name[1:])
    assert one is not None
    found = rows.all_of(desk, Query("training", "", MONTH, filters=(one,)))
    assert list(rows.read(desk, found).values()) == [hosted]


def test_the_role_and_a_headcount_of_a_training_filter_and_sort_as_shown(
    district: District,
) -> None:
    desk = district.desk("C1")
    few, many = district.training("C1", workers=9), district.training("C1", workers=10)
    guest = district.training("C1", host="A1")
    district.record("C1", many, few, guest)
    fields = {f.code: f for f in fields_of(desk.plan, "training")}
    role = rows.filter_of(desk.plan, fields["role"], "协办")
    assert role is not None
    place = Query("training", "", MONTH)
    found = rows.all_of(desk, replace(place, filters=(role,)))
    assert list(rows.read(desk, found).values()) == [guest]
    by_workers = rows.all_of(desk, replace(place, order=rows.order_of(fields["worker"])))
    read = rows.read(desk, by_workers)
    assert [read[row_id] for row_id in by_workers] == [few, many, guest]


@pytest.mark.parametrize("typed", ["陶器", "rctq", "ＲＣ", "陶器 加工", "1200.5 hxl"])
def test_search_finds_texts_and_pinyin_initials(desk: Desk, typed: str) -> None:
    while rows.work_out_words(desk, Running()):
        pass
    found = names(desk, replace(QUERY, words=rows.search_words(typed)))
    assert found == ["河西梨" if "hxl" in typed else "荣昌陶器"]


def test_search_finds_chinese_before_the_initials_are_worked_out(desk: Desk) -> None:
    assert names(desk, replace(QUERY, words=rows.search_words("陶器"))) == ["荣昌陶器"]
    assert names(desk, replace(QUERY, words=rows.search_words("rctq"))) == []


def test_the_words_of_a_changed_record_are_those_of_its_new_text(desk: Desk) -> None:
    assert not rows.work_out_words(desk, Running())
    (row_id,) = rows.first(desk, QUERY, 1)
    before = rows.read(desk, [row_id])[row_id]
    record.change(desk, [field(desk, "name").write(before, "柑橘")])
    assert not rows.work_out_words(desk, Running())
    assert names(desk, replace(QUERY, words=("gj",))) == ["柑橘"]
    assert names(desk, replace(QUERY, words=("hxl",))) == []


def test_working_out_words_can_be_cancelled(desk: Desk) -> None:
    running = Running()
    running.cancel()
    with pytest.raises(Cancelled):
        rows.work_out_words(desk, running)


def test_rows_of_the_recycle_bin_and_of_other_months_belong_nowhere(desk: Desk) -> None:
    first, second, third = rows.read(desk, rows.first(desk, QUERY)).values()
    moved = field(desk, "day").write(second, "2026-09-30")
    record.change(desk, [moved], [first.id])
    places = rows.places(desk, [first.id, second.id, third.id], QUERY)
    assert [is_in for _, is_in in sorted(places.items())] == [False, False, True]
    assert names(desk, QUERY) == ["夏布"]
    assert rows.counts(desk, "register", MONTH) == {"produce": 1}
    assert rows.counts(desk, "register", None) == {"produce": 2}
