"""Assessment and binder from the command line: acceptance, refusal, a full disk."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.district import PASSPHRASE, PLAN_FILE, District, without_c1
from tests.journeys.command import TOP, desk, told
from tests.unit.app.test_assessment import RULES


@pytest.fixture
def office(district: District) -> Path:
    """The folder of an office with returns and rules; closed."""
    records = (district.progress("A1"), district.training("A1"))
    district.take(district.report("A1", *records), district.report("B1"))
    plan = PLAN_FILE.read_bytes().replace(b"version = 2", b"version = 3") + RULES.encode()
    district.office.adopt_plan(plan)
    district.close()
    return district.folder / "office"


def test_assess_writes_a_signed_paper_and_tells_the_points(office: Path, tmp_path: Path) -> None:
    out = tmp_path / "score.pdf"
    words = ("assess", office, "--period", "2026H2", "--out", out, "--json")
    answer = told(desk(*words, passphrase=PASSPHRASE))
    assert answer["file"] == str(out)
    points = {unit["code"]: unit["points"] for unit in answer["units"]}
    assert points["A1"] > points["B1"] > points["C1"] == 0
    each = tmp_path / "each"
    again = told(desk(*words, "--unit", "A1", "--each", each, passphrase=PASSPHRASE))
    assert len(list(each.glob("*.pdf"))) == 5
    assert again["snapshot"] == answer["snapshot"]
    assert [unit["code"] for unit in again["units"]] == ["A1"]
    signed = subprocess.run(["pdfsig", str(out)], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in signed.stdout


@pytest.mark.parametrize(
    ("period", "passphrase", "code"),
    [("2026X", PASSPHRASE, 2), ("2019", PASSPHRASE, 1), ("2026", "错误的口令 xx", 3)],
)
def test_assess_refuses_in_chinese_and_writes_nothing(
    office: Path, tmp_path: Path, period: str, passphrase: str, code: int
) -> None:
    out = tmp_path / "score.pdf"
    done = desk("assess", office, "--period", period, "--out", out, passphrase=passphrase)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_binder_tells_what_it_wrote(office: Path, tmp_path: Path) -> None:
    out = tmp_path / "验收"
    answer = told(desk("binder", office, "--out", out, "--task", 1, "--zip", "--json"))
    assert answer["tasks"] == 1
    assert Path(answer["zip"]).is_file()
    again = desk("binder", office, "--out", out)
    assert again.returncode == 2
    assert "已经存在" in again.stderr


def test_a_full_disk_leaves_no_binder_and_says_so(office: Path, tmp_path: Path) -> None:
    def small_files_only() -> None:
        # A file may not grow past 60 KB: an original is larger.
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    out = tmp_path / "full" / "out"
    done = subprocess.run(
        [sys.executable, "-m", "rongchang_desk", "binder", office, "--out", out, "--json"],
        capture_output=True, text=True, check=False, cwd="/", preexec_fn=small_files_only,
        env=os.environ | {"PYTHONPATH": str(TOP)},
    )  # fmt: skip
    assert done.returncode == 3
    assert "磁盘空间不足" in json.loads(done.stdout)["error"]["message"]
    assert list(out.parent.iterdir()) == []


def test_kits_for_all_leave_out_a_unit_that_left_unless_it_is_named(
    district: District, tmp_path: Path
) -> None:
    district.office.adopt_plan(without_c1())
    district.close()
    words = ("office", "enrol", district.folder / "office", "--out", tmp_path / "kits")
    done = desk(*words, "--all", passphrase=PASSPHRASE)
    assert "已不再报送的单位没有制作：河西镇。" in done.stdout
    assert sorted(f.name[:2] for f in (tmp_path / "kits").glob("*.kit")) == ["A1", "A2", "B1", "C2"]
    told(desk(*words, "--unit", "C1", "--json", passphrase=PASSPHRASE))
    assert len(list((tmp_path / "kits").glob("C1_*.kit"))) == 1
