"""Opening the desk's SQLite store safely: pragmas, migrations, integrity, backup.

One process writes a desk at a time. Nothing here knows what the tables mean.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rongchang_desk import assets
from rongchang_desk.errors import (
    CannotWrite,
    DeskDamaged,
    DeskError,
    DeskLocked,
    DeskTooNew,
    NotADesk,
)
from rongchang_desk.store.drive import is_local_disk

if TYPE_CHECKING:
    import sqlite_utils

FILE_NAME = "desk.sqlite"
APPLICATION_ID = 0x52434431  # "RCD1": marks the file as a desk's store


class Store:
    """An open store. Connections are bound to their thread: open another one elsewhere."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection

    @cached_property
    def db(self) -> sqlite_utils.Database:
        """The same connection through sqlite-utils; imported late, it costs 150 ms."""
        import sqlite_utils

        return sqlite_utils.Database(self.connection, execute_plugins=False)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query; raises DeskDamaged when the file cannot be read as a store."""
        with _damage_told(self.path):
            return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row of a query, or None; raises like `rows`."""
        with _damage_told(self.path):
            found: tuple[Any, ...] | None = self.connection.execute(sql, values).fetchone()
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One person's action: all of it or nothing. Nested calls join the outer one.

        Raises CannotWrite when the disk is full or read-only, DeskLocked when another
        connection keeps writing, DeskDamaged when the file proves damaged; the store is then
        unchanged.
        """
        if self.connection.in_transaction:
            yield
            return
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield
            self.connection.execute("COMMIT")
        except sqlite3.OperationalError as problem:
            self._roll_back()
            raise _told(problem, self.path) from problem
        except sqlite3.DatabaseError as problem:
            self._roll_back()
            if is_damage(problem):
                raise _damaged(self.path) from problem
            raise
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def setting(self, key: str, default: str = "") -> str:
        found = self.row("SELECT value FROM setting WHERE key = ?", key)
        return str(found[0]) if found else default

    def set_setting(self, key: str, value: str) -> None:
        with self.transaction():
            self.connection.execute(
                "INSERT INTO setting (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )

    def check(self) -> tuple[str, ...]:
        """SQLite's own findings about the file; empty when it is sound."""
        try:
            rows = self.rows("PRAGMA quick_check") + self.rows("PRAGMA foreign_key_check")
        except sqlite3.DatabaseError as problem:
            return (str(problem),)
        except DeskDamaged as problem:
            return (str(problem.__cause__),)
        return tuple(str(row[0]) for row in rows if row[0] != "ok")

    def back_up(self, target: Path) -> None:
        """A consistent copy of the store as one new file; raises CannotWrite, DeskDamaged."""
        try:
            self.connection.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.OperationalError as problem:
            raise _told(problem, target) from problem
        except sqlite3.DatabaseError as problem:
            raise _damaged(self.path) from problem

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()


def create(folder: Path) -> Store:
    """A new, empty store in an existing folder; raises CannotWrite."""
    path = folder / FILE_NAME
    if path.exists():
        raise DeskError(f"文件夹“{folder}”中已经有一个工作台。", "请换一个空文件夹。")
    try:
        store = Store(path, _connect(path))
        store.connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _migrate(store)
    except sqlite3.OperationalError as problem:
        raise _told(problem, path) from problem
    return store


def open_store(folder: Path) -> Store:
    """The store of a desk, brought up to today's schema.

    Raises NotADesk, DeskDamaged, DeskTooNew, CannotWrite; the file is then unchanged.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise NotADesk(f"文件夹“{folder}”里没有工作台。", "请核对文件夹，或先建立工作台。")
    _look(path)
    try:
        connection = _connect(path)
        try:
            store = Store(path, connection)
            _migrate(store)
        except BaseException:
            connection.close()  # the error would keep it, and an open file cannot be set aside
            raise
    except sqlite3.OperationalError as problem:
        raise _told(problem, path) from problem
    except sqlite3.DatabaseError as problem:
        raise _damaged(path) from problem
    return store


def schema_version() -> int:
    """The newest schema this program knows: the number of its last migration."""
    return int(assets.migrations()[-1].name[:4])


def _look(path: Path) -> None:
    """Refuse a file that is no desk's store, is damaged or too new, without changing it."""
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        raise _damaged(path)
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise DeskDamaged(f"文件“{path}”不是本软件的数据文件。", "请核对所选文件夹，或从备份恢复。")
    version = int.from_bytes(head[60:64], "big")
    if version > schema_version():
        raise DeskTooNew(
            f"工作台“{path.parent}”由更新版本的软件建立（数据版本 {version}，"
            f"本软件只支持到 {schema_version()}）。",
            "请安装新版软件后再打开；数据没有改动。",
        )


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        local = is_local_disk(path.parent)
        connection.execute(f"PRAGMA synchronous = {'FULL' if local else 'EXTRA'}")
        connection.execute(f"PRAGMA journal_mode = {'WAL' if local else 'DELETE'}")
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(store: Store) -> None:
    """Run the migrations the store has not seen, each in one transaction."""
    (version,) = store.row("PRAGMA user_version") or (0,)
    for file in assets.migrations():
        number = int(file.name[:4])
        if number <= version:
            continue
        script = file.read_text(encoding="utf-8")
        try:
            store.connection.executescript(
                f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;"
            )
        except BaseException:
            if store.connection.in_transaction:
                store.connection.execute("ROLLBACK")
            raise


def is_damage(problem: sqlite3.DatabaseError) -> bool:
    """Whether SQLite says that the file itself is broken, not what was asked of it."""
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    """Raise DeskDamaged where SQLite finds the file broken; other failures pass."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        if is_damage(problem):
            raise _damaged(path) from problem
        raise


def _damaged(path: Path) -> DeskDamaged:
    return DeskDamaged(
        f"数据文件“{path}”已损坏，不能打开。",
        "请从备份恢复；损坏的文件请保留，不要删除。",
        path.parent,
    )


def _told(problem: sqlite3.OperationalError, path: Path) -> DeskError:
    """What SQLite's failure means to a person."""
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return CannotWrite(
            f"磁盘已满，“{path}”没有写入。", "请清理磁盘空间后再试；原有数据没有改动。"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return CannotWrite(f"不能写入“{path}”。", "请检查文件夹权限或是否只读；原有数据没有改动。")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DeskLocked(f"“{path}”正被另一个程序使用。", "请稍后再试。")
    if code == sqlite3.SQLITE_IOERR:
        return CannotWrite(
            f"读写“{path}”时出错（{os.fspath(path.parent)} 所在磁盘可能有故障或已满）。",
            "请检查磁盘后再试；原有数据没有改动。",
        )
    return DeskError(f"数据文件“{path}”出错：{problem}", "请重新打开工作台后再试。")
