"""Reading PDF files back as a reader would: text, page sizes and fonts."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, without line ends and spaces."""
    return ["".join(text.split()).replace("\ufffe", "") for text in _texts(pdf)]


def lines(pdf: bytes) -> list[str]:
    """The lines of all pages, as a reader that copies them gets them."""
    return [line for text in _texts(pdf) for line in text.splitlines()]


def _texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            textpage = page.get_textpage()
            texts.append(textpage.get_text_range())
            textpage.close()
            page.close()
        return texts
    finally:
        document.close()


def all_text(pdf: bytes) -> str:
    return "".join(page_texts(pdf))


def page_sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in whole points."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        boxes = [page.mediabox for page in opened.pages]
        return [(round(float(b[2])), round(float(b[3]))) for b in boxes]


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """For each font's name, without its subset tag, whether it is embedded as TrueType."""
    found: dict[str, bool] = {}
    with pikepdf.open(BytesIO(pdf)) as opened:
        for item in opened.objects:
            if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
                continue
            if "/DescendantFonts" in item:
                continue
            name = str(item.BaseFont).split("+")[-1].lstrip("/")
            descriptor = item.get("/FontDescriptor")
            embedded = descriptor is not None and "/FontFile2" in descriptor
            found[name] = found.get(name, True) and embedded
    return found
