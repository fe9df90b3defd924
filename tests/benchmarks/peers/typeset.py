"""Sets the same content again and again with one engine, and prints what each round cost.

    python typeset.py ENGINE CONTENT.json FONTS ROUNDS OUT.pdf

CONTENT.json holds blocks: ["heading", text], ["text", text] or ["table", [rows of texts]]. Every
round sets other texts (the round's number is in each), so that no engine can hand back what it
remembers. Prints one JSON object: `cpu` seconds of each round; the first one warms up. Imports
nothing but the engine.
"""

from __future__ import annotations

import html
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

Blocks = list[list]
Setter = Callable[[Blocks], bytes]
"""Content to a PDF."""

A4_MM = (210, 297)
MARGINS_MM = (37, 26, 35, 28)  # top, right, bottom, left: the Desk's page
SIZE, TABLE_SIZE = 15.75, 10.5  # points


def with_typst(fonts: Path) -> Setter:
    import typst

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    def markup(blocks: Blocks) -> str:
        top, right, bottom, left = MARGINS_MM
        edges = f"top: {top}mm, right: {right}mm, bottom: {bottom}mm, left: {left}mm"
        parts = [
            f'#set page(paper: "a4", margin: ({edges}), numbering: "— 1 —")\n',
            f'#set text(font: "Desk Fang", size: {SIZE}pt, lang: "zh")\n',
            "#set par(justify: true, first-line-indent: (amount: 2em, all: true))\n",
        ]
        for kind, value in blocks:
            if kind == "heading":
                parts.append(f'#heading(text(font: "Desk Hei", {quoted(value)}))\n')
            elif kind == "text":
                parts.append(f"#par({quoted(value)})\n")
            else:
                cells = ", ".join(quoted(text) for row in value for text in row)
                parts.append(
                    f'#text(font: "Desk Song", size: {TABLE_SIZE}pt, '
                    f"table(columns: {len(value[0])}, {cells}))\n"
                )
        return "".join(parts)

    compiler = typst.Compiler(font_paths=[str(fonts)], ignore_system_fonts=True)
    return lambda blocks: compiler.compile(input=markup(blocks).encode(), format="pdf")


def as_html(blocks: Blocks, style: str) -> str:
    parts = [f"<html><head><style>{style}</style></head><body>"]
    for kind, value in blocks:
        if kind == "heading":
            parts.append(f"<h2>{html.escape(value)}</h2>")
        elif kind == "text":
            parts.append(f"<p>{html.escape(value)}</p>")
        else:
            rows = "".join(
                "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>"
                for row in value
            )
            parts.append(f"<table border='1' cellspacing='0'>{rows}</table>")
    return "".join([*parts, "</body></html>"])


def with_weasyprint(fonts: Path) -> Setter:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    faces = "".join(
        f"@font-face {{font-family: {name}; src: url('{(fonts / f'{name}.ttf').as_uri()}')}}"
        for name in ("Fang", "Hei", "Song")
    )
    edges = " ".join(f"{edge}mm" for edge in MARGINS_MM)
    style = (
        f"{faces} @page {{size: A4; margin: {edges}; @bottom-right {{content: counter(page)}}}}"
        f"body {{font: {SIZE}pt Fang; text-align: justify}} h2 {{font: {SIZE}pt Hei}}"
        f"p {{text-indent: 2em}} table {{font: {TABLE_SIZE}pt Song; border-collapse: collapse}}"
    )
    config = FontConfiguration()

    def set_again(blocks: Blocks) -> bytes:
        made = HTML(string=as_html(blocks, style)).write_pdf(font_config=config)
        assert made is not None
        return made

    return set_again


def with_fpdf2(fonts: Path) -> Setter:
    import logging

    from fpdf import FPDF

    logging.getLogger("fontTools").setLevel(logging.ERROR)

    def set_again(blocks: Blocks) -> bytes:
        top, right, bottom, left = MARGINS_MM
        pdf = FPDF(format="A4")
        pdf.set_margins(left, top, right)
        pdf.set_auto_page_break(True, bottom)
        for name in ("Fang", "Hei", "Song"):
            pdf.add_font(name, fname=str(fonts / f"{name}.ttf"))
        pdf.add_page()
        for kind, value in blocks:
            if kind == "table":
                pdf.set_font("Song", size=TABLE_SIZE)
                with pdf.table(line_height=5, first_row_as_headings=False) as table:
                    for row in value:
                        table.row(row)
            else:
                pdf.set_font("Hei" if kind == "heading" else "Fang", size=SIZE)
                pdf.multi_cell(0, 10.2, value, new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR")
        return bytes(pdf.output())

    return set_again


def with_qt(fonts: Path) -> Setter:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QMarginsF
    from PySide6.QtGui import (
        QFontDatabase,
        QGuiApplication,
        QPageLayout,
        QPageSize,
        QPdfWriter,
        QTextDocument,
    )

    application = QGuiApplication([])
    families = {
        name: QFontDatabase.applicationFontFamilies(
            QFontDatabase.addApplicationFont(str(fonts / f"{name}.ttf"))
        )[0]
        for name in ("Fang", "Hei", "Song")
    }
    style = (
        f"body {{font-family: '{families['Fang']}'; font-size: {SIZE}pt}}"
        f"h2 {{font-family: '{families['Hei']}'}} p {{text-indent: 32px}}"
        f"td {{font-family: '{families['Song']}'; font-size: {TABLE_SIZE}pt}}"
    )

    def set_again(blocks: Blocks) -> bytes:
        assert application is not None
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        top, right, bottom, left = MARGINS_MM
        writer.setPageMargins(QMarginsF(left, top, right, bottom), QPageLayout.Unit.Millimeter)
        document = QTextDocument()
        document.setHtml(as_html(blocks, style))
        document.print_(writer)
        return buffer.data().data()

    return set_again


def with_desk(_fonts: Path) -> Setter:
    from datetime import UTC, datetime

    from rongchang_desk.documents import archive, paper_pdf
    from rongchang_desk.documents.paper import Column, Grid, Heading, Paper, Text

    def paper_of(blocks: Blocks) -> Paper:
        made: list = []
        for kind, value in blocks:
            if kind == "heading":
                made.append(Heading(value))
            elif kind == "text":
                made.append(Text(value))
            else:
                columns = tuple(Column(title) for title in value[0])
                made.append(Grid("", "", columns, tuple(tuple(row) for row in value[1:])))
        return Paper("", tuple(made), "", "")

    def set_again(blocks: Blocks) -> bytes:
        pages = paper_pdf.render(paper_of(blocks))
        created = datetime(2026, 11, 3, tzinfo=UTC)
        return archive.finish(pages, title="", author="", created=created)

    return set_again


ENGINES = {
    "desk": with_desk,
    "typst": with_typst,
    "weasyprint": with_weasyprint,
    "fpdf2": with_fpdf2,
    "qt": with_qt,
}


def numbered(blocks: Blocks, number: int) -> Blocks:
    """The content with a round's number in every text."""
    return [
        [kind, [[f"{text}{number}" for text in row] for row in value]]
        if kind == "table"
        else [kind, f"{value}{number}"]
        for kind, value in blocks
    ]


def main() -> None:
    name, content, fonts, rounds, out = sys.argv[1:]
    blocks = json.loads(Path(content).read_text("utf-8"))
    set_again = ENGINES[name](Path(fonts))
    cpu = []
    for number in range(int(rounds) + 1):
        now = numbered(blocks, number)
        begin = time.process_time()
        pdf = set_again(now)
        cpu.append(time.process_time() - begin)
    Path(out).write_bytes(pdf)
    print(json.dumps({"cpu": cpu[1:]}))  # noqa: T201  # read by the benchmark


if __name__ == "__main__":
    main()
