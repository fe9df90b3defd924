"""An office's own fonts: which files will do, and what they change on paper."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rongchang_desk import assets
from rongchang_desk.documents import archive, fonts, own_fonts, paper_pdf, return_pdf
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import FoundWrong
from tests.unit.documents import samples
from tests.unit.documents.reading import all_text, fonts_of


def shipped(name: str) -> bytes:
    return assets.resource("fonts", f"{name}.ttf").read_bytes()


def with_licence(data: bytes, allowed: int) -> bytes:
    """A font whose OS/2 table says what may be done with it."""
    for entry in range(12, 12 + 16 * int.from_bytes(data[4:6], "big"), 16):
        if data[entry : entry + 4] == b"OS/2":
            at = int.from_bytes(data[entry + 8 : entry + 12], "big") + 8
            return data[:at] + allowed.to_bytes(2, "big") + data[at + 2 :]
    raise AssertionError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A font that is not shipped under this name."""
    path = tmp_path / "方正仿宋.ttf"
    path.write_bytes(shipped("Hei"))
    return path


@pytest.mark.parametrize("allowed", [0x0000, 0x0004, 0x0008])
def test_fonts_that_may_be_embedded_will_do(file: Path, allowed: int) -> None:
    file.write_bytes(with_licence(shipped("Hei"), allowed))
    own_fonts.check(file)


@pytest.mark.parametrize("allowed", [0x0002, 0x0108, 0x0204])
def test_fonts_that_may_not_be_embedded_are_refused(file: Path, allowed: int) -> None:
    file.write_bytes(with_licence(shipped("Hei"), allowed))
    with pytest.raises(FoundWrong, match=r"“方正仿宋\.ttf”的许可不允许嵌入"):
        own_fonts.check(file)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"OTTO" + bytes(100), "PostScript 轮廓"),
        (b"ttcf" + bytes(100), "合集"),
        (b"%PDF-1.7", "不是 TrueType"),
        (b"", "不是 TrueType"),
        (b"\0\1\0\0" + bytes(100), "没有注明能否嵌入"),
    ],
)
def test_files_of_another_kind_are_refused(file: Path, data: bytes, message: str) -> None:
    file.write_bytes(data)
    with pytest.raises(FoundWrong, match=message):
        own_fonts.check(file)


@pytest.mark.parametrize("kept", [300, 2000, 100_000])
def test_a_font_cut_short_is_refused(file: Path, kept: int) -> None:
    file.write_bytes(shipped("Hei")[:kept])
    with pytest.raises(FoundWrong, match="方正仿宋"):
        own_fonts.check(file)


def test_a_font_without_common_characters_is_refused_with_examples(file: Path) -> None:
    file.write_bytes(shipped("Kai"))
    with pytest.raises(FoundWrong, match="缺少374个常用字符，例如“皑"):
        own_fonts.check(file)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FoundWrong, match="读不出字体文件"):
        own_fonts.check(tmp_path / "没有.ttf")


def test_a_paper_is_set_in_the_offices_font_and_borrows_what_it_lacks(file: Path) -> None:
    paper = samples.report_paper(3, charts=False)
    plain = paper_pdf.render(paper)
    with fonts.instead({fonts.FANG: file}):
        own = paper_pdf.render(paper)
        again = paper_pdf.render(paper)
    assert own == again
    assert own != plain
    assert "DeskFang-Regular" in fonts_of(plain)
    assert "DeskFang-Regular" not in fonts_of(own)
    assert all(fonts_of(own).values())
    finished = archive.finish(own, title="x", author="y", created=datetime(2026, 1, 2, tzinfo=UTC))
    assert all_text(finished) == all_text(plain)
    assert paper_pdf.render(paper) == plain


def test_a_character_the_offices_font_lacks_comes_from_the_shipped_ones(file: Path) -> None:
    known = fonts.face_of(fonts.HEI).charToGlyph
    rare = chr(next(code for code in fonts.face_of(fonts.SONG).charToGlyph if code not in known))
    with fonts.instead({fonts.HEADLINE: file}):
        assert fonts.places(fonts.HEADLINE)["知"][0].startswith("Own")
        assert fonts.places(fonts.HEADLINE)[rare][0] in fonts.CHAINS[fonts.HEADLINE]
    assert fonts.places(fonts.HEADLINE)["知"][0] == fonts.HEADLINE


def test_a_return_does_not_change_when_a_font_was_in_use_before(
    plan: Plan, typical: MonthlyReturn, typical_pages: bytes, file: Path
) -> None:
    with fonts.instead({fonts.HEADLINE: file, fonts.HEI: file}):
        pass
    again = return_pdf.render(plan, typical, digest=samples.DIGEST, signer=samples.SIGNER)
    assert again == typical_pages
