"""The directory of units: a block from Excel goes to the units it names, or from the cursor on."""

from __future__ import annotations

import pytest

from rongchang_desk.app.contacts import LONGEST, Pasted, read_block, typed
from rongchang_desk.domain.plan import Unit, UnitKind
from rongchang_desk.store.keys import Contact

UNITS = tuple(Unit(f"T{n}", name, UnitKind.TOWN) for n, name in enumerate(("河西镇", "柳湾镇"), 1))


def test_lines_without_titles_go_down_from_the_cursor() -> None:
    block = read_block("李娟\t023-1\n王强\t023-2", UNITS, {}, row=0, column=0)
    assert block == Pasted((Contact("T1", "李娟", "023-1"), Contact("T2", "王强", "023-2")))
    one = read_block("301", UNITS, {}, row=1, column=2)
    assert one == Pasted((Contact("T2", room="301"),))


def test_titles_name_the_columns_in_any_order_and_others_are_left_aside() -> None:
    text = "房间\t序号\t单位名称\t联系电话\n301\t1\t柳湾镇\t023-2\n"
    (contact,) = read_block(text, UNITS, {"T2": Contact("T2", "王强", "x")}).contacts
    assert contact == Contact("T2", "王强", "023-2", "301")


def test_what_says_nothing_new_changes_nothing() -> None:
    known = {"T1": Contact("T1", "李娟")}
    assert read_block("李娟", UNITS, known) == Pasted(())
    assert read_block("", UNITS, known) == Pasted(())


@pytest.mark.parametrize(
    ("text", "row", "told"),
    [
        ("甲\n乙\n丙", 0, "多出 1 行"),
        ("甲\t1\t2\t3\t4", 0, "多出 1 列"),
        ("单位\t联系人\n北山镇\t甲", 0, "第 2 行：没有这个单位"),
        ('"甲\t1', 0, ""),
    ],
)
def test_what_does_not_fit_is_told(text: str, row: int, told: str) -> None:
    block = read_block(text, UNITS, {}, row)
    assert told in "".join(block.troubles)


def test_a_cell_is_one_line_of_bounded_length() -> None:
    contact = typed(Contact("T1"), "note", f"  周五\n不在 {'长' * 100}")
    assert contact.note.startswith("周五 不在 长")
    assert len(contact.note) == LONGEST
