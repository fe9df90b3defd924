"""The gallery holds every kind of document that offices and units print."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rongchang_desk.app import letters
from rongchang_desk.app.clock import CHINA, SetClock
from rongchang_desk.app.demo import run_demo
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import ParcelKind
from tests import gallery
from tests.gallery_later import Later
from tests.unit.documents.reading import all_text

MONTH = Month(2026, 10)
OF_UNITS = {ParcelKind.FEEDBACK, ParcelKind.EXTENSION, ParcelKind.EVIDENCE}


def test_the_gallery_holds_every_kind_of_document(tmp_path: Path) -> None:
    done = run_demo(tmp_path / "district", month=MONTH, months=2, units=8)
    passphrase = (done.folder / "passphrase.txt").read_text().strip()
    clock = SetClock(datetime(2026, 11, 20, 9, tzinfo=CHINA))
    out = tmp_path / "out"
    out.mkdir()
    with Desk.open(done.folder / "office", clock=clock) as office:
        for name, write in gallery.of_office(
            Later(done.folder, office, clock, passphrase, MONTH), out
        ):
            write(out / name)
            assert (out / name).read_bytes()[:4] in (b"%PDF", b"PK\x03\x04"), name
        sent = {one.kind for one in letters.issued(office)}
    assert sent == set(ParcelKind) - OF_UNITS - {ParcelKind.PLAN}
    text = {file.stem: all_text(file.read_bytes()) for file in out.glob("*.pdf")}
    for stem in ("26-report-month-again", "27-bulletin-again"):
        assert "有变动" in text[stem], stem
    for stem in ("21-report-month", "24-bulletin"):
        assert "有变动" not in text[stem], stem
    for stem, words in (
        ("44-scores-unit-after-appeal", "采纳申诉"), ("36-extension", "申请延至"),
        ("37-feedback", "办理情况反馈"), ("51-evidence", "佐证材料"), ("52-slips", "一次性口令"),
        ("53-key-register", "密钥登记簿"), ("54-binder", "总目录"),
        ("54-binder-longest-task", "验收材料目录"),
    ):  # fmt: skip
        assert words in text[stem], stem
