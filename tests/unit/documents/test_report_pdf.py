"""The merged report: a whole district of 39 units in official layout."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from rongchang_desk.documents import report_pdf
from rongchang_desk.documents.page import SIZE_4, WIDTH
from rongchang_desk.documents.report_pdf import MergedReport
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import DeskError
from tests.unit.documents import samples
from tests.unit.documents.reading import all_text, fonts_of, page_texts


@pytest.fixture(scope="module")
def report() -> MergedReport:
    return samples.merged_report(39)


@pytest.fixture(scope="module")
def pages(plan: Plan, report: MergedReport) -> bytes:
    return report_pdf.render(plan, report)


def test_the_same_report_gives_the_same_bytes(
    plan: Plan, report: MergedReport, pages: bytes
) -> None:
    assert report_pdf.render(plan, report) == pages
    assert report_pdf.render(plan, replace(report, late=2)) != pages


def test_the_summary_counts_units_and_names_the_missing(pages: bytes) -> None:
    text = all_text(pages)
    assert "应报送月报的单位39个，已报送37个，报送率94.9%" in text
    assert "未报送的单位2个：区市场监管局、区科技局" in text
    assert "应报单位全部报送" not in text


def test_a_complete_month_names_nobody(plan: Plan, report: MergedReport) -> None:
    complete = replace(report, missing=(), units_reported=39)
    text = all_text(report_pdf.render(plan, complete))
    assert "应报单位全部报送" in text
    assert "未报送的单位" not in text


def test_all_37_returns_stand_in_the_annex_with_their_digests(
    report: MergedReport, pages: bytes
) -> None:
    texts = page_texts(pages)
    first = next(i for i, text in enumerate(texts) if text.startswith("附件纳入汇总"))
    annex = "".join(texts[first:])
    for row in report.lineage:
        assert row.unit in annex
        assert row.digest[:32].upper() in annex
    tables = [text for text in texts[first:] if "2026-11-04" in text]
    assert len(tables) > 1
    assert all("接收时间" in text for text in tables)


def test_totals_are_the_sums_of_the_units(report: MergedReport, pages: bytes) -> None:
    counted = sum(row.counted for row in report.activities)
    assert f"其中计入年度指标{counted:,}人次" in all_text(pages)


def test_the_fingerprint_is_printed_in_groups_and_on_every_page(pages: bytes) -> None:
    texts = page_texts(pages)
    assert all("汇总指纹9F86D081884C7D65" in text for text in texts)
    assert samples.DIGEST[:32].upper() in "".join(texts)


def test_the_signature_the_date_and_the_colophon_are_there_once(pages: bytes) -> None:
    texts = page_texts(pages)
    assert sum("盖章处" in text for text in texts) == 1
    assert "2026年11月6日印发" in texts[-1]
    assert "抄送：区委，区政府。" in texts[-1]


def test_a_chart_is_a_vector_form_with_text(plan: Plan, pages: bytes) -> None:
    assert "本月应达" in all_text(pages)
    with pikepdf.open(BytesIO(pages)) as pdf:
        kinds = [
            str(item.get("/Subtype"))
            for item in pdf.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Type") == "/XObject"
        ]
    assert kinds == ["/Form"]
    bare = report_pdf.render(plan, samples.merged_report(5, charts=False))
    assert "本月应达" not in all_text(bare)


def test_every_font_is_embedded(pages: bytes) -> None:
    fonts = fonts_of(pages)
    assert "DeskFang-Regular" in fonts
    assert all(embedded for name, embedded in fonts.items() if not name.startswith("DeskHei"))


def test_an_empty_month_still_makes_a_report(plan: Plan, report: MergedReport) -> None:
    empty = replace(
        report, targets=(), activities=(), tasks=(), problems=(), lineage=(), charts=(),
        units_expected=0, units_reported=0, on_time=0, late=0, missing=(), addressee="",
    )  # fmt: skip
    text = all_text(report_pdf.render(plan, empty))
    assert "没有纳入汇总的月报" in text


def test_an_unknown_character_is_refused_by_name(plan: Plan, report: MergedReport) -> None:
    with pytest.raises(DeskError, match="𪚥"):
        report_pdf.render(plan, replace(report, issuer="𪚥局"))


def test_a_long_issuer_wraps_beside_the_date_in_the_colophon() -> None:
    long = report_pdf._Colophon(
        ("区委",), "永安区国家知识产权强市建设试点城市工作领导小组办公室", "2026年11月6日"
    )
    short = report_pdf._Colophon(("区委",), "永安区市场监管局", "2026年11月6日")
    for colophon in (long, short):
        colophon.wrap(WIDTH, 100)
    assert long._need == short._need + 20
    room = WIDTH - 3 * SIZE_4 - long._date_width
    assert all(line.width <= room + 0.02 for line in long._issuer._lines or ())


def test_the_39_units_of_a_district_and_the_colophon_take_two_annex_pages(
    plan: Plan, report: MergedReport
) -> None:
    row = report.lineage[0]
    whole = replace(report, lineage=(row,) * 39, charts=())
    texts = page_texts(report_pdf.render(plan, whole))
    first = next(i for i, text in enumerate(texts) if text.startswith("附件纳入汇总"))
    assert len(texts) - first == 2
    assert "印发" in texts[-1]
