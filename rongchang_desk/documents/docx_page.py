"""The page and the styles of docx papers: GB/T 9704 in the words of a word processor."""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

TITLE_FACE, BODY_FACE, HEI_FACE, KAI_FACE = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
TABLE_FACE = "宋体"
_LINE = 579  # twips: 22 lines in 225 mm
RED = RGBColor(230, 0, 18)
CHARACTER = Pt(15.75)
SIZE_2, MARK_SIZE = 22.0, 30.0

_STYLES: tuple[tuple[str, str, float, str, dict[str, Any]], ...] = (
    ("公文标题", TITLE_FACE, SIZE_2, "center", {"line": 33}),
    ("公文正文", BODY_FACE, 15.75, "justify", {"indent": 2}),
    ("公文主送", BODY_FACE, 15.75, "left", {}),
    ("公文一级标题", HEI_FACE, 15.75, "left", {"indent": 2, "level": 0, "keep": True}),
    ("公文二级标题", KAI_FACE, 15.75, "left", {"indent": 2, "level": 1, "keep": True}),
    ("公文落款", BODY_FACE, 15.75, "right", {}),
    ("公文附件说明", BODY_FACE, 15.75, "left", {"indent": 2}),
    ("公文附件", HEI_FACE, 15.75, "left", {"keep": True}),
    ("公文发文机关标志", TITLE_FACE, MARK_SIZE, "center", {"line": 42}),
    ("公文文号", BODY_FACE, 15.75, "center", {}),
    ("公文表题", HEI_FACE, 12, "center", {"line": 22, "keep": True}),
    ("公文表格", TABLE_FACE, 10.5, "left", {"line": 14}),
    ("公文页码", TABLE_FACE, 14, "left", {"line": 16}),
    ("公文脚注", TABLE_FACE, 9, "left", {"line": 12.5}),
    ("公文版记", BODY_FACE, 14, "justify", {"line": 22}),
)
"""Style, face, size in points, alignment, and: line pitch in points, indent in characters,
outline level, keep with the next paragraph."""

ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def add_styles(document: Any) -> None:
    for name, face, size, align, more in _STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
        style.font.size = Pt(size)
        set_face(style.element.get_or_add_rPr(), face)
        form = style.paragraph_format
        form.alignment = ALIGN[align]
        form.space_before = form.space_after = Pt(0)
        form.line_spacing = Pt(more["line"]) if "line" in more else Emu(_LINE * 635)
        form.keep_with_next = more.get("keep", False)
        form.widow_control = True
        # The pitch is exact: the grid would widen tables. No room between digits and characters,
        # so that a line holds what it holds on paper.
        for habit in ("w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
            off = OxmlElement(habit)
            off.set(qn("w:val"), "0")
            # The schema fixes the order of properties, and Word insists on it.
            style.element.get_or_add_pPr().insert_element_before(off, "w:spacing")
        if "indent" in more:
            form.first_line_indent = Pt(size * more["indent"])
        if "level" in more:
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), str(more["level"]))
            style.element.get_or_add_pPr().append(level)
    set_face(document.styles["Normal"].element.get_or_add_rPr(), BODY_FACE)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")


def set_face(properties: Any, face: str) -> None:
    """One face for Chinese and Latin: without `w:eastAsia` a program takes its own."""
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), face)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def set_page(section: Any, *, wide: bool = False) -> None:
    """A4; a wide page is a portrait one turned, its head at the binding edge."""
    upright = (Mm(37), Mm(26), Mm(35), Mm(28))  # top, right, bottom, left
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    edges = (upright[3], upright[0], upright[1], upright[2]) if wide else upright
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = edges
    section.footer_distance = Mm(12 if wide else 23)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(_LINE))


def number_pages(document: Any) -> None:
    """— 1 —, odd pages right, even ones left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["公文页码"]
        paragraph.alignment = ALIGN[align]
        form = paragraph.paragraph_format
        form.left_indent = form.right_indent = Pt(14)
        paragraph.add_run("— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        field.append(paragraph.add_run("1")._r)
        paragraph._p.append(field)
        paragraph.add_run(" —")


def measure(text: str) -> float:
    """The width of a text in characters of full width."""
    return sum(
        1.0 if ord(character) > 0x2E7F else 0.7 if character.isupper() else 0.55
        for character in text
    )
