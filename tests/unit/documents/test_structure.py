"""Tagged pages: whoever has them read aloud, or extracts them, gets what the eye sees."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from rongchang_desk.documents import (
    archive,
    binder_pdf,
    paper_pdf,
    parcel_pdf,
    register_pdf,
    return_pdf,
    score_pdf,
    slips_pdf,
)
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.parcel import OFFICE, Parcel, ParcelKind
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Progress, Status
from tests.unit.documents import samples, tags
from tests.unit.documents.test_score_pdf import assessed

STANDARD = {
    "Document", "H1", "H2", "H3", "P", "L", "LI", "LBody", "Table", "TR", "TH", "TD", "Figure",
    "Caption", "Reference", "Note", "Lbl",
}  # fmt: skip


def _finished(pages: bytes) -> bytes:
    return archive.finish(
        pages, title="月报", author="单位", created=datetime(2026, 11, 3, tzinfo=UTC)
    )


def _render(plan: Plan, value: MonthlyReturn) -> bytes:
    return _finished(return_pdf.render(plan, value, digest=samples.DIGEST, signer=samples.SIGNER))


def _parcel() -> Parcel:
    return Parcel(
        format=1, kind=ParcelKind.SUPERVISION, id="p1", sequence=3, plan="sample", issuer=OFFICE,
        issuer_name="永安区知识产权强市建设领导小组办公室", addressee="D02",
        issued_at=datetime(2026, 11, 9, 9, tzinfo=UTC), month=None, answers="", revision=0,
        title="关于加快任务办理的督办单", text="贵单位承担的任务滞后。\n请抓紧推进。",
        reasons=("任务八已滞后两个月。", "指标未达进度。"), due=date(2026, 11, 20),
    )  # fmt: skip


@pytest.fixture(scope="module")
def every_kind(plan: Plan, typical_pages: bytes) -> dict[str, bytes]:
    """One file of each kind that is printed, finished."""
    wide = samples.monthly_return(*samples.cases(30))
    return {
        "return": _finished(typical_pages),
        "zero return": _render(plan, samples.monthly_return(zero=True)),
        "landscape": _render(plan, wide),
        "paper": _finished(paper_pdf.render(samples.report_paper(39))),
        "parcel": _finished(
            parcel_pdf.render(plan, _parcel(), digest=samples.DIGEST, signer=samples.SIGNER)
        ),
        "slips": _finished(
            slips_pdf.render(
                plan, [slips_pdf.Slip("D01", "区市场监管局", "ABCD-EFGH")] * 9,
                root_sha256=samples.DIGEST, day=date(2026, 11, 2),
            )
        ),
        "register": _finished(_register(plan)),
        "score": _finished(_scores(plan, "D01")),
        "scores": _finished(_scores(plan)),
        "task index": _finished(_index()),
    }  # fmt: skip


def _register(plan: Plan) -> bytes:
    line = register_pdf.Line(
        "区市场监管局", "D01", "1f", samples.DIGEST, "入网包", "2026-01-05", "2028-01-05", "有效"
    )
    return register_pdf.render(
        plan, [line] * 40, moment="2026年11月2日", root_sha256=samples.DIGEST, list_number=3,
        ledger=(12, samples.DIGEST), digest=samples.DIGEST, signer=samples.SIGNER,
    )  # fmt: skip


def _scores(plan: Plan, unit: str = "") -> bytes:
    value = assessed(plan)
    return score_pdf.render(plan, value, unit=unit, digest=samples.DIGEST, signer=samples.SIGNER)


def _index() -> bytes:
    index = binder_pdf.TaskIndex(
        5, "推进知识产权创新创造", "开展贯标。", "区市场监管局", "区科技局", "2026年",
        (binder_pdf.ProgressRow("2026-10", "区科技局", "进行中", "72", "已完成六家。", 1),),
        (binder_pdf.RecordRow("2026-10-13", "区科技局", "培训讲座", "贯标培训", 1),), (),
        (binder_pdf.OriginalRow(1, "区科技局", "2026-10", "1", "11-04", "a.pdf", samples.DIGEST),),
    )  # fmt: skip
    return binder_pdf.render_task(index, author="办公室")


KINDS = (
    "return", "zero return", "landscape", "paper", "parcel", "slips", "register", "score", "scores",
    "task index",
)  # fmt: skip


@pytest.fixture(scope="module")
def trees(every_kind: dict[str, bytes]) -> dict[str, tags.Tagged]:
    return {kind: tags.read(pdf) for kind, pdf in every_kind.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_everything_painted_is_content_or_an_artifact(
    trees: dict[str, tags.Tagged], kind: str
) -> None:
    assert trees[kind].unmarked == []


@pytest.mark.parametrize("kind", KINDS)
def test_marks_elements_and_the_parent_tree_agree(trees: dict[str, tags.Tagged], kind: str) -> None:
    tree = trees[kind]
    assert tree.parents == tree.owners
    for index, marks in enumerate(tree.marks):
        assert marks == list(range(len(marks)))
        assert len(marks) == sum(page == index for page, _ in tree.parents)


@pytest.mark.parametrize("kind", KINDS)
def test_elements_are_standard_and_in_the_order_of_drawing(
    trees: dict[str, tags.Tagged], kind: str
) -> None:
    document = trees[kind].document
    assert {tag.kind for tag in document.walk()} <= STANDARD
    first = [tag.marks[0] for tag in document.walk() if tag.marks]
    assert first == sorted(first)


@pytest.mark.parametrize("kind", KINDS)
def test_headings_begin_with_one_title_and_skip_no_level(
    trees: dict[str, tags.Tagged], kind: str
) -> None:
    levels = [int(tag.kind[1]) for tag in trees[kind].document.all("H1", "H2", "H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("parcel", "slips")])
def test_every_row_has_as_many_cells_as_its_table_has_columns(
    trees: dict[str, tags.Tagged], kind: str
) -> None:
    tables = trees[kind].document.all("Table")
    assert tables
    for table in tables:
        widths = {
            sum(int(cell.attributes.get("/ColSpan", 1)) for cell in row.kids)
            for row in table.all("TR")
        }
        assert len(widths) == 1
        heads = table.all("TH")
        assert heads
        assert all(str(head.attributes["/Scope"]) in ("/Column", "/Row") for head in heads)


def test_headers_repeated_on_later_pages_are_read_once(trees: dict[str, tags.Tagged]) -> None:
    table = trees["landscape"].document.all("Table")[-1]
    pages = {page for tag in table.walk() for page, _ in tag.marks}
    assert len(pages) > 1
    assert len({page for head in table.all("TH") for page, _ in head.marks}) == 1
    assert len(table.all("TR")) == 31


def test_a_cell_carried_on_over_pages_is_one_cell(plan: Plan) -> None:
    long = "".join(f"第{n}项工作已经完成，成效明显；" for n in range(1, 400))
    progress = Progress("x", samples.MONTH, 5, Status.UNDER_WAY, long, "")
    tree = tags.read(_render(plan, samples.monthly_return(progress)))
    carried = [tag for tag in tree.document.all("TD") if len({p for p, _ in tag.marks}) > 1]
    assert len(carried) == 1


def test_a_chart_is_a_figure_with_words_and_a_caption(trees: dict[str, tags.Tagged]) -> None:
    (figure,) = trees["paper"].document.all("Figure")
    assert "主要指标完成进度" in figure.alt
    assert len(figure.attributes["/BBox"]) == 4
    assert [kid.kind for kid in figure.kids] == ["Caption"]
    first = [table.kids[0].kind for table in trees["paper"].document.all("Table")][:2]
    assert first == ["Caption", "Caption"]


def test_reasons_and_explanations_are_lists(trees: dict[str, tags.Tagged]) -> None:
    (reasons,) = trees["parcel"].document.all("L")
    assert [item.kind for item in reasons.kids] == ["LI", "LI"]
    (explanations,) = trees["return"].document.all("L")
    assert len(explanations.kids) == 1


def test_bookmarks_follow_the_headings(trees: dict[str, tags.Tagged]) -> None:
    assert trees["return"].bookmarks[:4] == [
        (1, "一、指标读数"), (1, "二、培训讲座"), (1, "三、宣传活动"), (1, "四、任务进展"),
    ]  # fmt: skip
    assert (2, "（一）商标品牌培育台账") in trees["return"].bookmarks
    assert (1, "附表1　行政执法案件台账") in trees["landscape"].bookmarks
    assert [title for _, title in trees["paper"].bookmarks] == [
        "一、报送情况", "二、主要指标完成情况", "三、培训宣传情况", "纳入汇总的月报清单",
    ]  # fmt: skip


needs_poppler = pytest.mark.skipif(
    shutil.which("pdfinfo") is None or shutil.which("pdftotext") is None,
    reason="poppler-utils is not installed",
)


def _poppler(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@needs_poppler
@pytest.mark.parametrize("kind", KINDS)
def test_poppler_sees_a_tagged_file_without_complaint(
    every_kind: dict[str, bytes], kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(every_kind[kind])
    assert re.search(r"^Tagged:\s+yes$", _poppler("pdfinfo", str(path)), re.MULTILINE)
    assert _poppler("pdfinfo", "-struct", str(path)).startswith("Document\n")


@needs_poppler
def test_tables_read_by_poppler_hold_what_the_data_says(
    every_kind: dict[str, bytes], typical: MonthlyReturn, tmp_path: Path
) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(every_kind["return"])
    rows = _rows(_poppler("pdfinfo", "-struct-text", str(path)))
    assert ["有效发明专利（件）", "2026-10-31", "873", ""] in rows
    pledge = next(row for row in rows if row[0].startswith("知识产权质押融资：存量金额"))
    assert pledge[1:3] == ["2026-10-30", "23,650.50"]
    loans = [row for row in rows if "智能装备" in row[1]]
    assert loans == [[
        "1", "重庆某某智能装备制造有限公司", "重庆农村商业银行荣昌支行", "6", "1,280.00",
        "2026-10-12",
    ]]  # fmt: skip
    for session in typical.trainings:
        assert any(session.topic in "".join(row) for row in rows)


def _rows(text: str) -> list[list[str]]:
    """The cells of each row, from poppler's listing of the structure."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        words = line.strip()
        if words == "TR":
            rows.append([])
        elif rows and re.match(r"T[DH]\b", words):
            rows[-1].append("")
        elif words in ("Table (block)", "H2 (block)", "H3 (block)", "P (block)"):
            rows.append([])
        elif words.startswith('"') and rows and rows[-1]:
            rows[-1][-1] += words.strip('"')
    return [row for row in rows if row]


@needs_poppler
def test_plain_text_follows_the_page(every_kind: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(every_kind["return"])
    text = _poppler("pdftotext", "-layout", str(path), "-")
    line = next(line for line in text.splitlines() if "存量项数" in line)
    assert line.split()[1:3] == ["2026-10-30", "17"]
    assert "𬀩光小院" in text
    titles = [text.index(title) for title in ("一、指标读数", "四、任务进展", "八、本月合计")]
    assert titles == sorted(titles)
