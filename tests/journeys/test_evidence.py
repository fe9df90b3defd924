"""Evidence from a unit's desk into the office's binder, with the real command."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

from rongchang_desk.app import evidence
from tests.district import MONTH, PASSPHRASE, District
from tests.journeys.command import desk, told


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return desk(*words, passphrase=PASSPHRASE)


def test_evidence_goes_into_the_binder_and_refusals_have_exit_codes(
    district: District, tmp_path: Path
) -> None:
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"\xff\xd8 photo")
    one = evidence.add(district.desk("A1"), photo)
    returned = district.report("A1", replace(district.progress("A1"), evidence=(one,)))
    folder, parcel = district.folder, tmp_path / "材料.pdf"
    district.close()
    words = ("evidence", "export", folder / "A1", "--month", str(MONTH), "--out", parcel, "--json")
    assert told(run(*words)) == {
        "parcels": [str(parcel)], "month": str(MONTH), "files": 1, "missing": []
    }  # fmt: skip
    early = run("take-in", folder / "office", parcel, "--json")
    assert early.returncode == 1
    (refused,) = json.loads(early.stdout)["refused"]
    assert refused["reasons"][0]["code"] == "no-return"
    both = told(run("take-in", folder / "office", returned, parcel, "--json"))
    assert [Path(done["file"]).name for done in both["accepted"]] == [returned.name, "材料.pdf"]
    again = told(run("parcel", "open", folder / "office", parcel, "--json"))
    assert (again["again"], again["new"], again["known"]) == (True, 0, 1)
    bound = told(run("binder", folder / "office", "--out", tmp_path / "验收", "--json"))
    assert (bound["evidence"], bound["listed"]) == (1, 0)
    none = run("evidence", "export", folder / "B1", "--month", str(MONTH), "--out", parcel)
    assert none.returncode == 1
    assert "还没有生成签名月报" in none.stderr
