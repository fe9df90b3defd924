"""Network drives and USB sticks are told from local disks."""

from __future__ import annotations

from pathlib import Path

import pytest

from rongchang_desk.store import database, drive
from rongchang_desk.store.database import create, open_store

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home/u/网盘 rw shared:2 - cifs //server/share rw
31 22 8:17 / /media/u/USB\040DISK rw shared:3 - vfat /dev/sdb1 rw
32 22 0:41 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
33 30 8:2 / /home/u/网盘/本地 rw - xfs /dev/sda2 rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/u/desk", "ext4"),
        ("/media/u/USB DISK/desk", "vfat"),
        ("/media/u/USB DISK2/desk", "ext4"),
        ("/run/user/1000/gvfs/smb", "fuse.gvfsd-fuse"),
        ("/", "ext4"),
    ],
)
def test_the_innermost_mount_decides(path: str, kind: str) -> None:
    assert drive.file_system(path, MOUNTS) == kind


def test_the_folder_of_the_tests_is_local(tmp_path: Path) -> None:
    assert drive.is_local_disk(tmp_path)


def test_a_store_on_another_drive_uses_the_safer_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "is_local_disk", lambda _: False)
    with create(tmp_path) as store:
        assert store.row("PRAGMA journal_mode") == ("delete",)
        assert store.row("PRAGMA synchronous") == (3,)
        store.set_setting("a", "1")
    monkeypatch.undo()
    with open_store(tmp_path) as store:
        assert store.row("PRAGMA journal_mode") == ("wal",)
        assert store.setting("a") == "1"
