"""Reading a tagged PDF back, without the code that wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

PAINTING = {
    "Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh", "EI",
}  # fmt: skip


@dataclass
class Tag:
    """An element of the structure tree: type, attributes, words, marks (page from 0, number).

    `name` is its ID, `refers` are those of the elements it refers to.
    """

    kind: str
    attributes: dict[str, Any]
    alt: str
    name: str = ""
    refers: tuple[str, ...] = ()
    marks: list[tuple[int, int]] = field(default_factory=list)
    kids: list[Tag] = field(default_factory=list)

    def all(self, *kinds: str) -> list[Tag]:
        """The elements of some types below this one, in reading order."""
        return [tag for tag in self.walk() if tag.kind in kinds]

    def walk(self) -> Iterator[Tag]:
        yield self
        for kid in self.kids:
            yield from kid.walk()


@dataclass
class Tagged:
    """The tree, and for each page the numbers of its marks in the order of drawing."""

    document: Tag
    marks: list[list[int]]
    parents: dict[tuple[int, int], Any]
    owners: dict[tuple[int, int], Any]
    unmarked: list[str]
    bookmarks: list[tuple[int, str]]


def read(pdf: bytes) -> Tagged:
    """The structure of a tagged PDF; KeyError or AssertionError when it is none."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        root: Any = opened.Root.StructTreeRoot
        assert bool(opened.Root.MarkInfo.Marked)
        pages = {page.obj.objgen: index for index, page in enumerate(opened.pages)}
        owners: dict[tuple[int, int], Any] = {}
        document = _tag(root.K, root, pages, owners)
        numbers = list(root.ParentTree.Nums)
        parents: dict[tuple[int, int], Any] = {}
        marks: list[list[int]] = []
        unmarked: list[str] = []
        for index, page in enumerate(opened.pages):
            place = int(page.obj.StructParents)
            at = numbers[::2].index(place) * 2 + 1
            for mcid, element in enumerate(numbers[at]):
                parents[index, mcid] = element.objgen
            found, loose = _content(page)
            marks.append(found)
            unmarked += [f"page {index + 1}: {operator}" for operator in loose]
        return Tagged(document, marks, parents, owners, unmarked, list(_bookmarks(opened)))


def _tag(item: Any, parent: Any, pages: dict[Any, int], owners: dict[tuple[int, int], Any]) -> Tag:
    assert item.is_indirect
    assert item.P.objgen == parent.objgen
    attributes = {key: item.A[key] for key in item.A.keys()} if "/A" in item else {}  # noqa: SIM118
    tag = Tag(
        str(item.S).lstrip("/"),
        attributes,
        str(item.get("/Alt", "")),
        str(item.get("/ID", "")),
        tuple(str(other.ID) for other in item.get("/Ref", ())),
    )
    kids = item.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int) or kid.get("/Type") == "/MCR":
            page = item.Pg if isinstance(kid, int) else kid.Pg
            mark = (pages[page.objgen], int(kid) if isinstance(kid, int) else int(kid.MCID))
            tag.marks.append(mark)
            assert mark not in owners
            owners[mark] = item.objgen
        else:
            tag.kids.append(_tag(kid, item, pages, owners))
    return tag


def _content(page: pikepdf.Page) -> tuple[list[int], list[str]]:
    """The marks in order, and painting operators outside any mark or artifact."""
    found: list[int] = []
    loose: list[str] = []
    inside: list[str] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        name = str(instruction.operator)
        if name in ("BDC", "BMC"):
            inside.append(str(operands[0]))
            assert len(inside) == 1, "marks do not nest"
            if inside[-1] != "/Artifact":
                found.append(int(operands[1].MCID))
        elif name == "EMC":
            inside.pop()
        elif name in PAINTING and not inside:
            loose.append(name)
    assert not inside
    return found, loose


def _bookmarks(pdf: pikepdf.Pdf) -> Iterator[tuple[int, str]]:
    def below(items: Any, level: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield level, item.title
            yield from below(item.children, level + 1)

    with pdf.open_outline() as outline:
        yield from below(outline.root, 1)
