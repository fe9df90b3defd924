"""Tables: widths that add up, headers that repeat, rows that survive any page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import page
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.tables import Cell, Column, Table, bounds_of, column_widths
from tests.unit.documents.reading import all_text, page_texts

COLUMNS = [Column("序号", "center"), Column("企业名称"), Column("金额\n（万元）", "right")]


def _build(table: Table) -> bytes:
    return page.build([table], title="表", author="测试")


def test_the_header_is_repeated_on_every_page() -> None:
    rows = [[str(n), f"第{n}家企业", "1,280.00"] for n in range(1, 121)]
    texts = page_texts(_build(Table(COLUMNS, rows, width=page.WIDTH)))
    assert len(texts) > 2
    assert all("企业名称" in text and "（万元）" in text for text in texts)


def test_no_row_is_lost_or_doubled_at_a_page_break() -> None:
    rows = [[str(n), f"企业〔{n}〕号", "0"] for n in range(1, 121)]
    text = all_text(_build(Table(COLUMNS, rows, width=page.WIDTH)))
    assert all(text.count(f"企业〔{n}〕号") == 1 for n in range(1, 121))


def test_a_row_taller_than_a_page_is_carried_on() -> None:
    long = "".join(f"第{n}段情况说明。" for n in range(1, 900))
    texts = page_texts(_build(Table(COLUMNS, [["", long, ""]], width=page.WIDTH)))
    assert len(texts) > 1
    joined = "".join(text.split("—")[0].replace("序号企业名称金额（万元）", "") for text in texts)
    assert all(joined.count(f"第{n}段情况说明。") == 1 for n in range(1, 900))


def test_widths_add_up_and_a_long_column_does_not_starve_the_others() -> None:
    rows = [["1", "很长的情况说明" * 40, "1,234,567.89"]]
    widths = column_widths(COLUMNS, bounds_of(COLUMNS, rows), page.WIDTH)
    assert sum(widths) == pytest.approx(page.WIDTH)
    assert widths[2] > 12 * 5.5  # the number stays on one line
    assert widths[1] > widths[0]


def test_widths_add_up_when_there_is_room_to_spare_and_when_there_is_none() -> None:
    columns = [Column("非常长的列标题", "right")] * 14
    assert sum(column_widths(columns, bounds_of(columns, [["1"] * 14]), 200)) == pytest.approx(200)
    assert sum(
        column_widths(COLUMNS, bounds_of(COLUMNS, [["1", "甲", "2"]]), 400)
    ) == pytest.approx(400)


def test_a_spanning_cell_takes_the_width_of_its_columns() -> None:
    rows: list[list[str | Cell]] = [["1", Cell("人次由主办单位报送", span=2)], ["2", "甲", "3"]]
    assert "人次由主办单位报送" in all_text(_build(Table(COLUMNS, rows, width=page.WIDTH)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(min_value=1, max_value=80), min_size=1, max_size=60),
    st.lists(st.integers(min_value=0, max_value=900), min_size=1, max_size=3),
)
def test_tables_of_any_shape_lie_on_pages_of_any_fill(depths: list[int], gaps: list[int]) -> None:
    story: list[Flowable] = []
    for index, height in enumerate(gaps):
        rows = [
            [str(n), "\n".join(["行"] * depth), f"#{index}.{n}#"] for n, depth in enumerate(depths)
        ]
        table = Table(COLUMNS, rows, width=page.WIDTH)
        words = Paragraph("知识产权" * height, size=15.75, leading=page.PITCH)
        heading = page.heading("标题", room=table.first_height())
        story += [page.gap(height % 600), words, *heading, table]
    text = all_text(page.build(story, title="表", author="测试"))
    for index in range(len(gaps)):
        assert all(text.count(f"#{index}.{n}#") == 1 for n in range(len(depths)))


def test_a_table_that_misses_its_page_by_a_hair_is_split_cleanly() -> None:
    rows = [[str(n), "甲", "2"] for n in range(8)]
    table = Table(COLUMNS, rows, width=page.WIDTH)
    _, height = table.wrap(page.WIDTH, 1000)
    above, *_, below = table.split(page.WIDTH, height - 0.01)
    assert above.wrap(page.WIDTH, 1000)[1] <= height - 0.01
    assert below.wrap(page.WIDTH, 1000)[1] < height
