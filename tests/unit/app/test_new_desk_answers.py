"""What a person answers when a desk is made: passphrases, one-time passwords, folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from rongchang_desk.app import places
from rongchang_desk.app.passphrase import Level, one_time, strength
from rongchang_desk.app.places import Drive
from rongchang_desk.errors import UsageError

MOUNTS = """/dev/sda1 / ext4 rw 0 0
/dev/sdb1 /media/wang/U\\040盘 vfat rw 0 0
//server/share /home/wang/共享 cifs rw 0 0
/dev/sdc1 /home/wang/共享/本地 ext4 rw 0 0
""".splitlines()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", Level.TOO_SHORT),
        ("Ab3!efg", Level.TOO_SHORT),
        ("84736251", Level.WEAK),
        ("aaaaaaaaaaaaaaaa", Level.WEAK),
        ("Password2026", Level.WEAK),
        ("kdjfhgpq", Level.WEAK),
        ("kdjf hg7q", Level.FAIR),
        ("three plain words 7", Level.GOOD),
        ("三个好记的词语连", Level.GOOD),
    ],
)
def test_a_passphrase_is_judged_by_length_and_variety(text: str, level: Level) -> None:
    assert strength(text).level is level


@pytest.mark.parametrize(
    "typed",
    [
        "ABCDE-FGHJK-23456-MNPQR",
        " abcde fghjk 23456 mnpqr\n",
        "ＡＢＣＤＥ－ＦＧＨＪＫ－２３４５６－ＭＮＰＱＲ",
        "ABCDEFGHJK23456MNPQR",
    ],
)
def test_a_one_time_password_is_understood_however_it_is_typed(typed: str) -> None:
    assert one_time(typed) == "ABCDE-FGHJK-23456-MNPQR"


def test_what_is_no_one_time_password_is_left_as_it_was() -> None:
    assert one_time(" something else ") == "something else"


@pytest.mark.parametrize(
    ("folder", "drive"),
    [
        ("/home/wang/文档", Drive.OWN),
        ("/media/wang/U 盘/工作台", Drive.REMOVABLE),
        ("/home/wang/共享/工作台", Drive.NETWORK),
        ("/home/wang/共享", Drive.NETWORK),
        ("/home/wang/共享资料", Drive.OWN),
        ("/home/wang/共享/本地/工作台", Drive.OWN),
    ],
)
def test_the_table_of_mounts_tells_the_kind_of_drive(folder: str, drive: Drive) -> None:
    assert places.drive_among(MOUNTS, Path(folder)) is drive


@pytest.mark.parametrize(
    ("drive", "word"), [(Drive.NETWORK, "网络位置"), (Drive.REMOVABLE, "移动存储")]
)
def test_a_drive_of_another_kind_is_warned_of(tmp_path: Path, drive: Drive, word: str) -> None:
    judged = places.judge(tmp_path / "新", lambda _: drive)
    assert judged.problem == ""
    assert word in judged.warnings[0]


def test_a_new_or_an_empty_folder_is_taken_without_a_word(tmp_path: Path) -> None:
    assert places.judge(tmp_path / "甲" / "乙") == places.Judged()
    assert places.judge(tmp_path) == places.Judged()
    places.require(tmp_path)


@pytest.mark.parametrize("below", ["file", "file/desk", "with keys", "with a desk"])
def test_a_place_that_cannot_hold_a_desk_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "with keys" / "keys").mkdir(parents=True)
    (tmp_path / "with a desk").mkdir()
    (tmp_path / "with a desk" / "desk.sqlite").touch()
    with pytest.raises(UsageError):
        places.require(tmp_path / below)


def test_a_path_that_is_not_whole_is_refused() -> None:
    assert places.judge(Path("工作台")).problem


def test_the_proposed_folder_is_new_or_empty(tmp_path: Path) -> None:
    assert places.fresh_folder(tmp_path, "台") == tmp_path / "台"
    (tmp_path / "台").mkdir()
    assert places.fresh_folder(tmp_path, "台") == tmp_path / "台"
    (tmp_path / "台" / "a").touch()
    assert places.fresh_folder(tmp_path, "台") == tmp_path / "台（2）"
