"""An official paper on pages: a whole district of 39 units in official layout."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from rongchang_desk.documents import paper_pdf
from rongchang_desk.documents.page import SIZE_4, WIDTH
from rongchang_desk.documents.paper import (
    Amount,
    Annex,
    Grid,
    Heading,
    Paper,
    RedHead,
    Text,
    figures,
    text_of,
)
from rongchang_desk.errors import DeskError
from tests.unit.documents import samples
from tests.unit.documents.reading import all_text, fonts_of, page_texts


@pytest.fixture(scope="module")
def paper() -> Paper:
    return samples.report_paper(39)


@pytest.fixture(scope="module")
def pages(paper: Paper) -> bytes:
    return paper_pdf.render(paper)


def test_the_same_paper_gives_the_same_bytes(paper: Paper, pages: bytes) -> None:
    assert paper_pdf.render(paper) == pages
    assert paper_pdf.render(replace(paper, issued_on="2026年11月7日")) != pages


def test_every_figure_of_the_paper_stands_on_its_pages(paper: Paper, pages: bytes) -> None:
    text = all_text(pages)
    known = figures(paper)
    assert len(known) > 100
    assert all(figure.value in text for figure in known)


def test_all_37_returns_stand_in_the_annex_with_their_digests(paper: Paper, pages: bytes) -> None:
    texts = page_texts(pages)
    first = next(i for i, text in enumerate(texts) if text.startswith("附件纳入汇总"))
    annex = "".join(texts[first:])
    grid = paper.annexes[0].grid
    assert len(grid.rows) == 37
    for row in grid.rows:
        assert text_of(row[1]) in annex
        assert text_of(row[4]).split("\n")[0].replace(" ", "") in annex
    tables = [text for text in texts[first:] if "2026-11-04" in text]
    assert len(tables) > 1
    assert all("接收时间" in text for text in tables)


def test_the_fingerprint_is_printed_in_groups_and_on_every_page(pages: bytes) -> None:
    texts = page_texts(pages)
    assert all("汇总指纹9F86D081884C7D65" in text for text in texts)
    assert samples.DIGEST[:32].upper() in "".join(texts)


def test_the_signature_the_date_and_the_colophon_are_there_once(pages: bytes) -> None:
    texts = page_texts(pages)
    assert sum("盖章处" in text for text in texts) == 1
    assert "2026年11月6日印发" in texts[-1]
    assert "抄送：区委，区政府。" in texts[-1]


def test_a_paper_without_signer_has_no_signature_block(paper: Paper) -> None:
    assert "盖章处" not in all_text(paper_pdf.render(replace(paper, signer=None)))


def test_a_red_head_shows_mark_and_number_above_the_title(paper: Paper) -> None:
    head = RedHead("永安区市场监督管理局", "永市监〔2026〕5号")
    first = page_texts(paper_pdf.render(replace(paper, head=head)))[0]
    places = [first.index(text) for text in (head.mark, head.number, paper.title.split("\n")[0])]
    assert places == sorted(places)
    bare = page_texts(paper_pdf.render(replace(paper, head=RedHead(head.mark))))[0]
    assert head.mark in bare
    assert "〔2026〕" not in bare


def test_the_last_paragraph_stays_with_the_signature(paper: Paper) -> None:
    filled = (Text("第一段。" * 60),) * 4
    for lines in range(8):
        blocks = (*filled, *(Text("占一行。"),) * lines, Text("特此通报。"))
        texts = page_texts(paper_pdf.render(replace(paper, blocks=blocks, annexes=())))
        (signed,) = [text for text in texts if "盖章处" in text]
        assert "特此通报。" in signed


def test_several_annexes_are_numbered_and_a_wide_one_is_turned(paper: Paper) -> None:
    grid = Grid("逐月", "逐月", paper.grids[0].columns, paper.grids[0].rows)
    two = replace(paper, annexes=(Annex("逐月数据", grid, wide=True), *paper.annexes))
    made = paper_pdf.render(two)
    text = all_text(made)
    assert "附件：1.逐月数据" in text
    assert "附件1逐月数据" in text
    assert "附件2纳入汇总的月报清单" in text
    with pikepdf.open(BytesIO(made)) as pdf:
        turned = [page.mediabox[2] > page.mediabox[3] for page in pdf.pages]
    assert turned.count(True) == 1
    assert not turned[-1]


def test_a_chart_is_a_vector_form_with_text(pages: bytes) -> None:
    assert "本月应达" in all_text(pages)
    with pikepdf.open(BytesIO(pages)) as pdf:
        kinds = [
            str(item.get("/Subtype"))
            for item in pdf.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Type") == "/XObject"
        ]
    assert kinds == ["/Form"]
    bare = paper_pdf.render(samples.report_paper(5, charts=False))
    assert "本月应达" not in all_text(bare)


def test_every_font_is_embedded(pages: bytes) -> None:
    fonts = fonts_of(pages)
    assert "DeskFang-Regular" in fonts
    assert all(embedded for name, embedded in fonts.items() if not name.startswith("DeskHei"))


def test_an_empty_value_is_a_dash_and_an_empty_annex_says_so(paper: Paper) -> None:
    grid = replace(paper.annexes[0].grid, rows=())
    text = all_text(paper_pdf.render(replace(paper, annexes=(Annex("清单", grid),))))
    assert "—" in text
    assert "清单无。" in text


def test_an_unknown_character_is_refused_by_name(paper: Paper) -> None:
    with pytest.raises(DeskError, match="𪚥"):
        paper_pdf.render(replace(paper, issuer="𪚥局"))


def test_an_amount_is_printed_with_its_words_and_decimals() -> None:
    assert Amount(1000, "人次", "每年").text == "每年1,000人次"
    assert Amount(-12345678, "件").text == "-12,345,678件"
    assert [Amount(n).places for n in (0, 12)] == [0, 0]


def test_a_long_issuer_wraps_beside_the_date_in_the_colophon() -> None:
    long = paper_pdf._Colophon(
        ("区委",), "永安区国家知识产权强市建设试点城市工作领导小组办公室", "2026年11月6日"
    )
    short = paper_pdf._Colophon(("区委",), "永安区市场监管局", "2026年11月6日")
    for colophon in (long, short):
        colophon.wrap(WIDTH, 100)
    assert long._need == short._need + 20
    room = WIDTH - 3 * SIZE_4 - long._date_width
    assert all(line.width <= room + 0.02 for line in long._issuer._lines or ())


def test_the_39_units_of_a_district_and_the_colophon_take_two_annex_pages(paper: Paper) -> None:
    grid = paper.annexes[0].grid
    whole = replace(grid, rows=(grid.rows[0],) * 39)
    annexed = replace(paper, blocks=(), annexes=(Annex("纳入汇总的月报清单", whole),))
    texts = page_texts(paper_pdf.render(annexed))
    first = next(i for i, text in enumerate(texts) if text.startswith("附件纳入汇总"))
    assert len(texts) - first == 2
    assert "印发" in texts[-1]


@pytest.mark.parametrize("rows", range(42, 62))
def test_the_colophon_never_stands_on_a_page_alone(rows: int) -> None:
    paper = samples.report_paper(3, charts=False)
    annex = paper.annexes[0]
    grid = replace(annex.grid, rows=annex.grid.rows * rows)
    last = page_texts(
        paper_pdf.render(replace(paper, annexes=(replace(annex, grid=grid),), running=""))
    )[-1]
    assert "印发" in last
    assert "2026-10" in last


@pytest.mark.parametrize("lines", range(1, 18))
def test_a_heading_stays_with_the_first_rows_of_the_table_below_it(lines: int) -> None:
    paper = samples.report_paper(20, charts=False)
    grid = paper.grids[1]
    words = Text("\n".join("各单位按月报送。" for _ in range(lines)))
    blocks = (words, Heading("三、培训宣传情况"), grid)
    pages = page_texts(paper_pdf.render(replace(paper, blocks=blocks, annexes=())))
    (home,) = [page for page in pages if "三、培训宣传情况" in page]
    assert grid.caption.replace("　", "") in home
    assert "第2镇人民政府" in home
