"""The structure tree of a tagged PDF: what each mark on the pages is, in reading order.

Flowables draw their parts between `open_mark` and `close_mark` and everything that is no content
(rules, page numbers, repeated headers) as an artifact. Elements take their place in the tree in
the order in which they are first drawn; the bookmarks come from the headings. Nothing is laid
out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from reportlab.lib.rl_accel import escapePDF
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFObject
from reportlab.pdfgen.canvas import Canvas

HEADINGS = ("H1", "H2", "H3")
"""The document's title, its sections, and what is below them."""
COLUMN_SCOPE = "/O/Table/Scope/Column"
ROW_SCOPE = "/O/Table/Scope/Row"
CLOSE = "EMC"
ARTIFACT = "/Artifact BMC"
FOOTER = "/Artifact<</Type/Pagination/Subtype/Footer>>BDC"

Mark = tuple[int, int]
"""Page number (from 1) and number of the marked content on that page (from 0)."""


@dataclass(slots=True, eq=False)
class Element:
    """One element: its standard type (P, H2, TD…) and what it holds.

    Without a parent it belongs to the document. `attributes` are in PDF syntax (COLUMN_SCOPE);
    `alt` is what a figure shows, in words. A flowable that is split over pages draws into one
    element. What another one `refers` to has a `name` in ASCII that no other has.
    """

    kind: str
    parent: Element | None = None
    attributes: str = ""
    alt: str = ""
    name: str = ""
    refers: Element | None = None
    kids: list[Element | Mark] = field(default_factory=list)
    placed: bool = False


def list_item(items: Element) -> Element:
    """The text of one more item of a list (an element `L`)."""
    return Element("LBody", Element("LI", items))


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A heading's text and level (2 or 3), and where it stands: page from 1, height in points."""

    title: str
    level: int
    page: int
    top: float


class Tree:
    """The elements of one document, filled while its pages are drawn."""

    def __init__(self) -> None:
        self.document = Element("Document", placed=True)
        self.bookmarks: list[Bookmark] = []
        self._marks: dict[int, list[Element]] = {}

    def place(self, element: Element) -> None:
        """Give an element its place behind what was drawn before; once is enough."""
        if not element.placed:
            element.placed = True
            if element.parent is not None:
                self.place(element.parent)
            (element.parent or self.document).kids.append(element)

    def open_mark(self, element: Element, page: int) -> str:
        """The operator that begins content of an element; CLOSE ends it."""
        self.place(element)
        marks = self._marks.setdefault(page, [])
        element.kids.append((page, len(marks)))
        marks.append(element)
        return f"/{element.kind}<</MCID {len(marks) - 1}>>BDC"

    def write(self, document: Any) -> None:
        """Add the tree and the bookmarks to a reportlab document whose pages are complete."""
        if not self.document.kids:
            return
        _Writing(document, self).write()


_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def sign(number: int) -> str:
    """The mark of a page's n-th note; no font has circles beyond ⑳, so bare numbers follow."""
    return _CIRCLED[number - 1] if number <= len(_CIRCLED) else str(number)


class PageNotes:
    """The notes of the page that is being drawn, by their words, in the order of their marks.

    `lift` in points is what stands at the foot of the page below them.
    """

    def __init__(self) -> None:
        self.notes: dict[str, Element] = {}
        self.lift = 0.0
        self._count = 0

    def refer(self, note: str) -> tuple[str, Element]:
        """A note's mark on this page, and its element in the structure tree."""
        if note not in self.notes:
            self._count += 1
            self.notes[note] = Element("Note", name=f"note-{self._count:05d}")
        return sign(list(self.notes).index(note) + 1), self.notes[note]

    def turn(self) -> None:
        """Begin the next page without any."""
        self.notes, self.lift = {}, 0.0


_ESCAPED = [escapePDF(bytes([code])) for code in range(256)]


class TaggedCanvas(Canvas):  # type: ignore[misc]  # reportlab carries no types
    """A canvas that knows the structure of what is drawn on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tree = Tree()
        self.footnotes = PageNotes()
        self._codes: dict[str, dict[str, tuple[str, str]]] = {}

    def open_mark(self, element: Element) -> str:
        """The operator that begins content of an element on this page."""
        return self.tree.open_mark(element, self._pageNumber)

    def codes_of(self, font: str, text: str) -> list[tuple[str, str]]:
        """How a font shows a text: names of its subsets, and the codes in them as PDF writes them.

        What no subset has yet is given the next free code.
        """
        known = self._codes.setdefault(font, {})
        try:
            places = [known[character] for character in text]
        except KeyError:
            places = self._coded(font, text)
            known.update(zip(text, places, strict=True))
        return [
            (subset, "".join([code for _, code in group]))
            for subset, group in groupby(places, itemgetter(0))
        ]

    def _coded(self, name: str, text: str) -> list[tuple[str, str]]:
        """For each character its subset's name and its code there, escaped."""
        font = pdfmetrics.getFont(name)
        places: list[tuple[str, str]] = []
        for subset, codes in font.splitString(text, self._doc):
            shown = font.getSubsetInternalName(subset, self._doc)
            places += [(shown, _ESCAPED[code]) for code in codes]
        return places

    def save(self) -> None:
        if self._code:
            self.showPage()
        self.tree.write(self._doc)
        super().save()


@contextmanager
def marked(canvas: Any, element: Element) -> Iterator[None]:
    """What is drawn meanwhile is content of an element."""
    canvas.addLiteral(canvas.open_mark(element))
    yield
    canvas.addLiteral(CLOSE)


@contextmanager
def artifact(canvas: Any, kind: str = ARTIFACT) -> Iterator[None]:
    """What is drawn meanwhile is decoration, passed over by whoever reads aloud."""
    canvas.addLiteral(kind)
    yield
    canvas.addLiteral(CLOSE)


class _Raw(PDFObject):  # type: ignore[misc]  # reportlab carries no types
    """An object of the file as its own bytes."""

    def __init__(self) -> None:
        self.text = ""

    def format(self, _document: Any) -> bytes:
        return self.text.encode("ascii")


class _Outline(_Raw):
    """The root of the bookmarks, in the place of reportlab's own."""

    ready = 1

    def prepare(self, document: Any, canvas: Any) -> None:
        """Nothing is left to do: reportlab asks for it."""


class _Writing:
    """Elements and bookmarks as objects of one reportlab document."""

    def __init__(self, document: Any, tree: Tree) -> None:
        self._document = document
        self._tree = tree
        self._sheets = document.Pages.pages
        self._pages = [self._number(sheet) for sheet in self._sheets]
        self._references: dict[Element, str] = {}
        self._attributes: dict[str, str] = {}
        self._named: dict[str, str] = {}

    def write(self) -> None:
        root, root_reference = self._new()
        elements: list[tuple[Element, _Raw]] = []
        self._number_all(self._tree.document, elements)
        for element, raw in elements:
            raw.text = self._element(element, root_reference)
        parents, parents_reference = self._new()
        parents.text = f"<</Nums[{self._parents()}]>>"
        root.text = (
            f"<</Type/StructTreeRoot/K {self._references[self._tree.document]}"
            f"/ParentTree {parents_reference}/ParentTreeNextKey {len(self._pages)}"
        )
        if self._named:
            names = " ".join(f"({name}) {of}" for name, of in sorted(self._named.items()))
            root.text += f"/IDTree<</Names[{names}]>>"
        root.text += ">>"
        marking, _ = self._new()
        marking.text = "<</Marked true>>"
        catalog = self._document.Catalog
        catalog.StructTreeRoot, catalog.MarkInfo = root, marking
        for index, sheet in enumerate(self._sheets):
            sheet.__NoDefault__ = [*sheet.__NoDefault__, "StructParents", "Tabs"]
            sheet.StructParents, sheet.Tabs = index, _named("/S")
        if self._tree.bookmarks:
            self._document.Outlines = catalog.Outlines = self._outline()

    def _number(self, thing: Any) -> str:
        name = self._document.Reference(thing).name
        return f"{self._document.idToObjectNumberAndVersion[name][0]} 0 R"

    def _new(self) -> tuple[_Raw, str]:
        raw = _Raw()
        return raw, self._number(raw)

    def _number_all(self, element: Element, found: list[tuple[Element, _Raw]]) -> None:
        raw, self._references[element] = self._new()
        found.append((element, raw))
        for kid in element.kids:
            if isinstance(kid, Element):
                self._number_all(kid, found)

    def _element(self, element: Element, root: str) -> str:
        parent = element.parent or (None if element.kind == "Document" else self._tree.document)
        above = self._references[parent] if parent else root
        text = f"<</S/{element.kind}/P {above}"
        if element.name:
            text += f"/ID({element.name})"
            self._named[element.name] = self._references[element]
        if element.refers is not None:
            text += f"/Ref[{self._references[element.refers]}]"
        if element.alt:
            text += f"/Alt {_text(element.alt)}"
        if element.attributes:
            text += f"/A {self._attribute(element.attributes)}"
        if not element.kids:
            return text + ">>"  # an empty cell
        first = next((kid[0] for kid in element.kids if not isinstance(kid, Element)), 0)
        if first:
            text += f"/Pg {self._pages[first - 1]}"
        kids = [self._kid(kid, first) for kid in element.kids]
        inside = " ".join(kids)
        return text + (f"/K[{inside}]>>" if len(kids) > 1 else f"/K {inside}>>")

    def _kid(self, kid: Element | Mark, page: int) -> str:
        if isinstance(kid, Element):
            return self._references[kid]
        if kid[0] == page:
            return str(kid[1])
        return f"<</Type/MCR/Pg {self._pages[kid[0] - 1]}/MCID {kid[1]}>>"

    def _attribute(self, attributes: str) -> str:
        if attributes not in self._attributes:
            raw, self._attributes[attributes] = self._new()
            raw.text = f"<<{attributes}>>"
        return self._attributes[attributes]

    def _parents(self) -> str:
        """For each page the elements of its marks, in order."""
        return " ".join(
            f"{page - 1}[{' '.join(self._references[element] for element in marks)}]"
            for page, marks in sorted(self._tree._marks.items())
        )

    def _outline(self) -> _Raw:
        """Sections, and below each its subsections; all open."""
        sections: list[Bookmark] = []
        below: list[list[Bookmark]] = []
        for mark in self._tree.bookmarks:
            if mark.level > 2 and sections:
                below[-1].append(mark)
            else:
                sections.append(mark)
                below.append([])
        top = _Outline()
        made = self._branch(self._number(top), sections, below)
        top.text = f"<</Type/Outlines{_ends(made, len(self._tree.bookmarks))}>>"
        return top

    def _branch(self, parent: str, marks: list[Bookmark], below: list[list[Bookmark]]) -> list[str]:
        """References of bookmarks that have one parent; `below` are each one's own."""
        made = [self._new() for _ in marks]
        for index, (mark, (raw, reference)) in enumerate(zip(marks, made, strict=True)):
            raw.text = (
                f"<</Title {_text(mark.title)}/Parent {parent}"
                f"/Dest[{self._pages[mark.page - 1]}/XYZ null {mark.top:.0f} null]"
            )
            if index:
                raw.text += f"/Prev {made[index - 1][1]}"
            if index + 1 < len(made):
                raw.text += f"/Next {made[index + 1][1]}"
            inner = self._branch(reference, below[index], []) if below else []
            raw.text += _ends(inner, len(inner)) + ">>"
        return [reference for _, reference in made]


def _ends(references: list[str], count: int) -> str:
    return f"/First {references[0]}/Last {references[-1]}/Count {count}" if references else ""


def _named(name: str) -> _Raw:
    raw = _Raw()
    raw.text = name
    return raw


def _text(text: str) -> str:
    """A text string of a PDF."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
