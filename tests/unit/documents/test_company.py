"""What keeps company when a page ends: headings, lines, rows, and the signature block."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reportlab.platypus import Spacer

from rongchang_desk.documents import page, paper_pdf, parcel_pdf, return_pdf
from rongchang_desk.documents.paper import Amount, Column, Grid, Heading, Paper, Text
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.tables import Column as TableColumn
from rongchang_desk.documents.tables import Table
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Progress, Status
from tests.unit.documents import samples
from tests.unit.documents.reading import page_texts
from tests.unit.documents.test_structure import _parcel

LINE = "某" * 27 + "行"


def pages_of(*story: object) -> list[str]:
    return page_texts(page.build(list(story), title="试", author="试"))


@pytest.mark.parametrize("above", range(12, 23))
@pytest.mark.parametrize("lines", [2, 3, 4, 6])
def test_no_line_of_a_paragraph_stands_alone_on_a_page(above: int, lines: int) -> None:
    body = Paragraph(LINE * lines, size=page.SIZE_3, leading=page.PITCH)
    counts = [t.count("行") for t in pages_of(Spacer(1, above * page.PITCH - 1), body)]
    assert sum(counts) == lines
    assert all(count != 1 for count in counts)


@pytest.mark.parametrize("above", range(560, 640, 8))
@pytest.mark.parametrize("deep", [1, 3])
def test_no_row_of_a_table_stands_alone_on_the_last_page(above: int, deep: int) -> None:
    rows = [["\n".join([f"第{n}行", *["又"] * (deep - 1)])] for n in range(8)]
    table = Table([TableColumn("甲乙")], rows, width=page.WIDTH)
    pages = pages_of(Spacer(1, above - 100 * deep), table)
    counts = [text.count("行") for text in pages]
    assert sum(counts) == 8
    assert counts[-1] != 1
    assert all(text.count("甲乙") == 1 for text in pages)


@pytest.mark.parametrize("length", range(0, 400, 25))
def test_a_section_of_a_return_begins_with_its_first_rows(plan: Plan, length: int) -> None:
    progress = Progress("x", samples.MONTH, 5, Status.UNDER_WAY, "已完成" * length, "")
    pages = page_texts(
        return_pdf.render(
            plan, samples.monthly_return(progress), digest=samples.DIGEST, signer=samples.SIGNER
        )
    )
    (registers,) = [text for text in pages if "五、工作台账" in text]
    assert "（一）商标品牌培育台账" in registers
    assert "荣昌陶" in registers.split("五、工作台账")[1]
    (signed,) = [text for text in pages if "盖章处" in text]
    assert "八、本月合计" in signed


def _paper(*blocks: Heading | Text | Grid) -> Paper:
    return replace(samples.report_paper(3, charts=False), blocks=blocks, annexes=())


def _signed_page(paper: Paper) -> str:
    (signed,) = [text for text in page_texts(paper_pdf.render(paper)) if "盖章处" in text]
    return signed


@pytest.mark.parametrize("rows", range(4, 44, 3))
def test_a_papers_signature_shares_a_page_with_rows_of_its_last_table(rows: int) -> None:
    columns = (Column("单位"), Column("数", "right"))
    values = tuple((f"第{n}镇", Amount(n)) for n in range(rows))
    signed = _signed_page(_paper(Heading("一、情况"), Grid("表", "表1　情况", columns, values)))
    assert signed.count("镇") >= 2


@pytest.mark.parametrize("lines", range(1, 24, 2))
def test_a_papers_signature_shares_a_page_with_its_last_words(lines: int) -> None:
    signed = _signed_page(_paper(Heading("一、情况"), Text(LINE * lines)))
    assert "行" in signed


@pytest.mark.parametrize("lines", range(1, 40, 4))
def test_a_letters_signature_shares_a_page_with_its_last_words(plan: Plan, lines: int) -> None:
    letter = replace(_parcel(), text=LINE * lines, reasons=(), due=None)
    made = parcel_pdf.render(plan, letter, digest=samples.DIGEST, signer=samples.SIGNER)
    (signed,) = [text for text in page_texts(made) if "盖章处" in text]
    assert "行" in signed
