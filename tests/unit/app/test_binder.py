"""The acceptance binder: checked with other people's programs, whole or not there at all."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from rongchang_desk.app import binder, evidence, evidence_sending
from rongchang_desk.app.binder import GUIDE, INDEX, LIST, ROOT
from rongchang_desk.app.running import Running
from rongchang_desk.domain.records import Progress
from rongchang_desk.errors import Cancelled, CannotWrite, FoundWrong, UsageError
from tests.district import MONTH, PASSPHRASE, District
from tests.unit.documents.reading import all_text

PHOTO = b"\xff\xd8 a photo of the meeting"


def with_evidence(district: District, code: str, name: str, body: bytes) -> Progress:
    path = district.folder / name
    path.write_bytes(body)
    one = evidence.add(district.desk(code), path)
    return replace(district.progress(code), evidence=(one,))


def send(district: District, code: str) -> None:
    """The unit's files come to the office in an evidence parcel."""
    desk = district.desk(code)
    sent = evidence_sending.send(desk, MONTH, desk.identity(PASSPHRASE))
    assert len(district.take(*(made.file for made in sent.parcels)).of("accepted")) == 1


@pytest.fixture
def told(district: District) -> District:
    """A1 with a photo that came along and an amendment, C1 with a paper that did not."""
    first = with_evidence(district, "A1", "现场照片.jpg", PHOTO)
    files = [
        district.report("A1", first),
        district.report("C1", with_evidence(district, "C1", "总结.pdf", b"%PDF-1.7 a paper")),
    ]
    district.take(*files)
    district.record("A1", district.training("A1"))
    district.take(district.export("A1", amend="漏报一场"))
    send(district, "A1")
    return district


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder.parent)},
    )  # fmt: skip


def commands(folder: Path) -> list[str]:
    """The commands that the guide tells a person to type."""
    return re.findall(r"^\$ (.+)$", (folder / GUIDE).read_text(), re.MULTILINE)


def is_valid_today(folder: Path) -> bool:
    root = x509.load_pem_x509_certificate((folder / ROOT).read_bytes())
    return root.not_valid_before_utc <= datetime.now(UTC) <= root.not_valid_after_utc


needs_programs = pytest.mark.skipif(
    not all(map(shutil.which, ("pdfsig", "certutil", "sha256sum", "openssl"))),
    reason="needs poppler-utils, libnss3-tools and openssl",
)


@needs_programs
def test_every_command_of_the_guide_finds_everything_in_order(
    told: District, tmp_path: Path
) -> None:
    done = binder.bind(told.office, tmp_path / "验收材料")
    folder = done.folder
    answers = {command: run(folder, command) for command in commands(folder)}
    assert [a.stderr for a in answers.values() if a.returncode] == []
    listed = answers[f"sha256sum -c {LIST}"].stdout.splitlines()
    assert len(listed) == done.files - 1
    assert all(line.endswith(": OK") for line in listed)
    printed = next(a.stdout for c, a in answers.items() if c.startswith("openssl x509"))
    grouped = re.search(
        r"^([0-9A-F]{4} ){15}[0-9A-F]{4}$", (folder / GUIDE).read_text(), re.MULTILINE
    )
    assert grouped is not None
    assert grouped[0].replace(" ", "") in printed.replace(":", "")
    checked = [a.stdout for c, a in answers.items() if c.startswith("pdfsig")]
    assert len(checked) == done.originals == 3
    assert all("Signature Validation: Signature is Valid." in text for text in checked)
    if is_valid_today(folder):
        assert all("Certificate Validation: Certificate is Trusted." in text for text in checked)


@needs_programs
def test_a_tampered_file_is_found_whichever_it_is(told: District, tmp_path: Path) -> None:
    folder = binder.bind(told.office, tmp_path / "out").folder
    names = [line.split("  ", 1)[1] for line in (folder / LIST).read_text().splitlines()]
    assert any("佐证材料" in name for name in names)
    for name in names:
        path = folder / name
        good = path.read_bytes()
        path.write_bytes(good[:-9] + bytes([good[-9] ^ 1]) + good[-8:])
        found = run(folder, f"sha256sum -c {LIST}")
        assert found.returncode == 1
        assert [line for line in found.stdout.splitlines() if "FAILED" in line] == [
            f"{name}: FAILED"
        ]
        path.write_bytes(good)
    original = next(folder.glob("月报原件/*/A1_*第1版.pdf"))
    data = bytearray(original.read_bytes())
    data[len(data) // 3] ^= 1
    original.write_bytes(data)
    answer = run(folder, f'pdfsig "{original.relative_to(folder)}"')
    assert "Signature is Valid" not in answer.stdout


def test_originals_are_byte_for_byte_with_the_revisions_they_replaced(
    told: District, tmp_path: Path
) -> None:
    folder = binder.bind(told.office, tmp_path / "out").folder
    sent = {path.read_bytes() for path in (told.folder / "returns").glob("*.pdf")}
    bound = {path.read_bytes() for path in folder.glob("月报原件/**/*.pdf")}
    assert bound == sent
    assert "第1版已更正" in all_text((folder / INDEX).read_bytes())


def test_the_index_of_a_task_tells_progress_evidence_and_originals(
    told: District, tmp_path: Path
) -> None:
    folder = binder.bind(told.office, tmp_path / "out").folder
    text = all_text((folder / "任务01_增加专利" / "目录.pdf").read_bytes())
    for word in (
        "任务1增加专利", "主办单位：市知识产权局", "每年增加有效专利", "按计划推进。", "进行中",
        "现场照片.jpg", "总结.pdf", "只列名", "2026-10", "第2版",
    ):  # fmt: skip
        assert word in text, word
    (photo,) = folder.glob("任务01_*/佐证材料/*_现场照片.jpg")
    assert photo.read_bytes() == PHOTO


def test_evidence_that_did_not_come_or_is_damaged_is_listed_and_not_passed_off(
    told: District, tmp_path: Path
) -> None:
    office = told.office
    done = binder.bind(office, tmp_path / "one")
    assert (done.evidence, done.listed) == (1, 1)
    office.store.connection.execute("UPDATE evidence SET body = ?", (b"something else",))
    done = binder.bind(office, tmp_path / "two")
    assert (done.evidence, done.listed) == (0, 2)
    assert not list((tmp_path / "two").glob("*/佐证材料/*"))


def test_one_task_brings_only_what_it_rests_on(told: District, tmp_path: Path) -> None:
    told.take(told.report("B1"))  # supports task 3 only
    whole = binder.bind(told.office, tmp_path / "whole")
    one = binder.bind(told.office, tmp_path / "one", task=1)
    assert (whole.tasks, one.tasks) == (3, 1)
    assert (whole.originals, one.originals) == (4, 3)
    assert [path.name for path in one.folder.glob("任务*")] == ["任务01_增加专利"]


def test_the_zip_holds_the_very_same_files(told: District, tmp_path: Path) -> None:
    done = binder.bind(told.office, tmp_path / "验收", archive=True)
    assert done.archive == tmp_path / "验收.zip"
    with zipfile.ZipFile(done.archive) as packed:
        assert packed.testzip() is None
        inside = {name: packed.read(name) for name in packed.namelist()}
    files = (path for path in done.folder.rglob("*") if path.is_file())
    assert inside == {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in files}
    assert len(inside) == done.files


def test_the_same_returns_give_the_same_list(told: District, tmp_path: Path) -> None:
    one, other = (binder.bind(told.office, tmp_path / name) for name in ("one", "other"))
    assert one.list_sha256 == other.list_sha256


def test_what_exists_is_never_replaced(told: District, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    (tmp_path / "b.zip").write_text("mine too")
    for place in ("out", "b"):
        with pytest.raises(UsageError, match="已经存在"):
            binder.bind(told.office, tmp_path / place, archive=True)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "district") == ["b.zip", "out"]


@pytest.mark.parametrize(("task", "year"), [(99, None), (None, 2025), (2, 2019)])
def test_nothing_to_bind_is_told(
    told: District, tmp_path: Path, task: int | None, year: int | None
) -> None:
    with pytest.raises((UsageError, FoundWrong)):
        binder.bind(told.office, tmp_path / "out", task=task, year=year)
    assert not (tmp_path / "out").exists()


def test_a_units_desk_binds_nothing(told: District, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        binder.bind(told.desk("A1"), tmp_path / "out")


class Stopping(Running):
    """Cancels itself before its n-th step."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def step(self, done: int, total: int, what: str) -> None:
        self.left -= 1
        if self.left < 0:
            self.cancel()
        super().step(done, total, what)


def test_a_cancel_at_any_step_leaves_nothing_behind(told: District, tmp_path: Path) -> None:
    out = tmp_path / "place" / "out"
    steps = 0
    while True:
        try:
            binder.bind(told.office, out, archive=True, running=Stopping(steps))
            break
        except Cancelled:
            assert not out.parent.exists() or list(out.parent.iterdir()) == []
        steps += 1
    assert steps > 10
    assert sorted(p.name for p in out.parent.iterdir()) == ["out", "out.zip"]


def test_a_place_that_cannot_be_written_is_told(told: District, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CannotWrite):
        binder.bind(told.office, tmp_path / "file" / "out")
