"""Footnotes on paper: a mark at the figure, the words at the foot of the same page, once."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from rongchang_desk.documents import paper_pdf
from rongchang_desk.documents.fonts import UnprintableCharacter
from rongchang_desk.documents.paper import Amount, CellNote, Column, Grid, Paper, Text
from rongchang_desk.documents.structure import sign
from tests.unit.documents import reading, samples, tags

BOTTOM = 35 / 25.4 * 72  # the text block's


def paper(*blocks: Text | Grid) -> Paper:
    return replace(samples.report_paper(3, charts=False), blocks=blocks, annexes=(), signer=None)


def grid(rows: int, notes: tuple[CellNote, ...]) -> Grid:
    return Grid(
        "表", "表1　各单位情况", (Column("单位"), Column("培训", "right", "场", figure=True)),
        tuple((f"第{n}镇", Amount(n)) for n in range(1, rows + 1)), notes=notes,
    )  # fmt: skip


def boxes(pdf: bytes, text: str) -> list[tuple[int, float, float, float]]:
    """Where a text stands: page from 0, left, bottom and height in points."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document):
        words = page.get_textpage()
        searcher = words.search(text)
        while (at := searcher.get_next()) is not None:
            left, bottom, _, top = words.get_charbox(at[0])
            found.append((number, left, bottom, top - bottom))
        words.close()
        page.close()
    document.close()
    return found


def test_a_figure_in_the_text_has_a_raised_mark_and_its_note_at_the_foot() -> None:
    words = Text("举办培训28场，参加460人次。", notes=(("28场", "去重。"),))
    made = paper_pdf.render(paper(words, grid(40, ())))
    assert "举办培训28场①，参加460人次。" in reading.all_text(made)
    mark, label = boxes(made, "①")
    (figure,) = boxes(made, "28场")
    (note,) = boxes(made, "去重。")
    assert mark[3] < 0.7 * 15.75
    assert mark[2] > figure[2]
    assert note[0] == mark[0] == 0
    assert BOTTOM - 1 < label[2] < BOTTOM + 12


def test_words_that_are_not_in_the_text_carry_no_note() -> None:
    with pytest.raises(ValueError, match="substring"):
        paper_pdf.render(paper(Text("举办培训28场。", notes=(("29场", "去重。"),))))


def test_a_note_that_cannot_be_printed_is_an_error_that_shows_it() -> None:
    with pytest.raises(UnprintableCharacter, match="去重"):
        paper_pdf.render(paper(Text("28场", notes=(("28场", "去重\U0001f600"),))))


def test_what_is_noted_twice_on_a_page_stands_at_its_foot_once() -> None:
    notes = (CellNote(0, 1, "甲。"), CellNote(1, 1, "乙。"), CellNote(2, 1, "甲。"))
    text = reading.all_text(paper_pdf.render(paper(grid(3, notes))))
    assert "第1镇1①第2镇2②第3镇3①" in text
    assert text.count("甲。") == text.count("乙。") == 1


def test_marks_begin_anew_on_the_next_page_and_each_page_has_its_own_notes() -> None:
    notes = tuple(CellNote(n, 1, f"第{n + 1}镇补报。") for n in range(0, 60, 10))
    pages = reading.page_texts(paper_pdf.render(paper(grid(60, notes))))
    assert len(pages) > 1
    for page in pages[:2]:
        assert page.count("①") == 2  # at the figure and at the note
        first = next(n + 1 for n in range(0, 60, 10) if f"第{n + 1}镇补报。" in page)
        assert f"第{first}镇{first}①" in page
    for number in range(1, 61, 10):
        (home,) = [page for page in pages if f"第{number}镇补报。" in page]
        assert f"第{number}镇{number}" in home


@pytest.mark.parametrize("rows", range(24, 40))
def test_no_row_stands_where_the_notes_do(rows: int) -> None:
    notes = tuple(CellNote(n, 1, f"{'说' * 60}{n}。") for n in range(0, rows, 3))
    made = paper_pdf.render(paper(grid(rows, notes)))
    pages = reading.page_texts(made)
    for number in range(len(pages)):
        feet = [box[2] + 9 for box in boxes(made, "说说说说") if box[0] == number]
        shown = [n for n in range(1, rows + 1) if f"第{n}镇" in pages[number]]
        rest = [box for n in shown for box in boxes(made, f"第{n}镇") if box[0] == number]
        assert all(box[2] > max(feet, default=0) for box in rest)
        assert all(foot > BOTTOM for foot in feet)
    text = "".join(pages)
    assert [f"第{n}镇{n}" in text for n in range(1, rows + 1)] == [True] * rows


def test_a_paragraph_over_two_pages_takes_each_note_to_the_page_of_its_figure() -> None:
    words = "".join(f"第{n}项指标推进有序，责任单位按月报送进展情况。" for n in range(80))
    notes = tuple((f"第{n}项", f"注{n}号。") for n in range(0, 80, 7))
    made = paper_pdf.render(paper(Text(words, notes=notes)))
    pages = reading.page_texts(made)
    assert len(pages) > 2
    for number in range(0, 80, 7):
        (home,) = [page for page in pages if f"注{number}号。" in page]
        assert f"第{number}项" in home


def test_figures_of_a_column_stay_one_below_the_other_beside_a_mark() -> None:
    made = paper_pdf.render(paper(grid(2, (CellNote(0, 1, "甲。"),))))
    document = pypdfium2.PdfDocument(made)
    page = document[0]
    words = page.get_textpage()
    text = words.get_text_range()
    rights = [words.get_charbox(text.index(row) + len(row) + gap)[2]
              for row, gap in (("第1镇", 2), ("第2镇", 2))]  # fmt: skip
    words.close()
    page.close()
    document.close()
    assert rights[0] == pytest.approx(rights[1], abs=1.5)


def test_the_notes_stand_above_the_colophon() -> None:
    made = paper_pdf.render(paper(Text("举办培训28场。", notes=(("28场", "去重。"),))))
    (note,), (copies,) = boxes(made, "去重。"), boxes(made, "抄送")
    assert note[2] > copies[2] + 12


def test_a_mark_refers_to_its_note_in_the_structure_tree() -> None:
    made = paper_pdf.render(paper(grid(3, (CellNote(0, 1, "甲。"), CellNote(2, 1, "乙。")))))
    tree = tags.read(made)
    notes = tree.document.all("Note")
    assert [note.name for note in notes] == ["note-00001", "note-00002"]
    assert all([kid.kind for kid in note.kids] == ["Lbl", "P"] for note in notes)
    marked = [(cell, mark) for cell in tree.document.all("TD") for mark in cell.all("Reference")]
    assert [mark.refers for _, mark in marked] == [(note.name,) for note in notes]
    assert all(cell.marks for cell, _ in marked)
    with pikepdf.open(BytesIO(made)) as pdf:
        names = list(pdf.Root.StructTreeRoot.IDTree.Names)
        assert [str(name) for name in names[::2]] == [note.name for note in notes]


def test_a_paper_without_notes_has_no_rule_and_no_list_of_names() -> None:
    made = paper_pdf.render(paper(grid(3, ())))
    assert "①" not in reading.all_text(made)
    with pikepdf.open(BytesIO(made)) as pdf:
        assert "/IDTree" not in pdf.Root.StructTreeRoot


def test_beyond_twenty_notes_on_a_page_marks_are_numbers() -> None:
    assert (sign(20), sign(21)) == ("⑳", "21")
    notes = tuple(CellNote(n, 1, f"第{n}号注。") for n in range(24))
    text = reading.all_text(paper_pdf.render(paper(grid(24, notes))))
    assert all(f"第{n}号注。" in text for n in range(24))
