"""What office and units send each other, opened with the real command."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from rongchang_desk.app import enrol, parcels
from rongchang_desk.app.clock import SetClock
from rongchang_desk.app.desk import Desk
from tests.district import MONTH, PASSPHRASE, PLAN_FILE, District, at
from tests.journeys.command import desk, told

MONTH_TEXT = str(MONTH)


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return desk(*words, passphrase=PASSPHRASE)


def refused(done: subprocess.CompletedProcess[str], *codes: str) -> None:
    """Exit code 1, the stable codes in JSON, a Chinese message and no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "没有打开，工作台没有任何改动" in done.stderr
    assert {f["code"] for f in json.loads(done.stdout)["findings"]} <= set(codes)


@pytest.fixture
def reported(district: District) -> District:
    """A1 has reported, the office has taken it in; all desks are closed."""
    assert district.take(district.report("A1")).of("accepted")
    district.close()
    return district


def test_a_receipt_goes_round_and_is_refused_where_it_does_not_belong(
    reported: District, tmp_path: Path
) -> None:
    folder = reported.folder
    made = told(
        run("office", "receipt", folder / "office", "--month", MONTH_TEXT, "--out", tmp_path,
            "--json")
    )  # fmt: skip
    ((receipt),) = made["receipts"]
    assert receipt["unit"] == "A1"
    file = Path(receipt["file"])
    opened = told(run("parcel", "open", folder / "A1", file, "--json"))
    assert (opened["kind"], opened["month"], opened["again"]) == ("receipt", MONTH_TEXT, False)
    assert "已收到" in opened["what"]
    again = run("parcel", "open", folder / "A1", file)
    assert again.returncode == 0
    assert "打开过" in again.stdout
    refused(run("parcel", "open", folder / "B1", file, "--json"), "wrong-addressee")
    altered = tmp_path / "改.pdf"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(bytes(data))
    refused(
        run("parcel", "open", folder / "A1", altered, "--json"),
        "signature-invalid", "not-one-revision",
    )  # fmt: skip
    with enrol.create_office(
        tmp_path / "foreign", PASSPHRASE, plan_file=PLAN_FILE.read_bytes(), clock=SetClock(at(2))
    ) as foreign:
        strange = parcels.write_bulletin(
            foreign, MONTH, "通报", foreign.identity(PASSPHRASE), out=tmp_path / "外区.pdf"
        )
    refused(run("parcel", "open", folder / "A1", strange.file, "--json"), "signer-unknown")


def test_a_closed_month_waits_for_its_slip(reported: District, tmp_path: Path) -> None:
    folder = reported.folder
    with Desk.open(folder / "office", clock=reported.clock) as office:
        key = office.identity(PASSPHRASE)
        early = parcels.write_reopening(office, "A1", MONTH, "早前", key, out=tmp_path / "0.pdf")
        bulletin = parcels.write_bulletin(office, MONTH, "情况通报。", key, out=tmp_path / "1.pdf")
    told(run("parcel", "open", folder / "A1", bulletin.file, "--json"))
    refused(run("parcel", "open", folder / "A1", early.file, "--json"), "stale-parcel")
    reported.record("A1", reported.training("A1", 5))
    reported.close()
    words = (
        "return", "export", folder / "A1", "--month", MONTH_TEXT, "--out", tmp_path / "r2.pdf",
        "--amend", "addition", "--reason", "漏报一场",
    )  # fmt: skip
    closed = run(*words)
    assert closed.returncode == 2
    assert "已锁定" in closed.stderr
    assert "补报许可" in closed.stderr
    assert not (tmp_path / "r2.pdf").exists()
    slip = told(
        run("office", "reopen", folder / "office", "--unit", "A1", "--month", MONTH_TEXT,
            "--reason", "确有漏报", "--out", tmp_path / "许可.pdf", "--json")
    )  # fmt: skip
    told(run("parcel", "open", folder / "A1", slip["file"], "--json"))
    done = run(*words)
    assert done.returncode == 0, done.stderr
    taken = told(run("take-in", folder / "office", tmp_path / "r2.pdf", "--json"))
    assert taken["accepted"][0]["revision"] == 2


def test_the_office_locks_a_month_once(reported: District) -> None:
    words = ("office", "lock", reported.folder / "office", "--month", MONTH_TEXT, "--json")
    assert told(run(*words)) == {"month": MONTH_TEXT, "locked": True, "again": False}
    assert told(run(*words))["again"] is True
    wrong = run("office", "lock", reported.folder / "A1", "--month", MONTH_TEXT)
    assert wrong.returncode == 2


def test_a_new_plan_and_a_new_certificate_and_returns_under_both(
    reported: District, tmp_path: Path
) -> None:
    folder = reported.folder
    reported.record("C1", reported.progress("C1"))
    old = reported.export("C1")
    reported.record("B1", reported.progress("B1"))
    reported.close()
    newer = PLAN_FILE.read_bytes().replace(b"version = 2", b"version = 3")
    newer = newer.replace("增加专利".encode(), "大力增加专利".encode())
    with Desk.open(folder / "office", clock=reported.clock) as office:
        key = office.identity(PASSPHRASE)
        plan = parcels.write_plan(office, newer, key, out=tmp_path / "任务包.pdf")
        renewal = parcels.write_renewal(office, "B1", PASSPHRASE, out=tmp_path / "证书.pdf")
    assert "第3版" in told(run("parcel", "open", folder / "B1", plan.file, "--json"))["what"]
    without = desk("parcel", "open", folder / "B1", renewal.file, passphrase=None)
    assert without.returncode == 3
    assert "口令" in without.stderr
    assert "证书已更新" in run("parcel", "open", folder / "B1", renewal.file).stdout
    new = tmp_path / "b1.pdf"
    words = ("return", "export", folder / "B1", "--month", MONTH_TEXT, "--out", new)
    assert run(*words).returncode == 0
    taken = told(run("take-in", folder / "office", new, old, "--json"))
    assert [one["unit"] for one in taken["accepted"]] == ["B1", "C1"]
