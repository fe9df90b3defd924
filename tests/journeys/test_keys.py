"""Keys with the real command: lost, handed over, renewed, a unit's own, and a new plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.district import PASSPHRASE, PLAN_FILE, District
from tests.journeys.command import desk, told

LATER = "2099-01-01"


@pytest.fixture
def closed(district: District) -> District:
    """A district in which B1 has reported; all desks are closed."""
    assert district.take(district.report("B1")).of("accepted")
    district.close()
    return district


def test_a_lost_key_is_revoked_and_its_receipts_are_named(closed: District, tmp_path: Path) -> None:
    office = closed.folder / "office"
    done = told(
        desk("office", "revoke", office, "--unit", "B1", "--lost-since", "2026-11-01", "--reason",
             "U盘遗失", "--json", passphrase=PASSPHRASE)
    )  # fmt: skip
    assert (done["unit"], done["list_number"], len(done["revoked"])) == ("B1", 2, 1)
    assert [(d["month"], d["revision"]) for d in done["doubtful"]] == [("2026-10", 1)]
    again = desk(
        "office", "revoke", office, "--unit", "B1", "--reason", "再次", passphrase=PASSPHRASE
    )
    assert (again.returncode, "没有可以吊销的证书" in again.stderr) == (1, True)
    found = desk("office", "verify", office, "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["wrong"][0]["reasons"] == ["certificate-revoked"]
    listed = told(
        desk("office", "crl", office, "--out", tmp_path / "root.pem", "--json",
             passphrase=PASSPHRASE)
    )  # fmt: skip
    assert listed["list_number"] == 3
    assert "X509 CRL" in (tmp_path / "root.pem").read_text()
    register = told(
        desk("office", "keys", office, "--out", tmp_path / "登记簿.pdf", "--json",
             passphrase=PASSPHRASE)
    )  # fmt: skip
    assert {k["unit"]: k["state"] for k in register["keys"]}["B1"] == "lost"
    seen = told(
        desk("inspect", tmp_path / "登记簿.pdf", "--trust", tmp_path / "root.pem", "--json")
    )
    assert (seen["verdict"], seen["payload"]["kind"]) == ("valid", "key-register")


def test_a_unit_gets_a_certificate_for_its_own_key(closed: District, tmp_path: Path) -> None:
    office, unit = closed.folder / "office", closed.folder / "B1"
    csr = tmp_path / "申请.csr"
    asked = told(desk("unit", "request", unit, "--out", csr, "--json", passphrase=PASSPHRASE))
    wrong = desk(
        "office", "issue", office, "--request", csr, "--fingerprint", "0" * 64, "--from", LATER,
        "--out", tmp_path / "证书.pdf", "--json", passphrase=PASSPHRASE,
    )  # fmt: skip
    assert wrong.returncode == 2
    assert "指纹" in wrong.stderr
    assert not (tmp_path / "证书.pdf").exists()
    made = told(
        desk("office", "issue", office, "--request", csr, "--fingerprint", asked["fingerprint"],
             "--from", LATER, "--out", tmp_path / "证书.pdf", "--json", passphrase=PASSPHRASE)
    )  # fmt: skip
    assert made["unit"] == "B1"
    opened = told(desk("parcel", "open", unit, tmp_path / "证书.pdf", "--json",
                       passphrase=PASSPHRASE))  # fmt: skip
    assert "自有密钥" in opened["what"]


def test_a_new_clerk_takes_over_with_a_new_kit(closed: District, tmp_path: Path) -> None:
    office, unit = closed.folder / "office", closed.folder / "B1"
    kit = told(
        desk("office", "handover", office, "--unit", "B1", "--out", tmp_path, "--from", LATER,
             "--json", passphrase=PASSPHRASE)
    )  # fmt: skip
    taken = told(
        desk("unit", "rekey", unit, "--kit", kit["file"], "--kit-password-file", kit["slip"],
             "--json", passphrase="新经办人的口令 2026")
    )  # fmt: skip
    assert taken["unit"] == "B1"
    other = desk(
        "unit", "rekey", closed.folder / "C1", "--kit", kit["file"], "--kit-password-file",
        kit["slip"], passphrase=PASSPHRASE,
    )  # fmt: skip
    assert (other.returncode, "不是本单位的入网包" in other.stderr) == (1, True)
    late = desk(
        "office", "handover", office, "--unit", "B1", "--out", tmp_path, "--from", "2020-01-01",
        passphrase=PASSPHRASE,
    )  # fmt: skip
    assert (late.returncode, "已经过去" in late.stderr) == (2, True)
    wrong = desk("office", "handover", office, "--unit", "B1", "--out", tmp_path, "--from", "明天")
    assert (wrong.returncode, "不是日期" in wrong.stderr) == (2, True)


def test_certificates_are_renewed_for_all_and_a_plan_is_published(
    closed: District, tmp_path: Path
) -> None:
    office = closed.folder / "office"
    made = told(
        desk("office", "renew", office, "--unit", "B1", "--unit", "C1", "--out", tmp_path,
             "--json", passphrase=PASSPHRASE)
    )  # fmt: skip
    assert [one["unit"] for one in made["renewals"]] == ["B1", "C1"]
    opened = told(
        desk("parcel", "open", closed.folder / "B1", made["renewals"][0]["file"], "--json",
             passphrase=PASSPHRASE)
    )  # fmt: skip
    assert opened["kind"] == "renewal"
    plan = tmp_path / "新版.toml"
    text = PLAN_FILE.read_text("utf-8").replace("version = 2", "version = 3", 1)
    plan.write_text(text.replace("goal = 120", "goal = 150"), "utf-8")
    out = tmp_path / "任务包.pdf"
    done = told(
        desk("office", "publish", office, "--plan", plan, "--out", out, "--json",
             passphrase=PASSPHRASE)
    )  # fmt: skip
    assert done["version"] == 3
    assert told(desk("parcel", "open", closed.folder / "C1", out, "--json"))["kind"] == "plan"
    again = desk("office", "publish", office, "--plan", plan, "--out", out, passphrase=PASSPHRASE)
    assert (again.returncode, "没有高于现行" in again.stderr) == (2, True)
