"""Bad input from the command line: a clear Chinese message, the right code, nothing half done."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from rongchang_desk.app.desk import Desk
from tests.district import PASSPHRASE, District
from tests.journeys.command import TOP, desk

MONTH = "2026-10"


def run(*words: object, **given: str) -> subprocess.CompletedProcess[str]:
    return desk(*words, passphrase=PASSPHRASE, **given)


def refused(done: subprocess.CompletedProcess[str], code: int, *said: str) -> None:
    """The exit code and the message fit; no traceback, something to do next."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    for words in said:
        assert words in done.stderr, done.stderr


def snapshot(folder: Path) -> dict[str, str]:
    """The files of a desk and what is in them, the lock and SQLite's side files apart."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm"))
    }


def rows(folder: Path) -> dict[str, int]:
    with sqlite3.connect(folder / "desk.sqlite") as store:
        names = [n for (n,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {n: store.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names}


@pytest.fixture
def ready(district: District) -> District:
    """A unit with a month of records, its desk closed."""
    district.record("A1", district.progress("A1"), district.training("A1"))
    district.close()
    return district


def test_a_wrong_passphrase_signs_nothing(ready: District) -> None:
    out = ready.folder / "out.pdf"
    done = desk(
        "return", "export", ready.folder / "A1", "--month", MONTH, "--out", out,
        passphrase="不对的口令 wrong",
    )  # fmt: skip
    refused(done, 3, "口令")
    assert not out.exists()
    assert rows(ready.folder / "A1")["issued_return"] == 0


def test_no_passphrase_and_nobody_to_ask_is_told(ready: District) -> None:
    done = desk(
        "return", "export", ready.folder / "A1", "--month", MONTH, "--out", "x.pdf",
        passphrase=None,
    )  # fmt: skip
    refused(done, 3, "没有提供口令", "--passphrase-file")


def test_a_short_passphrase_founds_no_office(tmp_path: Path) -> None:
    done = desk("office", "init", tmp_path / "office", passphrase="short")
    refused(done, 2, "口令太短")
    assert not (tmp_path / "office").exists()


def test_a_wrong_kit_password_leaves_no_desk(ready: District, tmp_path: Path) -> None:
    (kit,) = (ready.folder / "kits").glob("A1_*.kit")
    done = run(
        "unit", "init", tmp_path / "unit", "--kit", kit, RONGCHANG_DESK_KIT_PASSWORD="AAAAA-BBBBB"
    )
    refused(done, 3, "口令")
    assert not (tmp_path / "unit").exists()


@pytest.mark.parametrize("harm", ["cut", "altered", "foreign"])
def test_a_damaged_or_altered_kit_is_refused(ready: District, tmp_path: Path, harm: str) -> None:
    (kit,) = (ready.folder / "kits").glob("A1_*.kit")
    data = bytearray(kit.read_bytes())
    if harm == "cut":
        data = data[: len(data) // 2]
    elif harm == "altered":
        data[len(data) // 3] ^= 0x55
    else:
        data = bytearray(b"hello")
    bad = tmp_path / "bad.kit"
    bad.write_bytes(data)
    done = run("unit", "init", tmp_path / "unit", "--kit", bad)
    refused(done, 1, "入网包")
    assert not (tmp_path / "unit").exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"])
def test_a_foreign_file_is_refused_with_a_reason(
    ready: District, tmp_path: Path, content: bytes
) -> None:
    foreign = tmp_path / "外来.pdf"
    foreign.write_bytes(content)
    done = run("inspect", foreign, "--trust", ready.folder / "root.pem", "--json")
    refused(done, 1)
    seen = json.loads(done.stdout)
    assert (seen["verdict"], seen["payload"]) == ("invalid", None)
    assert seen["reasons"][0]["message"]
    taken = run("take-in", ready.folder / "office", foreign, "--json")
    refused(taken, 1)
    assert json.loads(taken.stdout)["refused"][0]["file"] == "外来.pdf"
    assert rows(ready.folder / "office")["received_return"] == 0


def test_a_root_that_is_no_root_is_refused(ready: District, tmp_path: Path) -> None:
    wrong = tmp_path / "root.pem"
    wrong.write_text("nothing")
    done = run("inspect", wrong, "--trust", wrong)
    refused(done, 1, "根证书")


def test_a_return_of_another_plan_is_refused(ready: District, tmp_path: Path) -> None:
    """Signed by a unit of this very office, but under a plan the office never published."""
    import sqlite3 as sql

    with sql.connect(ready.folder / "A1" / "desk.sqlite") as store:
        (body,) = store.execute("SELECT body FROM plan").fetchone()
    changed = bytes(body).replace("增加专利".encode(), "减少专利".encode())
    with Desk.open(ready.folder / "A1", clock=ready.clock) as unit:
        unit.adopt_plan(changed)
    out = tmp_path / "out.pdf"
    assert (
        run("return", "export", ready.folder / "A1", "--month", MONTH, "--out", out).returncode == 0
    )
    taken = run("take-in", ready.folder / "office", out, "--json")
    refused(taken, 1)
    (only,) = json.loads(taken.stdout)["refused"]
    assert [reason["code"] for reason in only["reasons"]] == ["wrong-plan"]


def test_a_changed_month_asks_for_an_amendment_and_an_unknown_kind_is_refused(
    ready: District,
) -> None:
    words = ("return", "export", ready.folder / "A1", "--month", MONTH, "--out")
    assert run(*words, ready.folder / "1.pdf").returncode == 0
    ready.record("A1", ready.training("A1", 5, topic="补课"))
    ready.close()
    refused(run(*words, ready.folder / "2.pdf"), 2, "已生成第 1 版", "更正类型")
    refused(run(*words, ready.folder / "2.pdf", "--amend", "whim"), 2, "--amend")
    refused(run(*words, ready.folder / "2.pdf", "--amend", "figures"), 2, "更正原因")
    assert not (ready.folder / "2.pdf").exists()
    done = run(*words, ready.folder / "2.pdf", "--amend", "figures", "--reason", "漏报一场")
    assert done.returncode == 0, done.stderr


def test_an_empty_month_is_not_signed_without_a_zero_statement(ready: District) -> None:
    words = ("return", "export", ready.folder / "B1", "--month", MONTH, "--out")
    done = run(*words, ready.folder / "b.pdf", "--json")
    refused(done, 1, "零报告")
    assert json.loads(done.stdout)["findings"][0]["code"] == "empty-month"
    assert run(*words, ready.folder / "b.pdf", "--zero").returncode == 0


def test_a_month_outside_the_plan_is_refused(ready: District) -> None:
    done = run("return", "check", ready.folder / "A1", "--month", "2019-01", "--json")
    refused(done, 1)
    refused(run("return", "check", ready.folder / "A1", "--month", "十月"), 2, "不是月份")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that users without rights may enter."""
    folder = Path(tempfile.mkdtemp(prefix="desk-refusal-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def limited(prepare: object, *words: object) -> subprocess.CompletedProcess[str]:
    """The command in a process that was restricted first."""
    return subprocess.run(
        [sys.executable, "-m", "rongchang_desk", *map(str, words)],
        capture_output=True, text=True, check=False, cwd="/", preexec_fn=prepare,  # type: ignore[call-overload]
        env=os.environ | {"PYTHONPATH": str(TOP), "RONGCHANG_DESK_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip


def test_a_full_disk_keeps_the_old_file_and_issues_nothing(ready: District) -> None:
    out = ready.folder / "out.pdf"
    out.write_bytes(b"yesterday's file")

    def small_files_only() -> None:
        # A file may not grow past 60 KB: a return is larger, the store's pages are in place.
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    before = rows(ready.folder / "A1")
    done = limited(
        small_files_only, "return", "export", ready.folder / "A1", "--month", MONTH, "--out", out
    )
    refused(done, 3, "没有改动")
    assert out.read_bytes() == b"yesterday's file"
    assert list(ready.folder.glob(".*.tmp")) == []
    assert rows(ready.folder / "A1")["issued_return"] == before["issued_return"] == 0


def test_a_folder_that_cannot_be_written_is_told(ready: District, open_folder: Path) -> None:
    (open_folder / "file").write_text("a file, not a folder")
    out = open_folder / "file" / "out.pdf"
    done = run("return", "export", ready.folder / "A1", "--month", MONTH, "--out", out)
    refused(done, 3, "不能写入")
    assert rows(ready.folder / "A1")["issued_return"] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody without rights")
def test_a_desk_in_a_folder_without_rights_is_told(ready: District, open_folder: Path) -> None:
    shutil.copytree(ready.folder / "A1", open_folder / "A1")
    before = snapshot(open_folder / "A1")

    def nobody() -> None:
        os.setgid(65534)
        os.setuid(65534)

    try:
        able = limited(nobody, "--version").returncode == 0
    except PermissionError:
        able = False
    if not able:
        pytest.skip("the program's own folder cannot be read by somebody without rights")
    done = limited(nobody, "status", open_folder / "A1", "--month", MONTH)
    refused(done, 3, "不能")
    assert snapshot(open_folder / "A1") == before


def test_a_desk_open_elsewhere_is_refused(ready: District) -> None:
    with Desk.open(ready.folder / "A1", clock=ready.clock):
        done = run("return", "check", ready.folder / "A1", "--month", MONTH)
    refused(done, 3, "已在另一个窗口或程序中打开")
    assert run("return", "check", ready.folder / "A1", "--month", MONTH).returncode == 0


def test_a_store_of_a_newer_version_is_refused_untouched(ready: District) -> None:
    store = sqlite3.connect(ready.folder / "A1" / "desk.sqlite")
    store.execute("PRAGMA user_version = 99")
    store.close()
    before = snapshot(ready.folder / "A1")
    done = run("return", "check", ready.folder / "A1", "--month", MONTH)
    refused(done, 3, "更新版本", "数据没有改动")
    assert snapshot(ready.folder / "A1") == before


def test_a_folder_without_a_desk_is_told(tmp_path: Path) -> None:
    refused(run("status", tmp_path, "--month", MONTH), 3, "没有工作台")
    refused(run("status", tmp_path / "无", "--month", MONTH), 2, "找不到文件夹")


def test_a_units_desk_does_no_office_work_and_the_other_way_round(ready: District) -> None:
    refused(run("status", ready.folder / "A1", "--month", MONTH), 2, "单位的工作台")
    refused(run("return", "check", ready.folder / "office", "--month", MONTH), 2, "办公室的工作台")


def test_a_wrong_plan_file_yields_all_its_findings(ready: District, tmp_path: Path) -> None:
    text = (TOP / "tests" / "data" / "linhe.toml").read_text(encoding="utf-8")
    plan = tmp_path / "plan.toml"
    plan.write_text(
        text.replace('lead = "C1"', 'lead = "Z9"').replace('owner = "A2"', 'owner = "Z8"')
    )
    done = run("office", "init", tmp_path / "office", "--plan", plan)
    refused(done, 1, "Z9", "Z8")
    assert not (tmp_path / "office").exists()


def edited(source: Path, target: Path, changes: dict[tuple[str, int, int], object]) -> Path:
    """A workbook with some cells changed: (sheet, row, column) counted from 0."""
    book = CalamineWorkbook.from_path(str(source))
    with xlsxwriter.Workbook(str(target)) as out:
        for name in book.sheet_names:
            sheet = out.add_worksheet(name)
            grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for (at, row, column), value in changes.items():
                if at == name:
                    while len(grid) <= row:
                        grid.append([])
                    grid[row] += [""] * (column + 1 - len(grid[row]))
                    grid[row][column] = value  # type: ignore[call-overload]
            for row, line in enumerate(grid):
                for column, value in enumerate(line):
                    sheet.write(row, column, value)
    return target


def headers(path: Path, sheet: str) -> tuple[int, list[str]]:
    """The row of a sheet's column titles and the titles."""
    grid = (
        CalamineWorkbook.from_path(str(path))
        .get_sheet_by_name(sheet)
        .to_python(skip_empty_area=False)
    )
    for row, line in enumerate(grid):
        titles = [str(cell) for cell in line]
        if sum(bool(title) for title in titles) > 3:
            return row, titles
    raise AssertionError(f"no headers in {sheet}")


@pytest.fixture
def workbook(ready: District, tmp_path: Path) -> Path:
    path = tmp_path / "模板.xlsx"
    done = run("record", "template", ready.folder / "A1", "--month", MONTH, "--out", path)
    assert done.returncode == 0, done.stderr
    return path


def test_text_in_a_number_cell_is_refused_by_sheet_row_and_field(
    ready: District, workbook: Path, tmp_path: Path
) -> None:
    row, titles = headers(workbook, "培训讲座")
    topic = next(i for i, t in enumerate(titles) if "主题" in t)
    day = next(i for i, t in enumerate(titles) if "日期" in t)
    count = next(i for i, t in enumerate(titles) if "职工" in t)
    bad = edited(
        workbook, tmp_path / "bad.xlsx",
        {
            ("培训讲座", row + 1, day): "2026-10-12", ("培训讲座", row + 1, topic): "专利培训",
            ("培训讲座", row + 1, count): "三十多人",
            ("培训讲座", row + 2, day): "2026-10-13", ("培训讲座", row + 2, topic): "商标培训",
            ("培训讲座", row + 2, count): "３０",
        },
    )  # fmt: skip
    before = rows(ready.folder / "A1")["record"]
    dry = run("record", "import", ready.folder / "A1", bad, "--dry-run", "--json")
    assert rows(ready.folder / "A1")["record"] == before
    done = run("record", "import", ready.folder / "A1", bad, "--json")
    assert done.returncode == dry.returncode == 1
    answer = json.loads(done.stdout)
    assert answer == json.loads(dry.stdout)
    (refusal,) = answer["refused"]
    assert (refusal["sheet"], refusal["row"]) == ("培训讲座", row + 2)
    assert "职工" in refusal["field"]
    assert "三十多人" in refusal["reason"]
    assert answer["imported"] == 1
    assert rows(ready.folder / "A1")["record"] == before + 1


def test_wrong_headers_are_told_and_nothing_of_that_sheet_is_taken(
    ready: District, workbook: Path, tmp_path: Path
) -> None:
    row, titles = headers(workbook, "培训讲座")
    topic = next(i for i, t in enumerate(titles) if "主题" in t)
    bad = edited(workbook, tmp_path / "bad.xlsx", {("培训讲座", row, topic): "题目"})
    done = run("record", "import", ready.folder / "A1", bad, "--json")
    refused(done, 1)
    reasons = [r for r in json.loads(done.stdout)["refused"] if r["sheet"] == "培训讲座"]
    assert reasons


def test_another_units_workbook_and_no_workbook_are_refused(
    ready: District, workbook: Path, tmp_path: Path
) -> None:
    before = rows(ready.folder / "A2")
    done = run("record", "import", ready.folder / "A2", workbook, "--json")
    assert done.returncode == 1
    assert rows(ready.folder / "A2")["record"] == before["record"]
    text = tmp_path / "text.xlsx"
    text.write_text("这不是表格")
    refused(run("record", "import", ready.folder / "A1", text), 1, "text.xlsx")
    refused(run("record", "import", ready.folder / "A1", tmp_path / "无.xlsx"), 3, "找不到文件")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fly"], "没有这个命令：fly"),
        (["status"], "缺少参数"),
        (["status", "--colour"], "没有选项 --colour"),
        (["demo"], "缺少参数"),
        (["demo", "x", "--units", "many"], "--units"),
        (["inspect", "a", "b", "--trust", "c"], "多写了参数"),
    ],
)
def test_wrong_words_are_explained_in_chinese(words: list[str], said: str) -> None:
    done = desk(*words)
    refused(done, 2, said, "--help")


def test_every_help_page_reads_chinese() -> None:
    for words in ([], ["office"], ["return", "export"], ["take-in"]):
        done = desk(*words, "--help")
        assert done.returncode == 0
        assert "用法：" in done.stdout
        for english in ("Usage", "Options", "Commands", "Show this", "Error"):
            assert english not in done.stdout


def test_a_backup_that_is_none_and_a_desk_in_the_way_are_refused(
    ready: District, tmp_path: Path
) -> None:
    fake = tmp_path / "fake.zip"
    fake.write_bytes(b"PK")
    refused(run("restore", fake, "--out", tmp_path / "new"), 3, "不是本软件的备份文件")
    assert not (tmp_path / "new").exists()
    good = tmp_path / "good.zip"
    assert run("backup", ready.folder / "A1", "--out", good).returncode == 0
    before = snapshot(ready.folder / "A1")
    refused(run("restore", good, "--out", ready.folder / "A1"), 3, "已经有一个工作台")
    assert snapshot(ready.folder / "A1") == before


def test_a_tampered_ledger_is_found_by_the_doctor(ready: District) -> None:
    file = ready.export("A1")
    ready.take(file)
    ready.close()
    assert run("doctor", ready.folder / "office").returncode == 0
    store = sqlite3.connect(ready.folder / "office" / "desk.sqlite")
    store.execute("UPDATE ledger SET received_at = '2026-11-01T00:00:00+08:00'")
    store.commit()
    store.close()
    done = run("doctor", ready.folder / "office", "--json")
    assert done.returncode == 1
    assert "收文账" in json.loads(done.stdout)["findings"][0]
