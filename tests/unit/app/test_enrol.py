"""Setting up: an office, kits, units; renewed kits; what fails leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from rongchang_desk.app import backup, enrol
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.errors import CannotWrite, DeskError, UsageError, WrongPassphrase
from rongchang_desk.store import keys
from tests.district import PASSPHRASE, PLAN_FILE, District


def test_an_office_has_its_plan_its_root_and_a_first_list(district: District) -> None:
    office = district.office
    assert office.role is Role.OFFICE
    assert office.plan.code == "linhe-2025"
    assert keys.newest_crl(office.store)[0] == 1
    assert backup.diagnose(office).sound
    assert office.title == "临河市试点办公室"


def test_every_certificate_is_in_the_register_of_keys(district: District) -> None:
    units = [row.unit for row in keys.certificates(district.office.store)]
    assert sorted(units) == sorted(["OFFICE", *(u.code for u in district.office.plan.units)])


def test_a_units_desk_knows_its_unit_the_plan_and_the_root(district: District) -> None:
    unit, office = district.desk("C1"), district.office
    assert (unit.role, unit.unit.name) == (Role.UNIT, "河西镇")
    assert unit.plan_digest == office.plan_digest
    assert unit.root() == office.root()
    assert unit.identity(PASSPHRASE).unit_code == "C1"


def test_the_key_lies_under_the_clerks_passphrase_only(district: District) -> None:
    (slip,) = (district.folder / "kits" / "口令条").glob("C1_*")
    with pytest.raises(WrongPassphrase):
        district.desk("C1").identity(slip.read_text().strip())
    assert (district.folder / "C1" / "keys" / "identity.p12").stat().st_mode & 0o077 == 0


def test_a_kit_names_its_unit_and_finds_its_slip(district: District) -> None:
    (kit,) = (district.folder / "kits").glob("C1_*.kit")
    assert enrol.kit_unit(kit) == ("C1", "河西镇")
    assert len(enrol.slip_beside(kit).replace("-", "")) == 20


def test_a_second_kit_for_a_unit_leaves_the_first_certificate_valid(
    district: District, tmp_path: Path
) -> None:
    enrol.enrol(district.office, ["C1"], PASSPHRASE, tmp_path)
    rows = [row for row in keys.certificates(district.office.store) if row.unit == "C1"]
    assert len(rows) == 2
    assert district.take(district.report("C1")).of("accepted")


def test_a_unit_the_plan_does_not_have_gets_no_kit(district: District, tmp_path: Path) -> None:
    before = len(keys.certificates(district.office.store))
    with pytest.raises(UsageError, match="Z9"):
        enrol.enrol(district.office, ["C1", "Z9"], PASSPHRASE, tmp_path)
    assert list(tmp_path.rglob("*.kit")) == list((tmp_path / "district").rglob("*.kit"))
    assert len(keys.certificates(district.office.store)) == before


def test_a_wrong_office_passphrase_makes_no_kit(district: District, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        enrol.enrol(district.office, ["C1"], "something else entirely", tmp_path)
    assert list(tmp_path.rglob("*.kit")) == list((tmp_path / "district").rglob("*.kit"))


def test_a_kit_that_cannot_be_written_is_not_registered(district: District, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    before = len(keys.certificates(district.office.store))
    with pytest.raises(CannotWrite):
        enrol.enrol(district.office, ["C1"], PASSPHRASE, tmp_path / "file")
    assert len(keys.certificates(district.office.store)) == before


def test_a_failed_founding_leaves_other_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "letter.txt").write_text("keep me")
    with pytest.raises(DeskError):
        enrol.create_office(folder, PASSPHRASE, plan_file=b"not = 'a plan'")
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_an_office_is_not_founded_over_another(district: District) -> None:
    district.close()
    with pytest.raises(DeskError, match="已经有一个工作台"):
        enrol.create_office(
            district.folder / "office", PASSPHRASE, plan_file=PLAN_FILE.read_bytes()
        )
    with Desk.open(district.folder / "office", clock=district.clock) as office:
        assert backup.diagnose(office).sound


def test_one_time_passwords_are_long_and_differ() -> None:
    made = {enrol.one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 23 for password in made)


def test_units_that_left_are_told_apart_from_those_here(district: District) -> None:
    office = district.office
    assert [unit.code for unit in enrol.those_here(office)[0]] == [
        u.code for u in office.plan.units
    ]
    body = PLAN_FILE.read_text(encoding="utf-8").replace(
        'code = "C1"\n', 'code = "C1"\nuntil = "2026-09"\n'
    )
    office.adopt_plan(body.encode())
    here, left = enrol.those_here(office)
    assert [unit.code for unit in left] == ["C1"]
    assert [unit.code for unit in here] == ["A1", "A2", "B1", "C2"]
