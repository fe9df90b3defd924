"""Names entered before are offered again, and are found by their pinyin initials."""

from __future__ import annotations

from dataclasses import replace

from rongchang_desk.app import record
from rongchang_desk.app.fields import EntryField
from rongchang_desk.app.initials import initials
from rongchang_desk.app.names import LONGEST, fields_with_names
from tests.district import District


def field(fields: tuple[EntryField, ...], code: str) -> EntryField:
    return next(one for one in fields if one.code == code)


def test_initials_are_the_first_letters_and_phrases_are_read_as_such() -> None:
    assert initials("昌元社区") == "cysq"
    assert initials("重庆市") == "cqs"
    assert initials("3D打印 Lab") == "3ddy lab"
    assert initials("Lab") == "lab"


def test_what_was_entered_in_a_field_is_known_to_it_newest_first(district: District) -> None:
    desk = district.desk("C1")
    for venue in ("昌元社区", "文化中心", "昌元社区"):
        record.change(desk, [district.training("C1", venue=venue)])
    fields = fields_with_names(desk, "training")
    assert field(fields, "venue").known == ("昌元社区", "文化中心")
    assert field(fields, "day").known == ()
    assert "河西镇" in field(fields, "host").known


def test_long_texts_empty_ones_and_the_recycle_bin_are_no_names(district: District) -> None:
    desk = district.desk("C1")
    long = replace(district.training("C1", venue="长" * (LONGEST + 1)), lecturer="")
    gone = district.training("C1", venue="已删除的地点")
    record.change(desk, [long, gone])
    record.delete(desk, gone.id)
    fields = fields_with_names(desk, "training")
    assert field(fields, "venue").known == ()
    assert field(fields, "lecturer").known == ()
