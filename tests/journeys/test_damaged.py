"""The command line in front of a damaged desk: it says so, and the backup it names restores."""

from __future__ import annotations

import json
from pathlib import Path

from rongchang_desk.app.backup import back_up_by_itself
from tests.district import District

from .command import desk, told


def test_the_doctor_names_a_backup_that_restores_to_a_sound_desk(
    district: District, tmp_path: Path
) -> None:
    made = back_up_by_itself(district.desk("A1"))
    district.close()
    store = district.folder / "A1" / "desk.sqlite"
    store.write_bytes(store.read_bytes()[:5000])
    done = desk("doctor", district.folder / "A1", "--json")
    assert done.returncode == 3
    error = json.loads(done.stdout)["error"]
    assert "已损坏" in error["message"]
    assert str(made.file) in error["hint"]
    assert told(desk("restore", made.file, "--out", tmp_path / "新", "--json"))
    assert told(desk("doctor", tmp_path / "新", "--json"))["sound"]


def test_the_doctor_says_when_no_backup_is_good(district: District) -> None:
    made = back_up_by_itself(district.desk("A1"))
    made.file.write_bytes(made.file.read_bytes()[:-30])
    district.close()
    (district.folder / "A1" / "desk.sqlite").write_bytes(b"")
    done = desk("doctor", district.folder / "A1")
    assert done.returncode == 3
    assert "没有完好的备份" in done.stderr
