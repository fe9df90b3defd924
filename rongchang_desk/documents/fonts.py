"""The shipped fonts: registered when first used, and a place for every character.

No open 仿宋 is complete, so each face has others to fall back on, glyph by glyph. A character
that none of them has is an error that names it: paper never shows an empty box.
"""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from rongchang_desk import assets
from rongchang_desk.documents import quick_subset
from rongchang_desk.errors import FoundWrong

SONG = "Song"
HEADLINE = "SongBold"
"""小标宋."""
HEI = "Hei"
KAI = "Kai"
FANG = "Fang"
NOTE = "Note"
"""No letters: the raised mark of a footnote, whose words are the span's text (see `text`)."""

CHAINS: dict[str, tuple[str, ...]] = {
    SONG: (SONG, KAI),
    HEADLINE: (HEADLINE, SONG, KAI),
    HEI: (HEI, SONG, KAI),
    KAI: (KAI, FANG, SONG),
    FANG: (FANG, KAI, SONG),
}
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"))
"""Characters that leave no mark on paper (they come with pasted text); for `str.translate`."""

_BEYOND_LATIN = 0x7F
_register_lock = threading.Lock()
_faces: dict[str, tuple[dict[int, float], float, dict[int, int]]] = {}
_loaded: dict[str, Any] = {}
_files: dict[str, Path] = {}
"""Files of fonts that are not shipped, by name."""


class UnprintableCharacter(FoundWrong):
    """A character that none of the shipped fonts has; `character` is that character."""

    def __init__(self, character: str, text: str) -> None:
        at = text.find(character)
        around = "".join(
            c if c.isprintable() else "□" for c in text[max(0, at - 8) : at + len(character) + 8]
        )
        name = f"U+{ord(character):04X}"
        shown = f"“{character}”（{name}）" if _is_visible(character) else f"（{name}，不可见字符）"
        super().__init__(
            f"“{around}”中的字符{shown}无法排印：随附字体中没有这个字。",
            "请改用规范汉字或常用符号后重新生成；人名、地名确需此字的，请与办公室联系。",
        )
        self.character = character


class Places(dict[str, tuple[str, float]]):
    """For one face: character -> (font that draws it, width in 1/1000 em).

    Fonts are asked in the order of `chain`, or of `latin` for letters and figures.
    """

    def __init__(self, chain: tuple[str, ...], latin: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.chain = chain
        self.latin = latin or chain

    def __hash__(self) -> int:  # type: ignore[override]  # itself, whatever it holds by now
        return id(self)

    def __missing__(self, character: str) -> tuple[str, float]:
        code = ord(character)
        if unicodedata.category(character)[0] != "C":
            for name in self.latin if code < _BEYOND_LATIN else self.chain:
                widths, default, glyphs = _face(name)
                if code in glyphs:
                    place = self[character] = (name, widths.get(code, default))
                    return place
        raise UnprintableCharacter(character, character)


class InUse(dict[str, Places]):
    """The places of each face in one choice of fonts."""

    def __hash__(self) -> int:  # type: ignore[override]  # itself
        return id(self)


_places = InUse({face: Places(chain) for face, chain in CHAINS.items()})
_places[FANG] = Places(CHAINS[FANG], (SONG, *CHAINS[FANG]))  # its own figures are heavy
_places[NOTE] = _places[SONG]
_instead: ContextVar[InUse] = ContextVar("places", default=_places)


def in_use() -> InUse:
    """The fonts in which this thread sets now; the key to keep by what depends on them."""
    return _instead.get()


def places(face: str) -> Places:
    """The places of a face's characters; looking up a character that no font has raises."""
    return _instead.get()[face]


@contextmanager
def instead(files: Mapping[str, Path]) -> Iterator[None]:
    """What this thread lays out meanwhile is set in other TrueType files, by face.

    What they lack comes from the shipped fonts. `own_fonts.check` tells whether a file will do.
    """
    own = {}
    for face, path in files.items():
        name = f"Own{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
        _files[name] = path
        own[face] = Places((name, *CHAINS[face]))
    before = _instead.set(InUse({**_places, **own}))
    try:
        yield
    finally:
        _instead.reset(before)


def check_printable(text: str, face: str = SONG) -> None:
    """Raise UnprintableCharacter, with the words around it, when a character has no glyph."""
    known = places(face)
    for character in text.translate(INVISIBLE):
        if character in "\n\r\t":
            continue
        try:
            known[character]
        except UnprintableCharacter as wrong:
            raise UnprintableCharacter(wrong.character, text) from None


def text_width(text: str, face: str, size: float) -> float:
    """The width of a text in points."""
    known = places(face)
    try:
        return sum([known[character][1] for character in text]) * size / 1000
    except UnprintableCharacter as wrong:
        raise UnprintableCharacter(wrong.character, text) from None


def register(name: str) -> None:
    """Make one font known to reportlab; does nothing the second time."""
    _face(name)


def face_of(name: str) -> Any:
    """One font as reportlab holds it (a `TTFontFace`)."""
    _face(name)
    return _loaded[name]


def _face(name: str) -> tuple[dict[int, float], float, dict[int, int]]:
    found = _faces.get(name)
    if found is None:
        with _register_lock:
            if name not in _faces:
                path = _files.get(name) or assets.resource("fonts", f"{name}.ttf")
                font = TTFont(name, str(path), asciiReadable=False, shapable=False)
                pdfmetrics.registerFont(font)
                face = font.face
                _mend_metrics(face)
                quick_subset.install(face)
                _loaded[name] = face
                _faces[name] = (face.charWidths, face.defaultWidth, face.charToGlyph)
            found = _faces[name]
    return found


def _mend_metrics(face: Any) -> None:
    """Undo a slip of reportlab 5.1: glyphs that share the last advance get it in 1/1000 em.

    In a font of another grid the subset inside the PDF would then contradict `/Widths`, which
    PDF/A forbids.
    """
    full = int.from_bytes(face.get_table("hhea")[34:36], "big")
    advance = face.hmetrics[full - 1][0]
    face.hmetrics[full:] = [(advance, bearing) for _, bearing in face.hmetrics[full:]]


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"
