"""The main job from the command line: a district reports for a month, end to end."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.journeys.command import desk, told

MONTH = "2026-10"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight units of the real plan, one month."""
    folder = tmp_path_factory.mktemp("demo") / "区"
    done = desk("demo", folder, "--units", 8, "--seed", 7)
    assert done.returncode == 0, done.stderr
    assert "汇总指纹" in done.stdout
    return folder


def test_the_same_seed_gives_the_same_fingerprint(demo: Path, tmp_path: Path) -> None:
    again = told(desk("demo", tmp_path / "again", "--units", 8, "--seed", 7, "--json"))
    other = told(desk("demo", tmp_path / "other", "--units", 3, "--seed", 8, "--json"))
    status = told(desk("status", demo / "office", "--month", MONTH, "--json"))
    assert again["fingerprint"] == status["fingerprint"]
    assert other["fingerprint"] != status["fingerprint"]


def test_status_tells_who_reported_and_how_the_targets_stand(demo: Path) -> None:
    status = told(desk("status", demo / "office", "--month", MONTH, "--json"))
    assert status["units_expected"] == 39
    assert status["units_reported"] + len(status["missing"]) == 39
    assert status["on_time"] + status["late"] == status["units_reported"]
    assert status["late"] >= 1
    assert len(status["targets"]) == 13
    assert {"code", "value", "target", "percent", "state"} == set(status["targets"][0])
    assert len(status["fingerprint"]) == 64


def test_every_return_verifies_against_the_exported_root_alone(demo: Path) -> None:
    for file in sorted((demo / "returns" / MONTH).glob("*.pdf")):
        seen = told(desk("inspect", file, "--trust", demo / "root.pem", "--json"))
        assert seen["verdict"] == "valid", file
        assert seen["payload"]["month"] == MONTH
        assert file.stat().st_size <= 150_000


def test_the_merged_report_carries_its_originals_byte_for_byte(demo: Path) -> None:
    report = demo / "reports" / f"{MONTH}.pdf"
    seen = told(desk("inspect", report, "--trust", demo / "root.pem", "--json"))
    assert seen["verdict"] == "valid"
    import pikepdf

    with pikepdf.open(report) as pdf:
        inside = {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
    returns = [file.read_bytes() for file in (demo / "returns" / MONTH).glob("*.pdf")]
    del inside["report.json"]
    assert sorted(inside.values()) == sorted(returns)


def test_a_damaged_return_is_invalid_and_says_why(demo: Path, tmp_path: Path) -> None:
    file = next((demo / "returns" / MONTH).glob("*.pdf"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(bytes(data))
    done = desk("inspect", bad, "--trust", demo / "root.pem", "--json")
    assert done.returncode == 1
    seen = json.loads(done.stdout)
    assert (seen["verdict"], seen["payload"]) == ("invalid", None)
    assert seen["reasons"][0]["code"] == "signature-invalid"


def test_without_the_revocation_list_nothing_is_called_valid(demo: Path, tmp_path: Path) -> None:
    root = (demo / "root.pem").read_text().split("-----BEGIN X509 CRL")[0]
    (tmp_path / "root.pem").write_text(root)
    file = next((demo / "returns" / MONTH).glob("*.pdf"))
    done = desk("inspect", file, "--trust", tmp_path / "root.pem", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["verdict"] == "unknown"


def test_taking_the_same_returns_in_again_changes_nothing(demo: Path) -> None:
    before = told(desk("status", demo / "office", "--month", MONTH, "--json"))
    done = desk("take-in", demo / "office", demo / "returns", "--json", passphrase=None)
    assert done.returncode == 0
    taken = json.loads(done.stdout)
    assert taken["accepted"] == taken["held"] == taken["refused"] == []
    assert len(taken["duplicate"]) == len(list((demo / "returns" / MONTH).glob("*.pdf")))
    assert told(desk("status", demo / "office", "--month", MONTH, "--json")) == before


def test_another_seed_sits_in_an_empty_folder_or_is_refused(demo: Path) -> None:
    done = desk("demo", demo, "--units", 3)
    assert done.returncode == 2
    assert "不是空文件夹" in done.stderr


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is missing")
@pytest.mark.skipif(shutil.which("certutil") is None, reason="certutil (libnss3-tools) is missing")
def test_pdfsig_trusts_every_signature_under_the_exported_root(demo: Path, tmp_path: Path) -> None:
    store = f"sql:{tmp_path}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
    subprocess.run(
        ["certutil", "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-a", "-i",
         str(demo / "root.pem")],
        check=True,
    )  # fmt: skip
    files = [*(demo / "returns" / MONTH).glob("*.pdf"), *(demo / "reports").glob("*.pdf")]
    assert len(files) >= 8
    for file in files:
        seen = subprocess.run(
            ["pdfsig", "-nssdir", store, str(file)], capture_output=True, text=True, check=False
        ).stdout
        assert "Signature is Valid" in seen, file
        assert "Certificate is Trusted" in seen, file
        assert "Total document signed" in seen, file


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is missing")
def test_qpdf_finds_nothing_to_complain_about(demo: Path) -> None:
    files = [*(demo / "returns" / MONTH).glob("*.pdf"), *(demo / "reports").glob("*.pdf")]
    for file in files:
        checked = subprocess.run(
            ["qpdf", "--check", str(file)], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_whole_job_by_hand(tmp_path: Path) -> None:
    """Office, kits, a unit, its workbook, its return, take-in, report: each by its command."""
    office, unit, kits = tmp_path / "办公室", tmp_path / "单位", tmp_path / "入网包"
    assert desk("office", "init", office).returncode == 0
    assert desk("office", "enrol", office, "--unit", "D05", "--out", kits).returncode == 0
    assert desk("office", "root", office, "--out", tmp_path / "root.pem").returncode == 0
    (kit,) = kits.glob("*.kit")
    joined = desk("unit", "init", unit, "--kit", kit, "--json")
    assert told(joined)["name"] == "区科技局"
    blank = tmp_path / "模板.xlsx"
    assert desk("record", "template", unit, "--month", MONTH, "--out", blank).returncode == 0
    imported = told(desk("record", "import", unit, filled(unit, tmp_path), "--json"))
    assert imported["refused"] == []
    assert imported["imported"] >= 2
    checked = desk("return", "check", unit, "--month", MONTH, "--json")
    assert checked.returncode == 0, checked.stdout
    out = tmp_path / "月报.pdf"
    made = told(desk("return", "export", unit, "--month", MONTH, "--out", out, "--json"))
    assert (made["unit"], made["month"], made["revision"]) == ("D05", MONTH, 1)
    again = told(desk("return", "export", unit, "--month", MONTH, "--out", out, "--json"))
    assert again["digest"] == made["digest"]
    taken = told(desk("take-in", office, out, "--json"))
    assert taken["accepted"] == [{"file": "月报.pdf", "unit": "D05", "month": MONTH, "revision": 1}]
    report = told(
        desk("report", office, "--month", MONTH, "--out", tmp_path / "汇总.pdf", "--json")
    )
    assert report["returns"] == 1
    assert told(desk("doctor", office, "--json"))["sound"]
    backup = tmp_path / "备份.zip"
    assert desk("backup", office, "--out", backup).returncode == 0
    assert desk("restore", backup, "--out", tmp_path / "新办公室").returncode == 0
    status = told(desk("status", tmp_path / "新办公室", "--month", MONTH, "--json"))
    assert status["fingerprint"] == report["fingerprint"]


def filled(unit: Path, folder: Path) -> Path:
    """A workbook as a clerk would fill it in, through the unit's own writer."""
    from datetime import date

    from rongchang_desk.app.desk import Desk
    from rongchang_desk.domain.month import Month
    from rongchang_desk.domain.monthly_return import Signatories
    from rongchang_desk.domain.records import (
        NamedValue,
        Progress,
        Records,
        Status,
        Training,
        Value,
    )
    from rongchang_desk.formats import sheets

    with Desk.open(unit) as opened:
        plan = opened.plan
        counted = next(c.code for c in plan.headcounts if c.counted)
        records = Records(
            progress=tuple(
                Progress("", Month(2026, 10), task.no, Status.UNDER_WAY, "推进中。", "继续。")
                for task in plan.tasks_of("D05")
                if task.lead == "D05"
            ),
            trainings=(
                Training("", date(2026, 10, 12), "专利布局培训", form=plan.training_forms[0],
                         headcounts=(NamedValue(counted, Value.of(35)),)),
            ),
        )  # fmt: skip
        data = sheets.dumps(plan, "D05", Month(2026, 10), records, Signatories("张镕", "", "李喆"))
    path = folder / "填好.xlsx"
    path.write_bytes(data)
    return path
