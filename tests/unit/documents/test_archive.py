"""Archived pages: what PDF/A-3 and our own envelope need, and nothing that moves."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from rongchang_desk.documents import archive

WHEN = datetime(2026, 11, 3, 16, 20, 5, 999, tzinfo=timezone(timedelta(hours=8)))
TITLE = "区市场监管局 <2026年10月> 月报 & 附表"


@pytest.fixture(scope="module")
def made(typical_pages: bytes) -> bytes:
    return archive.finish(typical_pages, title=TITLE, author="区市场监管局", created=WHEN)


def test_the_same_pages_give_the_same_bytes(typical_pages: bytes, made: bytes) -> None:
    again = archive.finish(typical_pages, title=TITLE, author="区市场监管局", created=WHEN)
    assert again == made


def test_another_time_gives_other_bytes(typical_pages: bytes, made: bytes) -> None:
    later = WHEN + timedelta(seconds=1)
    assert archive.finish(typical_pages, title=TITLE, author="区市场监管局", created=later) != made


def test_a_time_without_a_zone_is_refused(typical_pages: bytes) -> None:
    with pytest.raises(ValueError, match="time zone"):
        archive.finish(typical_pages, title=TITLE, author="x", created=WHEN.replace(tzinfo=None))


def test_the_file_is_one_revision_with_a_classic_table(made: bytes) -> None:
    assert made.startswith(b"%PDF-1.7\n")
    assert made.count(b"%%EOF") == 1
    assert made.count(b"startxref") == 1
    assert b"\nxref\n" in made
    assert b"/ObjStm" not in made
    assert b"/XRef" not in made


def test_info_and_xmp_say_the_same(made: bytes) -> None:
    with pikepdf.open(BytesIO(made)) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert "/Filter" not in pdf.Root.Metadata
    assert info == {
        "/Title": TITLE, "/Author": "区市场监管局", "/Creator": "知产强市工作台",
        "/Producer": "Rongchang Desk", "/CreationDate": "D:20261103162005+08'00'",
        "/ModDate": "D:20261103162005+08'00'",
    }  # fmt: skip
    assert "区市场监管局 &lt;2026年10月&gt; 月报 &amp; 附表" in xmp
    assert "<xmp:CreateDate>2026-11-03T16:20:05+08:00</xmp:CreateDate>" in xmp
    assert "<pdfaid:part>3</pdfaid:part>" in xmp


def test_colours_language_and_title_are_declared(made: bytes) -> None:
    with pikepdf.open(BytesIO(made)) as pdf:
        (intent,) = pdf.Root.OutputIntents
        profile = intent.DestOutputProfile.read_bytes()
        assert intent.S == "/GTS_PDFA1"
        assert profile[36:40] == b"acsp"
        assert profile[8] == 2  # ICC version 2
        assert str(pdf.Root.Lang) == "zh-CN"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_nothing_active_is_inside(made: bytes) -> None:
    with pikepdf.open(BytesIO(made)) as pdf:
        for key in ("/OpenAction", "/AA", "/AcroForm", "/Names", "/AF"):
            assert key not in pdf.Root
        assert not pdf.is_encrypted


def test_characters_beyond_the_first_plane_map_to_utf16_pairs(
    typical_pages: bytes, made: bytes
) -> None:
    def tables(data: bytes) -> bytes:
        with pikepdf.open(BytesIO(data)) as pdf:
            return b"".join(
                item.ToUnicode.read_bytes()
                for item in pdf.objects
                if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item
            )

    assert b"<2C029>" in tables(typical_pages)  # what reportlab writes for 𬀩
    assert b"<2C029>" not in tables(made)
    assert b"<D870DC29>" in tables(made)


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_nothing_wrong(made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(made)
    done = subprocess.run(
        ["qpdf", "--check", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_offset_of_utc_is_written_too(typical_pages: bytes) -> None:
    made = archive.finish(
        typical_pages, title="x", author="y", created=datetime(2026, 1, 2, tzinfo=UTC)
    )
    with pikepdf.open(BytesIO(made)) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260102000000+00'00'"


def test_widths_in_the_fonts_agree_with_those_in_the_file(made: bytes) -> None:
    """PDF/A asks for it, and reportlab gets it wrong for fonts not on a grid of 1000."""
    with pikepdf.open(BytesIO(made)) as pdf:
        for item in pdf.objects:
            if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
                continue
            font = TTFont(BytesIO(item.FontDescriptor.FontFile2.read_bytes()))
            scale = 1000 / font["head"].unitsPerEm
            inside = {round(advance * scale) for advance, _ in font["hmtx"].metrics.values()}
            assert inside == {round(float(width)) for width in item.Widths} | {1000}
