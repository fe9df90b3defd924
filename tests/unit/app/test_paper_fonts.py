"""The office's own fonts for papers: chosen, kept by place, told when they are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from rongchang_desk import assets
from rongchang_desk.app import paper_fonts, report
from rongchang_desk.app.paper_fonts import PaperFont
from rongchang_desk.app.report import Wish
from rongchang_desk.domain.period import Period
from rongchang_desk.errors import FoundWrong
from tests.district import MONTH, District
from tests.unit.documents.reading import fonts_of

OCTOBER = Wish(Period.of(MONTH))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "仿宋_GB2312.ttf"
    path.write_bytes(assets.resource("fonts", "Hei.ttf").read_bytes())
    return path


def test_a_chosen_font_is_kept_and_given_up(district: District, file: Path) -> None:
    office = district.office
    assert paper_fonts.chosen(office) == {}
    paper_fonts.choose(office, PaperFont.FANG, file)
    assert paper_fonts.chosen(office) == {PaperFont.FANG: file}
    paper_fonts.choose(office, PaperFont.FANG, None)
    assert paper_fonts.chosen(office) == {}


def test_a_file_that_will_not_do_changes_nothing(district: District, file: Path) -> None:
    office = district.office
    paper_fonts.choose(office, PaperFont.FANG, file)
    wrong = file.with_name("坏.ttf")
    wrong.write_bytes(b"no font")
    with pytest.raises(FoundWrong, match=r"坏\.ttf"):
        paper_fonts.choose(office, PaperFont.FANG, wrong)
    assert paper_fonts.chosen(office) == {PaperFont.FANG: file}


def test_papers_are_set_in_the_chosen_font_and_returns_are_not(
    district: District, file: Path
) -> None:
    district.take(district.report("A1", district.training("A1", 30)))
    office = district.office
    before = fonts_of(report.draft(office, OCTOBER))
    paper_fonts.choose(office, PaperFont.FANG, file)
    after = fonts_of(report.draft(office, OCTOBER))
    assert "DeskFang-Regular" in before
    assert "DeskFang-Regular" not in after
    unit = district.desk("B1")
    paper_fonts.choose(unit, PaperFont.HEADLINE, file)
    sealed = district.report("B1", district.progress("B1")).read_bytes()
    assert "DeskSong-Bold" in fonts_of(sealed)


def test_a_font_that_is_gone_is_named_and_nothing_is_issued(district: District, file: Path) -> None:
    district.take(district.report("A1", district.training("A1", 30)))
    office = district.office
    paper_fonts.choose(office, PaperFont.FANG, file)
    file.unlink()
    with pytest.raises(FoundWrong, match="公文字体“仿宋（正文）”不能用了") as told:
        report.draft(office, OCTOBER)
    assert "恢复随附字体" in told.value.hint
    paper_fonts.choose(office, PaperFont.FANG, None)
    assert report.draft(office, OCTOBER)


def test_known_fonts_of_the_computer_are_found_by_their_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: Path
) -> None:
    (tmp_path / "FZXBSJW.TTF").write_bytes(b"")
    monkeypatch.setattr(paper_fonts, "_folders", lambda: (tmp_path / "没有", tmp_path))
    assert paper_fonts.installed() == {
        PaperFont.HEADLINE: tmp_path / "FZXBSJW.TTF", PaperFont.FANG: file,
    }  # fmt: skip
