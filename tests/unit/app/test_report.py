"""Reports and bulletins: periods, payload, what amendments change in issued ones, and twins."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from rongchang_desk.app import basis as bases
from rongchang_desk.app import issued_papers, report, twins
from rongchang_desk.app import report_grids as grids
from rongchang_desk.app.report import PaperKind, Wish
from rongchang_desk.documents.paper import Figure, figures, text_of
from rongchang_desk.domain.measures import Origin
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period
from rongchang_desk.domain.records import NamedValue, Training, Value
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.store import issued as stored
from tests.district import MONTH, PASSPHRASE, District, at

OCTOBER = Wish(Period.of(MONTH))


@pytest.fixture
def reported(district: District) -> District:
    """A1 has reported a training of 30 workers, B1 its progress, both in October."""
    session = district.training("A1", 30)
    district.record("A1", session)
    district.record("B1", district.progress("B1"))
    district.take(district.export("A1"), district.export("B1"))
    return district


def issue(district: District, wish: Wish = OCTOBER) -> report.Issued:
    office = district.office
    return report.issue(office, wish, office.identity(PASSPHRASE))


def amend_training(district: District, workers: int) -> Path:
    """A1 corrects the headcount of its session and signs a new revision."""
    from rongchang_desk.app import record

    desk = district.desk("A1")
    (session,) = record.of_month(desk, MONTH).trainings
    assert isinstance(session, Training)
    counts = (NamedValue("worker", Value.of(Decimal(workers))),)
    district.record("A1", replace(session, headcounts=counts))
    return district.export("A1", amend="人数统计有误")


def payload_in(file: Path) -> dict[str, object]:
    with pikepdf.open(file) as pdf:
        found: dict[str, object] = json.loads(
            pdf.attachments["report.json"].get_file().read_bytes()
        )
    return found


def names_in(file: Path) -> set[str]:
    with pikepdf.open(file) as pdf:
        return set(pdf.attachments)


def test_a_month_carries_its_originals_and_every_printed_number(reported: District) -> None:
    made = issue(reported)
    payload = payload_in(made.file)
    assert payload["period"] == "2026-10"
    assert names_in(made.file) == {"report.json", "A1_2026-10_r1.pdf", "B1_2026-10_r1.pdf"}
    printed = payload["printed"]
    assert isinstance(printed, list)
    assert ["一、报送情况", "已报送", "", "2个"] in printed
    basis = bases.gather(reported.office, OCTOBER.period)
    paper = report.compose(reported.office, OCTOBER, basis)
    assert [list(row) for row in printed] == [
        [f.table, f.row, f.column, f.value] for f in figures(paper)
    ]


def test_a_quarter_not_begun_or_without_returns_is_refused(reported: District) -> None:
    for text, words in (("2027Q1", "还没有已经结束"), ("2026Q3", "还没有已经结束")):
        with pytest.raises(FoundWrong, match=words):
            issue(reported, Wish(Period.parse(text)))
    with pytest.raises(FoundWrong, match="没有收到"):
        issue(reported, Wish(Period.of(Month(2026, 9))))
    assert report.issued(reported.office) == ()


def test_a_quarter_and_a_year_hold_the_months_that_are_over(reported: District) -> None:
    reported.clock.now = at(20, month=12)
    for code in ("A1", "B1"):
        desk = reported.desk(code)
        session = replace(reported.training(code, 7), day=date(2026, 11, 12))
        reported.record(code, session, month=Month(2026, 11))
        reported.take(reported.export(code, month=Month(2026, 11)))
        assert desk.unit_code == code
    quarter = issue(reported, Wish(Period.parse("2026Q4")))
    payload = payload_in(quarter.file)
    assert payload["months"] == ["2026-10", "2026-11"]
    assert quarter.returns == 4
    assert len(names_in(quarter.file)) == 5
    assert ["三、培训宣传情况", "培训讲座", "", "3场"] in payload["printed"]  # type: ignore[operator]
    year = issue(reported, Wish(Period.parse("2026")))
    assert payload_in(year.file)["months"] == ["2026-10", "2026-11"]
    assert year.file.name.endswith("_2026_年度汇总报告.pdf")


def test_a_bulletin_keeps_its_number_and_demands(reported: District) -> None:
    wish = Wish(Period.of(MONTH), PaperKind.BULLETIN, "临知办〔2026〕5号", "一是抓紧。\n二是补报。")
    made = issue(reported, wish)
    payload = payload_in(made.file)
    assert (payload["kind"], payload["number"]) == ("bulletin", "临知办〔2026〕5号")
    (row,) = report.issued(reported.office)
    assert (row.kind, row.file_name) == ("bulletin", made.file.name)
    paper, _ = issued_papers.paper_as_issued(reported.office, row)
    assert paper.head is not None
    assert paper.head.number == "临知办〔2026〕5号"
    assert [b.text for b in paper.blocks[-3:] if hasattr(b, "text")] == [
        "一是抓紧。", "二是补报。", "特此通报。",
    ]  # fmt: skip


def test_an_amendment_names_the_paper_and_the_numbers_it_changes(reported: District) -> None:
    made = issue(reported)
    assert issued_papers.touched(reported.office) == ()
    taken = reported.take(amend_training(reported, 45))
    (note,) = taken.outcomes[0].notes
    assert "《2026年10月汇总报告》" in note
    assert made.file.name in note
    assert "30人次 → 45人次" in note
    (touched,) = issued_papers.touched(reported.office)
    assert touched.amended == (("A1", MONTH, 1, 2),)
    changed = {(c.row, c.column): (c.old, c.new) for c in touched.changes}
    assert changed["参加培训", ""] == ("30人次", "45人次")
    name = reported.office.plan.name_of("A1")
    assert any(row == name and values == ("30", "45") for (row, _), values in changed.items())


def test_an_unused_return_touches_nothing(reported: District) -> None:
    issue(reported)
    taken = reported.take(reported.report("C1"))
    assert taken.outcomes[0].notes == ()
    (touched,) = issued_papers.touched(reported.office)
    assert (touched.changes, touched.added) == ((), 1)


def test_a_paper_issued_anew_replaces_the_older_one(reported: District) -> None:
    issue(reported)
    reported.take(amend_training(reported, 45))
    assert issued_papers.touched(reported.office)
    reported.clock.now = at(3)
    issue(reported)
    assert len(report.issued(reported.office)) == 2
    assert issued_papers.touched(reported.office) == ()


def test_a_paper_made_anew_prints_what_was_issued(reported: District) -> None:
    made = issue(reported)
    reported.take(amend_training(reported, 45))
    row = issued_papers.current(reported.office)[0]
    paper, _ = issued_papers.paper_as_issued(reported.office, row)
    assert [[f.table, f.row, f.column, f.value] for f in figures(paper)] == payload_in(made.file)[
        "printed"
    ]


def test_papers_issued_before_figures_were_kept_are_computed_anew(reported: District) -> None:
    made = issue(reported)
    office = reported.office
    payload = json.loads(stored.payload(office.store, made.digest))
    del payload["printed"], payload["months"]
    with office.store.transaction():
        office.store.connection.execute(
            "UPDATE issued_report SET payload = ?", (json.dumps(payload).encode(),)
        )
    reported.take(amend_training(reported, 45))
    (touched,) = issued_papers.touched(office)
    assert any((c.old, c.new) == ("30人次", "45人次") for c in touched.changes)


# -- twins ---------------------------------------------------------------------


def test_the_docx_twin_says_what_the_payload_says(reported: District, tmp_path: Path) -> None:
    made = issue(reported)
    reported.take(amend_training(reported, 45))  # the twin is that of the issued paper
    row = issued_papers.current(reported.office)[0]
    out = twins.write_issued(reported.office, row, tmp_path / "report.docx")
    document = Document(BytesIO(out.read_bytes()))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for _, _, column, value in payload_in(made.file)["printed"]:  # type: ignore[attr-defined]
        assert (value or "—") in cells if column else value in words
    assert "45" not in cells
    section = document.sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges if edge is not None] == [37, 35, 28, 26]
    fonts = {
        style.name: style.element.rPr.rFonts.get(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"
        )
        for style in document.styles
        if style.name.startswith("公文")
    }
    assert fonts["公文标题"] == "方正小标宋简体"
    assert fonts["公文正文"] == "仿宋_GB2312"
    assert fonts["公文一级标题"] == "黑体"
    assert fonts["公文二级标题"] == "楷体_GB2312"
    assert all("tblHeader" in table.rows[0]._tr.xml for table in document.tables[:-1])
    footer = section.footer.paragraphs[0]._p.xml
    assert "PAGE" in footer
    assert "— " in footer


def test_the_xlsx_twin_has_the_numbers_as_numbers(reported: District, tmp_path: Path) -> None:
    made = issue(reported)
    row = issued_papers.current(reported.office)[0]
    out = twins.write_issued(reported.office, row, tmp_path / "report.xlsx")
    book = CalamineWorkbook.from_path(out)
    assert book.sheet_names[:3] == ["概况", "报送情况", "主要指标"]
    facts = dict(tuple(row[:2]) for row in book.get_sheet_by_name("概况").to_python()[3:])
    assert (facts["已报送"], facts["参加培训"]) == (2, 30)
    header, *rows = book.get_sheet_by_name("培训宣传").to_python()[2:]
    assert header[1] == "培训（场）"
    for _, name, column, value in payload_in(made.file)["printed"]:  # type: ignore[attr-defined]
        if column in header:
            (found,) = [row for row in rows if row[0] == name]
            assert f"{found[header.index(column)]:,.0f}" == value


def test_another_ending_is_refused_and_nothing_is_written(
    reported: District, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="不能写成"):
        twins.write(reported.office, OCTOBER, tmp_path / "report.doc")
    with pytest.raises(FoundWrong):
        twins.write(reported.office, Wish(Period.of(Month(2026, 9))), tmp_path / "report.docx")
    assert not list(tmp_path.glob("report*"))


# -- changes and grids -----------------------------------------------------------


def test_a_table_that_comes_in_between_changes_only_its_own_numbers() -> None:
    old = (Figure("表2　指标", "专利", "本期", "5件"), Figure("表3　任务", "普法", "滞后", "1"))
    new = (*old[:1], Figure("表3　差异", "商标", "差额", "2"), replace(old[1], table="表4　任务"))
    changes = issued_papers.differences(old, new)
    assert [(c.table, c.old, c.new) for c in changes] == [("表3　差异", "", "2")]
    moved = issued_papers.differences(old, (old[0], replace(old[1], table="表4　任务", value="0")))
    assert [(c.table, c.old, c.new) for c in moved] == [("表3　任务", "1", "0")]


def test_another_units_reading_of_an_owned_stock_is_a_difference(reported: District) -> None:
    office = reported.office
    basis = bases.gather(office, OCTOBER.period)
    owned = next(t for t in office.plan.targets if t.owner and t.columns())
    other = next(u.code for u in office.plan.units if u.code != owned.owner)
    read = Origin(other, MONTH, "r1", Decimal(90))
    figure = replace(basis.figures[0], target=owned.code, value=Decimal(100), differences=(read,))
    basis.__dict__["figures"] = (figure,)
    (row,) = grids.differences(basis).rows
    assert [text_of(value) for value in row] == [
        f"{owned.title}（{office.plan.name_of(other)}）",
        f"100{owned.unit}", f"90{owned.unit}", f"-10{owned.unit}",
    ]  # fmt: skip
