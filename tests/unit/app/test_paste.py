"""Blocks of cells from a spreadsheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.app.fields import EntryField, Unreadable, blank, fields_of
from rongchang_desk.app.paste import Block, block_of, cells_of, html_of, read_block, tsv_of
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Record, RegisterEntry, Training

DAY = date(2026, 10, 20)


@pytest.fixture
def fields(linhe: Plan) -> tuple[EntryField, ...]:
    return fields_of(linhe, "training")


def read(text: str, fields: tuple[EntryField, ...], there: tuple[Record, ...] = ()) -> Block:
    numbers = iter(range(1000))
    return read_block(
        text, fields, there, lambda: blank("training", f"new{next(numbers)}", DAY), lambda _: ""
    )


def test_columns_are_found_by_their_titles_in_any_order(fields: tuple[EntryField, ...]) -> None:
    block = read("职工（人次）\t主题\t日期\n30\t专利\t2026/10/8\n", fields)
    (made,) = block.records
    assert isinstance(made, Training)
    assert (made.topic, made.day) == ("专利", date(2026, 10, 8))
    assert made.headcount("worker").number == 30


def test_without_titles_the_columns_are_the_first_fields(fields: tuple[EntryField, ...]) -> None:
    (made,) = read("2026-10-08\t专利\t面授\n", fields).records
    assert isinstance(made, Training)
    assert (made.topic, made.form) == ("专利", "面授")


def test_a_row_with_a_bad_cell_is_not_taken_and_says_which(
    fields: tuple[EntryField, ...],
) -> None:
    block = read("日期\t主题\t培训形式\n2026-10-08\t专利\t骑马\n", fields)
    assert block.records == ()
    assert [(t.row, t.field) for t in block.troubles] == [(2, "培训形式")]
    assert "没有选项" in block.troubles[0].reason


def test_more_columns_than_fields_are_refused_not_dropped(fields: tuple[EntryField, ...]) -> None:
    row = "\t".join(["2026-10-08", "专利", *[""] * (len(fields) - 2), "多余"])
    assert "多出一列" in read(row, fields).troubles[0].reason


def test_a_line_break_inside_a_quoted_cell_stays_in_its_cell(
    fields: tuple[EntryField, ...],
) -> None:
    (made,) = read('日期\t主题\t备注\n2026-10-08\t专利\t"第一行\n第二行"\n', fields).records
    assert isinstance(made, Training)
    assert made.note == "第一行\n第二行"


def test_a_row_of_the_same_day_and_title_changes_the_record_that_is_there(
    fields: tuple[EntryField, ...],
) -> None:
    before = Training("old", date(2026, 10, 8), "专利", venue="礼堂")
    block = read("日期\t主题\t讲师\n2026-10-08\t专利\t钱工\n", fields, (before,))
    (after,) = block.records
    assert isinstance(after, Training)
    assert (after.id, after.venue, after.lecturer) == ("old", "礼堂", "钱工")
    assert (block.changed, block.added) == ((before,), 0)


def test_equal_rows_change_nothing(fields: tuple[EntryField, ...]) -> None:
    before = Training("old", date(2026, 10, 8), "专利")
    assert read("日期\t主题\n2026-10-08\t专利\n", fields, (before,)) == Block((), (), ())


def test_an_obstacle_keeps_a_row_out(fields: tuple[EntryField, ...]) -> None:
    block = read_block(
        "2062-10-08\t专利", fields, (), lambda: blank("training", "n", DAY), lambda _: "太晚"
    )
    assert (block.records, block.troubles[0].reason) == ((), "太晚")


def test_an_empty_clipboard_is_an_empty_block(fields: tuple[EntryField, ...]) -> None:
    assert read("\n \t \n", fields) == Block((), (), ())


def test_what_is_copied_pastes_as_the_same(linhe: Plan) -> None:
    fields = fields_of(linhe, "register", "produce")
    entry = blank("register", "a", DAY, "produce")
    for field, text in zip(fields, ["2026-10-08", "柑橘", "种植", "本市；国外"], strict=False):
        entry = field.write(entry, text)
    block = read_block(
        block_of([entry], fields),
        fields,
        (),
        lambda: blank("register", "a", DAY, "produce"),
        lambda _: "",
    )
    assert block.records == (entry,)


def test_a_registers_number_is_kept_in_plain_notation_or_refused(linhe: Plan) -> None:
    field = next(f for f in fields_of(linhe, "register", "produce") if f.code == "sales")
    entry = field.write(blank("register", "a", DAY, "produce"), "１,２00.50")
    assert isinstance(entry, RegisterEntry)
    assert Decimal(entry.get("sales")) == Decimal("1200.5")
    assert entry.get("sales") == "1200.5"
    with pytest.raises(Unreadable, match="不是数字"):
        field.write(entry, "很多")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a\tb\r\n1\t2\r\n", [["a", "b"], ["1", "2"]]),
        ("a\t", [["a", ""]]),
        ("\n", [[""]]),
        ('"x\ny"\tz', [["x\ny", "z"]]),
        ('"说""好"""\t二', [['说"好"', "二"]]),
        ('5" 屏\t"未闭合\n下一行', [['5" 屏', '"未闭合'], ["下一行"]]),
    ],
)
def test_cells_are_read_as_spreadsheets_write_them(text: str, cells: list[list[str]]) -> None:
    assert cells_of(text) == cells


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\r\0")), min_size=2, max_size=4),
        min_size=1,
    )
)
def test_cells_written_read_back_as_they_were(rows: list[list[str]]) -> None:
    assert cells_of(tsv_of(rows)) == rows


def test_the_table_for_spreadsheets_keeps_codes_texts_and_runs_nothing() -> None:
    html = html_of([["91500226MA5U1X2Y3Z", "0123", "=1+1", "<b>", "甲\n乙", "12.5"]])
    assert html.count("mso-number-format:'\\@'") == 2
    assert "&lt;b&gt;" in html
    assert "甲<br" in html
    assert "<td>12.5" in html
