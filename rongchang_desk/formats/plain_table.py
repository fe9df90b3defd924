"""A plain table of texts as xlsx or csv: what a person exports from a list in the window."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32767  # characters a cell can hold


def to_xlsx(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """One sheet with a frozen heading; every cell is text, so nothing is taken for a formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    body = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for column, name in enumerate(header):
        texts = [name, *(row[column] for row in rows)]
        widest = max(len(line) for text in texts for line in (text.split("\n") or [""]))
        sheet.set_column(column, column, min(60, 4 + widest * 1.7))
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text[:_LONGEST], body)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return target.getvalue()


def to_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, as Excel and WPS want it; a text that looks like a formula gets a
    leading apostrophe, because spreadsheets would run it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(header)
    for row in rows:
        writer.writerow(["'" + text if text.startswith(_FORMULA) else text for text in row])
    return target.getvalue().encode("utf-8-sig")
