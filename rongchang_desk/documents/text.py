"""Chinese text on paper: breaking lines by the rules.

GB/T 15834 and the habits of official papers: some signs may not start a line, some may not end
one, numbers and Latin words stay whole, both edges are even. reportlab's own `wordWrap='CJK'`
does none of this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rongchang_desk.documents import fonts

NO_START = frozenset("、。，．：；？！…—～·’”〉》」』】〕〗）］｝％‰℃°,.:;?!)]}%' 々ゝー\ue000")
_MARKED = "\ue000"
"""Before the words of a note: no text holds it, since no font has it."""
NO_END = frozenset("‘“〈《「『【〔〖（［｛([{￥＄$£§№")

Span = tuple[str, str]
"""A piece of text and the face it is set in; in the face NOTE the words of a note."""

_ATOM = re.compile(
    r"[-+−±]?[A-Za-zÀ-ÿ0-9](?:[A-Za-zÀ-ÿ0-9.,:/+\-_@#&'~—–]*[A-Za-zÀ-ÿ0-9%‰℃])?[%‰℃]?|…+|—+|.",
    re.DOTALL,
)
MARK_SIZE = 0.62
"""A footnote's mark against the text that it stands in."""
_NEARLY = 0.01  # points by which a line may be too long
_SQUEEZE = 0.02  # of an em for each gap: what a line may be pressed together, unseen

Atom = tuple[str, float, str]
"""What is never torn apart: text, width in 1/1000 em, face."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its atoms, its width in points, and whether its paragraph ends here."""

    atoms: tuple[Atom, ...]
    width: float
    first: bool
    last: bool

    @property
    def text(self) -> str:
        return "".join(atom[0] for atom in self.atoms if atom[2] != fonts.NOTE)

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes whose marks stand in it."""
        return tuple(atom[0][1:] for atom in self.atoms if atom[2] == fonts.NOTE)


def clean(text: str) -> str:
    """The text as it is set: line ends as \\n, tabs as spaces, invisible characters gone."""
    if text.isalnum():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return text.translate(fonts.INVISIBLE)


def break_lines(
    spans: Sequence[Span],
    size: float,
    width: float,
    *,
    indent: float = 0.0,
    squeeze: bool = False,
) -> tuple[Line, ...]:
    """The lines of a text, `width` and `indent` (of first lines) in points.

    A line breaks only where both neighbours allow it, unless a single unbreakable piece is
    wider than the whole line. `squeeze` lets a closing mark be pressed in at the end of a
    justified line. Raises UnprintableCharacter.
    """
    lines: list[Line] = []
    for paragraph in _measured(tuple(spans), fonts.in_use()).paragraphs:
        if paragraph.width * size / 1000 <= width - indent + _NEARLY:
            lines.append(Line(paragraph.atoms, paragraph.width * size / 1000, True, True))
        else:
            lines += _fill(paragraph.clusters, size, width, indent, squeeze)
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Extent:
    """Widths of a text in 1/1000 em: its longest paragraph on one line, and the widest piece of
    it that may not be broken."""

    natural: float
    piece: float


def extent(text: str, face: str) -> Extent:
    """How wide a text in one face is. Raises UnprintableCharacter."""
    return _measured(((text, face),), fonts.in_use()).extent


Cluster = list[Atom]
"""Neighbours that no line may separate."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph before it is broken: its clusters, all their atoms, the width of all in 1/1000
    em. Not to be changed."""

    clusters: list[Cluster]
    atoms: tuple[Atom, ...]
    width: float


@dataclass(frozen=True, slots=True)
class _Measured:
    """A text's paragraphs, and how wide it is."""

    paragraphs: tuple[_Paragraph, ...]
    extent: Extent


@lru_cache(maxsize=2048)  # a district's returns share most of their words
def _measured(spans: tuple[Span, ...], _in_use: fonts.InUse) -> _Measured:
    paragraphs = []
    for part in _paragraphs(spans):
        clusters = _clusters(part)
        atoms = tuple(atom for cluster in clusters for atom in cluster)
        paragraphs.append(_Paragraph(clusters, atoms, sum([atom[1] for atom in atoms])))
    pieces = (sum([atom[1] for atom in c]) for p in paragraphs for c in p.clusters)
    extent = Extent(max(p.width for p in paragraphs), max(pieces, default=0.0))
    return _Measured(tuple(paragraphs), extent)


def _paragraphs(spans: Sequence[Span]) -> list[list[Span]]:
    paragraphs: list[list[Span]] = [[]]
    for text, face in spans:
        head, *rest = clean(text).split("\n")
        paragraphs[-1].append((head, face))
        paragraphs += [[(part, face)] for part in rest]
    return paragraphs


def _atoms(spans: Sequence[Span]) -> list[Atom]:
    atoms: list[Atom] = []
    for text, face in spans:
        if face == fonts.NOTE:
            fonts.check_printable(text)
            atoms.append((_MARKED + text, MARK_SIZE * 1000, face))
            continue
        known = fonts.places(face)
        try:
            for piece in _ATOM.findall(text):
                if len(piece) == 1:
                    atoms.append((piece, known[piece][1], face))
                else:
                    atoms.append((piece, sum([known[c][1] for c in piece]), face))
        except fonts.UnprintableCharacter as wrong:
            raise fonts.UnprintableCharacter(wrong.character, text) from None
    return atoms


def _clusters(spans: Sequence[Span]) -> list[Cluster]:
    clusters: list[Cluster] = []
    before = ""
    for atom in _atoms(spans):
        text = atom[0]
        if before and (text[0] in NO_START or before in NO_END):
            clusters[-1].append(atom)
        else:
            clusters.append([atom])
        before = text[-1]
    return clusters


def _fill(
    clusters: list[Cluster], size: float, width: float, indent: float, squeeze: bool
) -> list[Line]:
    em = size / 1000
    lines: list[Line] = []
    current: list[Atom] = []
    used = 0.0
    room = width - indent

    def close(last: bool) -> None:
        nonlocal current, used, room
        lines.append(Line(tuple(current), used, not lines, last))
        current, used, room = [], 0.0, width

    for cluster in clusters:
        wide = sum([atom[1] for atom in cluster]) * em
        if used + wide <= room + _NEARLY:
            current += cluster
            used += wide
            continue
        gaps = len(current) + len(cluster) - 1
        if squeeze and current and used + wide - room <= min(size / 2, gaps * size * _SQUEEZE):
            current += cluster
            used += wide
            close(last=False)
            continue
        if current:
            close(last=False)
        if wide <= room + _NEARLY:
            current, used = list(cluster), wide
            continue
        for atom in _torn(cluster, room / em):  # wider than a line: torn where it must be
            if current and used + atom[1] * em > room + _NEARLY:
                close(last=False)
            current.append(atom)
            used += atom[1] * em
    if current or not lines:
        close(last=True)
    else:
        lines[-1] = Line(lines[-1].atoms, lines[-1].width, lines[-1].first, last=True)
    return lines


def _torn(cluster: Cluster, room: float) -> list[Atom]:
    """Atoms wider than a line, as single characters; the others as they are."""
    torn: list[Atom] = []
    for atom in cluster:
        if atom[1] <= room or len(atom[0]) == 1:
            torn.append(atom)
        else:
            known = fonts.places(atom[2])
            torn += [(character, known[character][1], atom[2]) for character in atom[0]]
    return torn
