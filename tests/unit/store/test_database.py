"""Opening a store: damaged, foreign, newer, locked and full ones are refused unchanged."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rongchang_desk import assets
from rongchang_desk.errors import (
    CannotWrite,
    DeskDamaged,
    DeskError,
    DeskLocked,
    DeskTooNew,
    NotADesk,
)
from rongchang_desk.store import database
from rongchang_desk.store.database import FILE_NAME, Store, create, open_store
from rongchang_desk.store.lock import lock

HOLD = """
import sys
from pathlib import Path
from rongchang_desk.store.lock import lock
held = lock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create(tmp_path) as made:
        yield made


def closed(folder: Path) -> Path:
    """A store on disk with something in it; the path of its file."""
    with create(folder) as made:
        made.set_setting("role", "unit")
    return folder / FILE_NAME


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_was_stored_is_there_when_opened_again(tmp_path: Path) -> None:
    closed(tmp_path)
    with open_store(tmp_path) as again:
        assert again.setting("role") == "unit"
        assert again.check() == ()


def test_the_safe_pragmas_are_on(store: Store) -> None:
    assert store.row("PRAGMA foreign_keys") == (1,)
    assert store.row("PRAGMA synchronous") == (2,)
    assert store.row("PRAGMA journal_mode") == ("wal",)


def test_every_table_is_strict(store: Store) -> None:
    rows = store.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    assert rows
    assert [name for name, sql in rows if "STRICT" not in sql] == []


def test_a_failed_action_leaves_nothing_behind(store: Store) -> None:

    def half() -> None:
        with store.transaction():
            store.set_setting("a", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert store.setting("a") == ""
    store.set_setting("a", "2")
    assert store.setting("a") == "2"


def test_a_full_disk_is_told_and_changes_nothing(store: Store) -> None:
    store.set_setting("a", "kept")
    pages = store.row("PRAGMA page_count")
    assert pages is not None
    store.connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    def too_much() -> None:
        with store.transaction():
            store.set_setting("a", "lost")
            store.set_setting("big", "x" * 1_000_000)

    with pytest.raises(CannotWrite, match="磁盘已满"):
        too_much()
    assert store.setting("a") == "kept"
    assert store.setting("big") == ""


def test_a_folder_without_a_store_is_no_desk(tmp_path: Path) -> None:
    with pytest.raises(NotADesk, match="没有工作台"):
        open_store(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 200])
def test_a_file_that_is_no_store_is_refused_and_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    with pytest.raises(DeskDamaged):
        open_store(tmp_path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as foreign:
        foreign.execute("CREATE TABLE setting (key, value)")
    foreign.close()
    with pytest.raises(DeskDamaged, match="不是本软件的数据文件"):
        open_store(tmp_path)


def test_the_numbers_of_the_migrations_leave_no_gap() -> None:
    """A store never runs a migration whose number is below its own: a gap filled later is lost."""
    numbers = [int(file.name[:4]) for file in assets.migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_store_of_a_newer_version_is_refused_and_untouched(tmp_path: Path) -> None:
    path = closed(tmp_path)
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {database.schema_version() + 1}")
    newer.close()
    before = digest(path)
    with pytest.raises(DeskTooNew, match="更新版本"):
        open_store(tmp_path)
    assert digest(path) == before


def test_a_damaged_page_is_found_by_the_check(tmp_path: Path) -> None:
    path = closed(tmp_path)
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 3 + 2000] = b"\xff" * 2000
    path.write_bytes(bytes(data))
    with open_store(tmp_path) as broken:
        assert broken.check() != ()


def test_a_second_store_in_one_folder_is_refused(tmp_path: Path) -> None:
    closed(tmp_path)
    with pytest.raises(DeskError, match="已经有一个工作台"):
        create(tmp_path)


def test_a_desk_in_use_by_another_process_is_refused(tmp_path: Path) -> None:
    closed(tmp_path)
    holder = subprocess.Popen(
        [
            sys.executable, "-c",
            HOLD,
            str(tmp_path),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DeskLocked, match="已在另一个窗口或程序中打开"):
            lock(tmp_path)
    finally:
        holder.communicate()
    lock(tmp_path).release()


def test_a_backup_is_a_sound_store_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    closed(tmp_path / "one")
    with open_store(tmp_path / "one") as live:
        live.back_up(tmp_path / "two" / FILE_NAME)
    with open_store(tmp_path / "two") as copy:
        assert copy.setting("role") == "unit"
        assert copy.check() == ()


def test_a_backup_to_where_nothing_can_be_written_is_told(tmp_path: Path, store: Store) -> None:
    with pytest.raises(CannotWrite):
        store.back_up(tmp_path / "no" / "such" / "folder" / "copy.sqlite")
