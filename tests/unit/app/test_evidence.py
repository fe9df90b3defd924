"""Evidence files: taken in once, opened as copies, lost or changed contents told, none run."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from rongchang_desk.app import backup, evidence, export, record, recycled
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.running import Running
from rongchang_desk.domain.records import Evidence
from rongchang_desk.errors import Cancelled, CannotRead, DeskDamaged, UsageError
from rongchang_desk.store import evidence as stored
from tests.district import MONTH, PASSPHRASE, District

BODY = "签到表 内容".encode()


@pytest.fixture
def desk(district: District) -> Desk:
    return district.desk("C1")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "签到表.txt"
    path.write_bytes(BODY)
    return path


def test_a_file_is_taken_in_with_its_name_size_and_digest(desk: Desk, sheet: Path) -> None:
    added = evidence.add(desk, sheet)
    assert added == Evidence("签到表.txt", len(BODY), hashlib.sha256(BODY).hexdigest())
    assert evidence.content(desk, added) == BODY
    sheet.unlink()
    assert evidence.content(desk, added) == BODY


def test_the_same_content_is_stored_once_under_its_first_name(
    desk: Desk, sheet: Path, tmp_path: Path
) -> None:
    first = evidence.add(desk, sheet)
    other = tmp_path / "副本.txt"
    other.write_bytes(BODY)
    second = evidence.add(desk, other)
    assert (second.name, second.sha256) == ("副本.txt", first.sha256)
    assert stored.kept(desk.store) == (first,)


@pytest.mark.parametrize(
    "name",
    ["a.exe", "A.EXE", "照片.jpg.exe", "a.exe.", "a.exe ", ".exe",
     "x.bat", "x.cmd", "x.com", "x.scr",
     "x.js", "x.vbs", "x.ps1", "x.msi", "x.lnk", "x.desktop", "x.sh", "x.hta", "x.e\u200bxe"],
)  # fmt: skip
def test_what_a_system_would_run_is_refused_and_not_stored(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"MZ")
    with pytest.raises(UsageError, match="可以运行的程序"):
        evidence.add(desk, path)
    assert stored.kept(desk.store) == ()


@pytest.mark.parametrize("name", ["说明.pdf", "exe", "我的exe说明.docx", "表.xlsx", "无后缀"])
def test_documents_are_not_taken_for_programs(desk: Desk, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BODY)
    assert evidence.add(desk, path).name == name


def test_empty_missing_folder_and_too_large_files_are_refused_clearly(
    desk: Desk, tmp_path: Path, sheet: Path
) -> None:
    empty = tmp_path / "空.pdf"
    empty.touch()
    with pytest.raises(UsageError, match="是空的"):
        evidence.add(desk, empty)
    with pytest.raises(CannotRead, match="找不到文件"):
        evidence.add(desk, tmp_path / "没有.pdf")
    with pytest.raises(CannotRead, match="是文件夹而不是文件"):
        evidence.add(desk, tmp_path)
    with pytest.raises(UsageError, match=rf"有 {len(BODY)} 字节，超过 {len(BODY) - 1} 字节"):
        evidence.add(desk, sheet, len(BODY) - 1)
    assert stored.kept(desk.store) == ()
    assert evidence.add(desk, sheet, len(BODY)).size == len(BODY)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file_is_refused(desk: Desk, sheet: Path) -> None:
    sheet.chmod(0)
    with pytest.raises(CannotRead, match="没有权限"):
        evidence.add(desk, sheet)


def test_the_office_keeps_no_evidence_of_its_own(district: District, sheet: Path) -> None:
    with pytest.raises(UsageError, match="办公室的工作台"):
        evidence.add(district.office, sheet)


def test_one_refused_file_does_not_stop_the_others(desk: Desk, sheet: Path, tmp_path: Path) -> None:
    bad = tmp_path / "x.exe"
    bad.write_bytes(b"MZ")
    added = evidence.add_all(desk, (bad, tmp_path / "无.pdf", sheet), Running())
    assert [one.name for one in added.files] == ["签到表.txt"]
    assert len(added.refused) == 2


def test_adding_can_be_cancelled(desk: Desk, sheet: Path) -> None:
    running = Running()
    running.cancel()
    with pytest.raises(Cancelled):
        evidence.add_all(desk, (sheet,), running)
    assert stored.kept(desk.store) == ()


def test_attaching_names_a_content_once_and_detaching_takes_it_away(
    district: District, desk: Desk, sheet: Path
) -> None:
    made = district.training("C1")
    record.change(desk, [made])
    added = evidence.add(desk, sheet)
    after = evidence.attached(made, [added, added])
    record.change(desk, [after])
    assert record.get(desk, made.id) == after
    assert after.evidence == (added,)
    assert evidence.attached(after, [added]) == after
    record.change(desk, [evidence.detached(after, [added])])
    assert record.get(desk, made.id) == made
    assert evidence.content(desk, added) == BODY  # an undo finds it again


def test_the_digest_of_attached_evidence_goes_into_the_return(
    district: District, desk: Desk, sheet: Path
) -> None:
    added = evidence.add(desk, sheet)
    district.record("C1", evidence.attached(district.training("C1"), [added]))
    value = export.draft(desk, MONTH)
    assert value.records.trainings[0].evidence == (added,)


def test_a_copy_is_read_only_whole_and_safely_named(desk: Desk, sheet: Path) -> None:
    added = evidence.add(desk, sheet)
    copy = evidence.open_copy(desk, Evidence("../../CON.txt", added.size, added.sha256))
    assert copy.name == "_.._CON.txt"
    assert copy.read_bytes() == BODY
    assert copy.stat().st_mode & 0o333 == 0
    assert evidence.open_copy(desk, added).parent != copy.parent


def test_a_copy_of_what_would_run_is_refused_even_if_a_record_names_one(
    desk: Desk, sheet: Path
) -> None:
    added = evidence.add(desk, sheet)
    with pytest.raises(UsageError, match="没有打开"):
        evidence.open_copy(desk, Evidence("a.vbs", added.size, added.sha256))


def test_a_missing_and_a_changed_content_are_told(desk: Desk, sheet: Path) -> None:
    added = evidence.add(desk, sheet)
    with pytest.raises(CannotRead, match="没有佐证材料“丢失"):
        evidence.open_copy(desk, Evidence("丢失.pdf", 1, "0" * 64))
    desk.store.connection.execute("UPDATE evidence SET body = x'00'")
    with pytest.raises(DeskDamaged, match="与添加时不一致"):
        evidence.open_copy(desk, added)
    assert evidence.add(desk, sheet) == added  # adding it again mends it
    assert evidence.content(desk, added) == BODY


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b\\c:d.pdf", "a_b_c_d.pdf"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("报告\u202efdp.docx", "报告fdp.docx"),
        ("换\n行.pdf", "换行.pdf"),
        (".pdf", "佐证材料.pdf"),
        ("  . ", "佐证材料"),
        ("字" * 300 + ".pdf", "字" * 76 + ".pdf"),
    ],
)
def test_names_become_safe_and_keep_their_ending(name: str, safe: str) -> None:
    assert evidence.safe_name(name) == safe
    assert evidence.safe_name(safe) == safe


def test_a_backup_carries_the_evidence(desk: Desk, sheet: Path, tmp_path: Path) -> None:
    added = evidence.add(desk, sheet)
    file = backup.back_up(desk, tmp_path / "备份.zip").file
    with Desk.open(backup.restore(file, tmp_path / "新"), clock=desk.clock) as again:
        assert evidence.content(again, added) == BODY


def test_contents_that_nothing_names_go_after_thirty_days_and_no_others(
    district: District, desk: Desk, tmp_path: Path
) -> None:
    def make(name: str) -> Evidence:
        path = tmp_path / name
        path.write_bytes(name.encode())
        return evidence.add(desk, path)

    used, binned, signed, loose = (make(f"{n}.txt") for n in ("用", "删", "签", "散"))
    in_return = evidence.attached(district.training("C1", day=3), [signed])
    district.record("C1", in_return)
    export.export(desk, MONTH, desk.identity(PASSPHRASE))
    record.change(desk, [evidence.attached(district.training("C1"), [used])], [in_return.id])
    district.clock.now = desk.now() + timedelta(days=31)
    gone = evidence.attached(district.training("C1", day=4), [binned])
    record.change(desk, [gone])
    record.delete(desk, gone.id)
    fresh = make("新.txt")
    recycled.purge(desk)
    assert set(stored.kept(desk.store)) == {used, binned, signed, fresh}
    with pytest.raises(CannotRead):
        evidence.content(desk, loose)


def test_the_body_of_a_content_must_be_there(desk: Desk) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        desk.store.connection.execute(
            "INSERT INTO evidence (sha256, name, added_at, size) VALUES ('a', 'b', 'c', 1)"
        )
