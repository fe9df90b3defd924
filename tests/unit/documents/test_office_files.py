"""Papers as docx and xlsx: what stands in them, and that other programs can open them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from rongchang_desk.documents import docx_file, xlsx_file
from rongchang_desk.documents.headline import title_lines
from rongchang_desk.documents.paper import Amount, Annex, Grid, Paper, RedHead, figures, text_of
from tests import gallery
from tests.unit.documents import reading, samples

PROPERTIES = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
    "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
    "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr "
    "sectPr pPrChange"
).split()
"""The order the schema of WordprocessingML gives a paragraph's properties (CT_PPr)."""
TABLE_PROPERTIES = (
    "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook"
).split()
CELL_PROPERTIES = (
    "tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection vAlign".split()
)


@pytest.fixture(scope="module")
def paper() -> Paper:
    """A report with everything: red head, a chart, an annex on a turned page."""
    made = samples.report_paper(39)
    grid = replace(made.grids[0], name="逐月数据")
    return replace(
        made,
        head=RedHead("永安区市场监督管理局", "永市监〔2026〕5号"),
        annexes=(Annex("逐月数据", grid, wide=True), *made.annexes),
    )


@pytest.fixture(scope="module")
def docx(paper: Paper) -> bytes:
    return docx_file.render(paper)


@pytest.fixture(scope="module")
def xlsx(paper: Paper) -> bytes:
    return xlsx_file.render(paper)


def is_in_order(element: Any, order: list[str]) -> bool:
    places = [order.index(child.tag.split("}")[1]) for child in element]
    return places == sorted(places)


def test_every_word_and_number_of_the_paper_is_in_the_docx(paper: Paper, docx: bytes) -> None:
    document = Document(BytesIO(docx))
    words = "".join(paragraph.text for paragraph in document.paragraphs)
    rows = [[cell.text for cell in row.cells] for t in document.tables for row in t.rows]
    assert paper.plain_title in words
    assert all(row in rows for g in paper.grids for row in printed(g))
    assert all(f.value in words for f in figures(paper) if not f.column)
    assert rows[-1] == [paper.issuer, f"{paper.issued_on}印发"]
    (chart,) = document.inline_shapes
    assert "图1" in chart._inline.docPr.get("descr")
    assert 'w:eastAsia="zh-CN"' in document.styles.element.xml


def printed(grid: Grid) -> list[list[str]]:
    return [[text_of(value) or "—" for value in row] for row in grid.rows]


def test_the_elements_stand_in_the_order_of_the_schema(docx: bytes) -> None:
    document = Document(BytesIO(docx))
    elements = [*document.element.iter(), *document.styles.element.iter()]
    orders = {"pPr": PROPERTIES, "tblPr": TABLE_PROPERTIES, "tcPr": CELL_PROPERTIES}
    for name, order in orders.items():
        found = [element for element in elements if element.tag == qn(f"w:{name}")]
        assert found
        assert all(is_in_order(element, order) for element in found), name


def test_no_line_of_a_paragraph_stands_alone_on_a_page(docx: bytes) -> None:
    styles = [s for s in Document(BytesIO(docx)).styles if s.name.startswith("公文")]
    assert styles
    assert all(style.paragraph_format.widow_control for style in styles)


def test_only_the_annex_with_many_columns_is_turned(docx: bytes) -> None:
    document = Document(BytesIO(docx))
    wide = [section.page_width > section.page_height for section in document.sections]
    assert wide == [False, True, False]
    assert all(
        "PAGE" in footer.paragraphs[0]._p.xml
        for section in document.sections
        for footer in (section.footer, section.even_page_footer)
    )


def test_every_table_has_a_sheet_with_frozen_headers_and_true_numbers(
    paper: Paper, xlsx: bytes
) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx))
    assert book.sheet_names == ["概况", *(grid.name for grid in paper.grids)]
    for grid in paper.grids:
        rows = book.get_sheet_by_name(grid.name).to_python()
        assert rows[0][0] == grid.caption
        assert rows[2] == [column.header for column in grid.columns]
        below = 3 + len(grid.rows)
        for shown, row in zip(rows[3:below], grid.rows, strict=True):
            numbers = [float(v.number) if isinstance(v, Amount) else v for v in row]
            assert shown == numbers
        notes = list(dict.fromkeys(note.text for note in grid.notes))
        assert [row[0] for row in rows[below:]] == [
            f"{mark} {note}" for mark, note in zip("①②③", notes, strict=False)
        ]
    panes = sheets_of(xlsx)
    assert all(b'state="frozen"' in sheet and b"fitToHeight" in sheet for sheet in panes)


def sheets_of(xlsx: bytes) -> list[bytes]:
    import zipfile

    with zipfile.ZipFile(BytesIO(xlsx)) as book:
        return [book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/sheet")]


def test_a_number_keeps_its_words_in_its_format() -> None:
    assert xlsx_file.number_format(Amount(1000, "人次", "每年")) == '"每年"#,##0"人次"'
    assert xlsx_file.number_format(Amount(samples.Decimal("54516.71"), "万元")) == '#,##0.00"万元"'
    assert xlsx_file.number_format(Amount(3)) == "#,##0"


def test_a_text_that_looks_like_a_formula_stays_a_text(paper: Paper) -> None:
    grid = replace(paper.grids[1], rows=(("=1+1", *paper.grids[1].rows[0][1:]),))
    made = xlsx_file.render(replace(paper, blocks=(grid,), annexes=()))
    rows = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_name(grid.name).to_python()
    assert rows[3][0] == "=1+1"
    assert not any(b"<f>" in sheet for sheet in sheets_of(made))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_libreoffice_opens_it(tmp_path: Path, docx: bytes, xlsx: bytes, ending: str) -> None:
    file = tmp_path / f"paper.{ending}"
    file.write_bytes(docx if ending == "docx" else xlsx)
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "pdf", "--outdir", tmp_path, file,
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = reading.all_text((tmp_path / "paper.pdf").read_bytes())
    assert f"①{samples.LATER}" in text if ending == "docx" else "54①" in text
    assert samples.MISSING in text


def words_in(element: Any) -> str:
    return "".join(text.text for text in element.iter(qn("w:t"))).strip()


def test_notes_are_real_footnotes_of_the_docx_and_a_table_notes_a_thing_once(docx: bytes) -> None:
    import zipfile

    with zipfile.ZipFile(BytesIO(docx)) as file:
        notes = parse_xml(file.read("word/footnotes.xml"))
        body = parse_xml(file.read("word/document.xml"))
        assert b"wordprocessingml.footnotes+xml" in file.read("[Content_Types].xml")
        assert b"decimalEnclosedCircleChinese" in file.read("word/settings.xml")
    said = {note.get(qn("w:id")): words_in(note) for note in notes}
    assert said == {"-1": "", "0": "", "1": samples.LATER, "2": samples.MISSING}
    marks = list(body.iter(qn("w:footnoteReference")))
    assert [mark.get(qn("w:id")) for mark in marks] == ["1", "2"]
    (again,) = [
        field for field in body.iter(qn("w:fldSimple")) if "NOTEREF" in field.get(qn("w:instr"))
    ]
    assert again.get(qn("w:instr")).split()[1] == "_note2"
    assert words_in(again) == "②"


def test_a_docx_without_notes_has_no_part_for_them() -> None:
    import zipfile

    made = docx_file.render(samples.report_paper(3, charts=False))
    bare = replace(samples.report_paper(3, charts=False), blocks=())
    assert "word/footnotes.xml" in zipfile.ZipFile(BytesIO(made)).namelist()
    assert "word/footnotes.xml" not in zipfile.ZipFile(BytesIO(docx_file.render(bare))).namelist()


def test_a_title_breaks_between_words_as_on_paper() -> None:
    title = "永安区创建国家知识产权强市建设试点城市工作2026年度汇总报告"
    made = docx_file.render(replace(samples.report_paper(3, charts=False), title=title))
    lines = [p.text for p in Document(BytesIO(made)).paragraphs if p.style.name == "公文标题"]
    assert lines[:-1] == title_lines(title, 22, 156 / 25.4 * 72)
    assert "".join(lines[:-1]) == title
    assert not lines[0].endswith(("知", "产", "试"))
    assert len(lines) == 3  # the last is the annex's


def test_the_hard_documents_of_the_gallery_can_be_made(tmp_path: Path) -> None:
    made = list(gallery.special_documents())
    assert len(made) == 10
    for name, write in made:
        write(tmp_path / name)
        assert (tmp_path / name).read_bytes()[:4] in (b"%PDF", b"PK\x03\x04")


def test_mark_and_colophon_break_between_words_too() -> None:
    issuer = "永安区国家知识产权强市建设试点城市工作领导小组办公室"
    paper = replace(samples.report_paper(3, charts=False), issuer=issuer, head=RedHead(issuer))
    document = Document(BytesIO(docx_file.render(paper)))
    (mark,) = [p.text for p in document.paragraphs if p.style.name == "公文发文机关标志"]
    last = document.tables[-1].rows[-1].cells[0].text
    for text in (mark, last):
        assert text.replace("\n", "") == issuer
        assert len(text.split("\n")) == 2
        assert not any(f"{a}\n{b}" in text for a, b in ("试点", "城市", "工作", "领导", "小组"))
