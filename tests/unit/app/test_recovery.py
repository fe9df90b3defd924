"""A damaged desk and its backups: which one is good, and what putting it back leaves."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rongchang_desk.app.backup import back_up, back_up_by_itself
from rongchang_desk.app.clock import CHINA, SetClock
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.recovery import GoodBackup, examine, length, newest_good, recover
from rongchang_desk.app.running import Running
from rongchang_desk.errors import Cancelled, CannotWrite, DeskDamaged, DeskLocked
from rongchang_desk.store import database

NOON = datetime(2026, 10, 20, 12, tzinfo=CHINA)
PLAN = Path(__file__).parents[2] / "data" / "linhe.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A desk with backups of two days, each knowing its own day; closed."""
    place = tmp_path / "desk"
    clock = SetClock(NOON - timedelta(days=2))
    with Desk.found(place, clock=clock, new_id=None, role=Role.OFFICE, unit="") as made:
        made.adopt_plan(PLAN.read_bytes())
        (place / "keys").mkdir()
        for name in ("identity.p12", "root.der"):
            (place / "keys" / name).write_bytes(f"{name} as backed up".encode())
        for day in (18, 19):
            clock.now = NOON.replace(day=day)
            made.store.set_setting("day", str(day))
            back_up_by_itself(made)
        made.store.set_setting("day", "20")
        made.close()
    return place


def overwrite_pages(store: Path) -> None:
    """Noise over the middle of the file, its first page left whole."""
    body = bytearray(store.read_bytes())
    body[4096:] = random.Random(7).randbytes(len(body) - 4096)
    store.write_bytes(body)


def truncate(store: Path) -> None:
    body = store.read_bytes()
    store.write_bytes(body[: len(body) // 2 + 100])


def shorten_to_nothing(store: Path) -> None:
    store.write_bytes(b"")


def scribble_on_the_head(store: Path) -> None:
    store.write_bytes(b"\xff" * 100 + store.read_bytes()[100:])


def spoil(file: Path) -> None:
    """A backup whose zip is whole, and whose store is not."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["desk.sqlite"]
    parts["desk.sqlite"] = body[:4096] + random.Random(3).randbytes(len(body) - 4096)
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def good_of(folder: Path) -> GoodBackup:
    found = newest_good(folder)
    assert found is not None
    return found


def day_in(folder: Path) -> str:
    with Desk.open(folder) as desk:
        assert desk.store.check() == ()
        assert desk.plan.code
        return desk.store.setting("day")


DAMAGES = [overwrite_pages, truncate, shorten_to_nothing, scribble_on_the_head]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_desk_comes_back_from_its_newest_backup_and_loses_no_file(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    store = folder / "desk.sqlite"
    damage(store)
    damaged = store.read_bytes()
    with pytest.raises(DeskDamaged):
        examine(folder)
    good = good_of(folder)
    assert (good.made, good.skipped) == (NOON.replace(day=19), 0)
    made = recover(folder, good, clock=lambda: NOON)
    assert day_in(folder) == "19"
    assert made.aside == folder / "损坏的数据" / "2026-10-20_120000"
    assert (made.aside / "desk.sqlite").read_bytes() == damaged
    assert made.lost == "1 天"


def test_the_doctor_names_the_good_backup(folder: Path) -> None:
    assert good_of(folder).skipped == 0
    overwrite_pages(folder / "desk.sqlite")
    with pytest.raises(DeskDamaged, match="2026-10-19 12:00") as told:
        examine(folder)
    assert "自动备份_2026-10-19_120000.zip" in told.value.hint
    assert told.value.exit_code == 3


def test_damage_that_opening_does_not_notice_is_found_by_the_doctor_and_by_the_backup(
    folder: Path,
) -> None:
    store = folder / "desk.sqlite"
    body = bytearray(store.read_bytes())
    with database.open_store(folder) as opened:
        found = opened.row("SELECT rootpage FROM sqlite_master WHERE name = 'plan'")
        size = opened.row("PRAGMA page_size")
    assert found is not None
    assert size is not None
    at = (found[0] - 1) * size[0]
    body[at : at + size[0]] = random.Random(5).randbytes(size[0])
    store.write_bytes(body)
    with Desk.open(folder) as desk, pytest.raises(DeskDamaged, match="已损坏"):
        back_up(desk, folder / "x.zip")
    assert not (folder / "x.zip").exists()
    with pytest.raises(DeskDamaged, match="已损坏"):
        examine(folder)


def test_without_a_backup_nothing_is_offered_and_the_doctor_says_so(folder: Path) -> None:
    for file in (folder / "备份").iterdir():
        file.unlink()
    truncate(folder / "desk.sqlite")
    assert newest_good(folder) is None
    with pytest.raises(DeskDamaged, match="没有完好的备份"):
        examine(folder)


@pytest.mark.parametrize("damage", [spoil, truncate])
def test_a_damaged_newest_backup_is_passed_over_for_the_next_older_one(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder / "备份" / "自动备份_2026-10-19_120000.zip")
    good = good_of(folder)
    assert (good.made, good.skipped) == (NOON.replace(day=18), 1)
    truncate(folder / "desk.sqlite")
    recover(folder, good, clock=lambda: NOON)
    assert day_in(folder) == "18"


def test_keys_in_the_folder_stay_and_missing_ones_come_back(folder: Path) -> None:
    (folder / "keys" / "identity.p12").write_bytes(b"renewed since")
    (folder / "keys" / "root.der").unlink()
    truncate(folder / "desk.sqlite")
    recover(folder, good_of(folder))
    assert (folder / "keys" / "identity.p12").read_bytes() == b"renewed since"
    assert (folder / "keys" / "root.der").read_bytes() == b"root.der as backed up"


def test_what_sqlite_keeps_beside_the_store_never_meets_the_restored_one(folder: Path) -> None:
    for end in ("-wal", "-shm", "-journal"):
        (folder / f"desk.sqlite{end}").write_bytes(b"left over")
    made = recover(folder, good_of(folder))
    assert sorted(path.name for path in made.aside.iterdir()) == [
        "desk.sqlite", "desk.sqlite-journal", "desk.sqlite-shm", "desk.sqlite-wal",
    ]  # fmt: skip
    assert day_in(folder) == "19"


def test_two_recoveries_within_a_second_keep_both_damaged_stores(folder: Path) -> None:
    for _ in range(2):
        truncate(folder / "desk.sqlite")
        recover(folder, good_of(folder), clock=lambda: NOON)
    assert sorted(path.name for path in (folder / "损坏的数据").iterdir()) == [
        "2026-10-20_120000", "2026-10-20_120000_2",
    ]  # fmt: skip


def test_a_desk_that_is_open_somewhere_is_not_touched(folder: Path) -> None:
    good = good_of(folder)
    with Desk.open(folder), pytest.raises(DeskLocked):
        recover(folder, good)
    assert day_in(folder) == "20"
    assert not (folder / "损坏的数据").exists()


def test_a_full_disk_while_writing_puts_the_damaged_store_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CannotWrite("磁盘已满。")

    truncate(folder / "desk.sqlite")
    damaged = (folder / "desk.sqlite").read_bytes()
    good = good_of(folder)
    monkeypatch.setattr("rongchang_desk.app.backup.put_back", full)
    with pytest.raises(CannotWrite):
        recover(folder, good)
    assert (folder / "desk.sqlite").read_bytes() == damaged
    assert list((folder / "损坏的数据").iterdir()) == []


def test_a_cancelled_recovery_changes_nothing(folder: Path) -> None:
    truncate(folder / "desk.sqlite")
    damaged = (folder / "desk.sqlite").read_bytes()
    good = good_of(folder)
    running = Running()
    running.cancel()
    with pytest.raises(Cancelled):
        recover(folder, good, running)
    assert (folder / "desk.sqlite").read_bytes() == damaged


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=5), "1 分钟"),
        (timedelta(minutes=59, seconds=30), "1 小时"),
        (timedelta(hours=3, minutes=20), "3 小时 20 分钟"),
        (timedelta(hours=23, minutes=59, seconds=59), "1 天"),
        (timedelta(days=2, hours=4, minutes=1), "2 天 5 小时"),
    ],
)
def test_a_length_of_time_is_never_said_shorter_than_it_is(span: timedelta, words: str) -> None:
    assert length(span) == words
