"""Drawing pages without making a file of them: what the pages of a return must hold.

The renderer is deterministic, so the same return gives the same operators and the same font
subsets. Writing the file out, which takes as long again, is left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportlab.pdfbase.ttfonts import SUBSETN, makeToUnicodeCMap

from rongchang_desk.documents import fonts
from rongchang_desk.documents.archive import mended_to_unicode
from rongchang_desk.documents.printed import Font, Sheet
from rongchang_desk.documents.structure import Bookmark, TaggedCanvas


@dataclass(frozen=True, slots=True)
class Subset:
    """A part of a shipped font: code n shows the character `characters[n]`."""

    face: str
    number: int
    characters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pages as they were drawn, and the font subsets they use, by the name they use."""

    sheets: tuple[Sheet, ...]
    fonts: Mapping[str, Subset]
    bookmarks: tuple[str, ...] = ()


def drawn_by(render: Callable[[type[TaggedCanvas]], object]) -> Drawn:
    """What `render` draws on a canvas of the class that it is given."""
    kept: list[Drawn] = []

    class Recorder(TaggedCanvas):
        """A canvas that keeps its pages instead of writing them."""

        def save(self) -> None:
            if self._code:
                self.showPage()
            kept.append(_taken(self._doc, self.tree.bookmarks))

    render(Recorder)
    return kept[-1]


def _taken(document: Any, bookmarks: Sequence[Bookmark]) -> Drawn:
    sheets = tuple(
        Sheet(float(page.pagewidth), float(page.pageheight), page.stream.encode("latin-1"))
        for page in document.Pages.pages
    )
    subsets: dict[str, Subset] = {}
    for font in document.delayedFonts:
        state = font.state[document]
        for number, characters in enumerate(state.subsets):
            name = f"/{state.internalName}+{number}"
            subsets[name] = Subset(font.fontName, number, tuple(characters))
    return Drawn(sheets, subsets, tuple(mark.title for mark in bookmarks))


@lru_cache(maxsize=64)
def embedded(subset: Subset) -> Font:
    """The font as it is embedded for a subset: shipped outlines, widths, and its true letters."""
    face = fonts.face_of(subset.face)
    name = (SUBSETN(subset.number) + b"+" + face.name + face.subfontNameX).decode("latin-1")
    characters = list(subset.characters)
    return Font(
        name=name,
        widths=tuple(float(face.getCharWidth(code)) for code in characters),
        program=hashlib.sha256(face.makeSubset(characters)).hexdigest(),
        to_unicode=mended_to_unicode(makeToUnicodeCMap(name, characters).encode()),
    )


_PAIR = re.compile(rb"<[0-9A-F]{2}> <([0-9A-F]{4,8})>")


def letters(to_unicode: bytes) -> tuple[int, ...]:
    """The characters that a font's map claims for its codes; ValueError when it is not ours."""
    return tuple(
        ord(bytes.fromhex(found.decode()).decode("utf-16-be"))
        for found in _PAIR.findall(to_unicode)
    )
