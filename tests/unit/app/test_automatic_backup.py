"""Backups a desk makes by itself: which ones stay, and what a failure leaves."""

from __future__ import annotations

import random
import tracemalloc
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.app.backup import (
    back_up,
    back_up_by_itself,
    newest_backup,
    restore,
    superseded,
)
from rongchang_desk.app.clock import CHINA, SetClock
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.errors import CannotRead, CannotWrite
from rongchang_desk.store.database import open_store

NOON = datetime(2026, 10, 20, 12, tzinfo=CHINA)  # a Tuesday


def days_ago(*days: float) -> list[datetime]:
    return [NOON - timedelta(days=n) for n in days]


def kept(times: list[datetime]) -> list[float]:
    """How many days ago the kept backups were made."""
    gone = superseded(times)
    return sorted((NOON - at) / timedelta(days=1) for at in set(times) - set(gone))


def test_the_newest_of_each_of_seven_days_stays() -> None:
    assert kept(days_ago(0, 0.1, 1, 2, 3, 4, 5, 5.2, 6)) == [0, 1, 2, 3, 4, 5, 6]


def test_before_the_seven_days_the_newest_of_each_of_four_weeks_stays() -> None:
    # Seven days reach back to Wednesday the 14th; the weeks before end on days 7, 9, 16, 23.
    assert kept(days_ago(*range(60))) == [0, 1, 2, 3, 4, 5, 6, 7, 9, 16, 23]


def test_whoever_works_once_a_month_keeps_as_many() -> None:
    assert kept(days_ago(*range(0, 900, 30))) == [30 * n for n in range(11)]


def test_the_turn_of_the_year_does_not_mix_two_weeks() -> None:
    # ISO week 53 of 2026 runs to January 3, 2027.
    new_year = datetime(2027, 1, 3, tzinfo=CHINA)
    times = [new_year - timedelta(days=n) for n in range(4)]
    assert superseded(times, days=0, weeks=4) == tuple(sorted(times)[:-1])


@given(st.lists(st.integers(0, 24 * 400), max_size=80), st.randoms())
def test_the_rule_knows_no_order_keeps_the_newest_and_is_done_after_one_turn(
    hours: list[int], chance: random.Random
) -> None:
    times = [NOON - timedelta(hours=n) for n in hours]
    gone = superseded(times)
    mixed = [*times, *times]
    chance.shuffle(mixed)
    assert superseded(mixed) == gone
    left = set(times) - set(gone)
    assert len(left) <= 11
    assert superseded(left) == ()
    if times:
        assert max(times) in left


@given(st.lists(st.booleans(), min_size=60, max_size=60))
def test_day_by_day_the_last_month_is_never_without_a_backup(works: list[bool]) -> None:
    files: set[datetime] = set()
    for day, is_used in enumerate(works):
        if is_used:
            files.add(NOON + timedelta(days=day))
            files -= set(superseded(files))
    used = [day for day, is_used in enumerate(works) if is_used]
    # As many as the rule promises, as long as there were days enough.
    assert len(files) >= min(len(used), 7)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    plan = (Path(__file__).parents[2] / "data" / "linhe.toml").read_bytes()
    with Desk.found(
        tmp_path / "desk", clock=SetClock(NOON), new_id=None, role=Role.OFFICE, unit=""
    ) as made:
        made.adopt_plan(plan)
    return made


def test_a_backup_made_by_itself_can_be_restored(desk: Desk, tmp_path: Path) -> None:
    assert newest_backup(desk) is None
    made = back_up_by_itself(desk)
    assert made.file == desk.folder / "备份" / "自动备份_2026-10-20_120000.zip"
    assert newest_backup(desk) == NOON
    with Desk.open(restore(made.file, tmp_path / "again")) as again:
        assert again.plan.code == desk.plan.code


def test_old_ones_go_and_other_files_stay(desk: Desk) -> None:
    folder = desk.folder / "备份"
    folder.mkdir()
    strange = ["自动备份_旧.zip", "自动备份_2026-99-99_000000.zip", "手工备份.zip"]
    for name in [*strange, "自动备份_2026-10-20_080000.zip"]:
        (folder / name).write_bytes(b"x")
    back_up_by_itself(desk)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*strange, "自动备份_2026-10-20_120000.zip"]
    )


def test_a_failed_backup_removes_no_older_one(desk: Desk) -> None:
    (desk.folder / "备份").write_text("这里是一个文件", encoding="utf-8")
    with pytest.raises(CannotWrite):
        back_up_by_itself(desk)
    assert (desk.folder / "备份").read_text(encoding="utf-8") == "这里是一个文件"


def test_a_backup_with_a_flipped_bit_is_refused_and_leaves_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    made = back_up_by_itself(desk)
    with zipfile.ZipFile(made.file) as archive:
        at = archive.getinfo("desk.sqlite").header_offset + 200
    body = bytearray(made.file.read_bytes())
    body[at] ^= 0xFF
    made.file.write_bytes(body)
    with pytest.raises(CannotRead, match="不是本软件的备份文件"):
        restore(made.file, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_backup_needs_no_more_memory_for_a_larger_store(tmp_path: Path) -> None:
    with Desk.found(
        tmp_path / "desk", clock=SetClock(NOON), new_id=None, role=Role.OFFICE, unit=""
    ) as desk:
        megabytes = 24
        desk.store.connection.execute(
            "INSERT INTO evidence VALUES ('aa', '照片.jpg', '2026-10-20', 0, randomblob(?))",
            (megabytes * 1024**2,),
        )
        tracemalloc.start()
        try:
            made = back_up(desk, tmp_path / "备份.zip")
            restore(made.file, tmp_path / "again")
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    desk.close()
    assert made.size > megabytes * 1024**2
    assert most < 8 * 1024**2
    with open_store(tmp_path / "again") as again:
        assert again.row("SELECT length(body) FROM evidence") == (megabytes * 1024**2,)


def test_a_backup_that_does_not_read_back_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda _: "desk.sqlite")
    with (
        Desk.found(
            tmp_path / "desk", clock=SetClock(NOON), new_id=None, role=Role.OFFICE, unit=""
        ) as desk,
        pytest.raises(CannotRead, match="不一致"),
    ):
        back_up(desk, tmp_path / "out" / "备份.zip")
    desk.close()
    assert list((tmp_path / "out").iterdir()) == []
