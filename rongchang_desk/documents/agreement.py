"""Whether the pages of a signed return show what its data says: drawn anew and compared.

A signer can attach honest data to pages of his own making, and anything that pages say about
themselves (a digest, hidden text) would be his too. So the pages are drawn again from the
data, and a file must hold the very same operators and font subsets: what is seen is then what
the data says, whatever tricks a page could hold. Fonts must be parts of the shipped ones, outline
by outline, so that no glyph shows another character than it claims.

Marked content (tags) paints nothing and is passed over; numbers may be written differently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import zip_longest

from rongchang_desk.documents.drawing import Drawn, Subset, drawn_by, embedded, letters
from rongchang_desk.documents.fonts import CHAINS, UnprintableCharacter, face_of, register
from rongchang_desk.documents.layouts import LAYOUTS
from rongchang_desk.documents.printed import Font, Printed, Sheet
from rongchang_desk.documents.signature import SignerBlock
from rongchang_desk.domain.changes import Change
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.plan import Plan

_NEAR = 0.001  # by which the same number may be written differently


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a page and the data differ: the page's number, the row it is in, and both texts.

    `shown` and `data` are empty where there is nothing; `what` says in Chinese what is wrong
    when it is not a text.
    """

    page: int = 0
    row: str = ""
    shown: str = ""
    data: str = ""
    what: str = ""

    @property
    def message(self) -> str:
        """For a person, without a full stop."""
        if self.what:
            return self.what
        where = f"第{self.page}页" + (f"“{self.row}”一处" if self.row else "")
        shown = f"“{self.shown}”" if self.shown else "空"
        data = f"“{self.data}”" if self.data else "空"
        return f"{where}：页面上为{shown}，数据中为{data}"


def load_fonts() -> None:
    """Load the fonts that returns are set in, which otherwise the first one waits for."""
    for chain in CHAINS.values():
        register(chain[0])


def differences(
    plan: Plan,
    monthly_return: MonthlyReturn,
    *,
    digest: str,
    certificate_fingerprint: str,
    changed: Sequence[Change],
    printed: Printed,
) -> tuple[Difference, ...]:
    """What differs between a file's pages and its data; empty when they agree wholly.

    They agree when any layout that we know gives them; what is told differs from the newest.
    `plan` is the one the return was made under; `digest` (payload) and `certificate_fingerprint`
    are hex; `changed` what an amendment changes against its predecessor.
    """
    if printed.foreign:
        return (Difference(what=printed.foreign),)
    signer = SignerBlock(
        monthly_return.unit_name, monthly_return.signed_at, certificate_fingerprint
    )
    newest: tuple[Difference, ...] | None = None
    for render in LAYOUTS:
        draw = partial(render, plan, monthly_return, digest=digest, signer=signer, changed=changed)
        found = _compared(draw, printed)
        if not found:
            return ()
        newest = newest or found
    return newest or ()


def _compared(draw: Callable[..., bytes], printed: Printed) -> tuple[Difference, ...]:
    """What differs between pages as one layout draws them and as found in a file."""
    try:
        drawn = drawn_by(lambda canvas: draw(canvas_class=canvas))
    except UnprintableCharacter as wrong:
        return (Difference(what=f"数据中有页面印不出的字：{wrong.message.rstrip('。')}"),)
    except Exception:  # noqa: BLE001  strange data of a strange program: no page of ours shows it
        return (Difference(what="数据不能按工作台的版式印出"),)
    return compare(drawn, printed)


def compare(drawn: Drawn, printed: Printed) -> tuple[Difference, ...]:
    """What differs between pages as drawn and as found in a file, a few of many."""
    expected = {name: embedded(subset) for name, subset in drawn.fonts.items()}
    pairs = list(zip_longest(drawn.sheets, printed.sheets))
    alike = all(one and other and _same(one, other) for one, other in pairs)
    if alike and expected == printed.fonts:
        strays = set(printed.bookmarks) - set(drawn.bookmarks)
        return tuple(Difference(what=f"书签“{title}”不是页面上的标题") for title in strays)
    return _explained(drawn, printed, expected)


def _same(drawn: Sheet, printed: Sheet) -> bool:
    """Whether two pages paint the same."""
    if abs(drawn.width - printed.width) > _NEAR or abs(drawn.height - printed.height) > _NEAR:
        return False
    if drawn.content.strip() == printed.content.strip():
        return True
    one, other = painting(drawn.content), painting(printed.content)
    return len(one) == len(other) and all(map(_same_word, one, other))


# -- operators ----------------------------------------------------------------

_WORD = re.compile(
    rb"\((?:[^()\\]|\\.)*\)"  # a string without inner brackets: ours have none
    rb"|<<[^<>()]*>>|[^\t\n\f\r ()<>]+|[()<>]",
    re.DOTALL,
)
_NUMBER = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_MARKING = re.compile(rb"/[A-Za-z0-9]+")
_MARKED = re.compile(
    rb"<<[\t\n\f\r ]*(?:/MCID[\t\n\f\r ]+[0-9]+"
    rb"|(?:/(?:Type|Subtype)[\t\n\f\r ]*/(?:Pagination|Layout|Page|Background|Footer|Header)"
    rb"[\t\n\f\r ]*)+|/Attached[\t\n\f\r ]*\[[/A-Za-z ]*\])*[\t\n\f\r ]*>>"
)


def painting(content: bytes) -> list[bytes]:
    """The operators and operands of a page, without marked content that only tags it."""
    words: list[bytes] = []
    for word in _WORD.findall(content):
        if word == b"EMC":
            continue
        if word == b"BMC" and words and _MARKING.fullmatch(words[-1]):
            del words[-1:]
        elif (
            word == b"BDC"
            and len(words) > 1
            and _MARKED.fullmatch(words[-1])
            and _MARKING.fullmatch(words[-2])
        ):
            del words[-2:]
        else:
            words.append(word)
    return words


def _same_word(one: bytes, other: bytes) -> bool:
    if one == other:
        return True
    both = _NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)
    return bool(both) and abs(float(one) - float(other)) <= _NEAR


# -- saying what differs ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """A line of text on a page; `place` is its point from the page's corner."""

    text: str
    x: float
    y: float


def _explained(
    drawn: Drawn, printed: Printed, expected: Mapping[str, Font]
) -> tuple[Difference, ...]:
    untrue = [
        name for name, font in printed.fonts.items() if not _is_true(font, expected.get(name))
    ]
    if untrue:
        return (Difference(what="页面所用的字体不是随附的字体，所印的字与可提取的字可能不一致"),)
    ours = {name: subset.characters for name, subset in drawn.fonts.items()}
    theirs = {name: letters(font.to_unicode) for name, font in printed.fonts.items()}
    found: list[Difference] = []
    for number, (one, other) in enumerate(zip_longest(drawn.sheets, printed.sheets), 1):
        if one is None or other is None:
            continue
        for what in _strange(other.content):
            found.append(Difference(number, what=f"第{number}页{what}"))
        found += _texts_apart(number, list(_texts(one, ours)), list(_texts(other, theirs)))
    if len(drawn.sheets) != len(printed.sheets):
        counts = f"页面有{len(printed.sheets)}页，按数据应为{len(drawn.sheets)}页"
        found.append(Difference(what=counts))
    if found:
        return tuple(found)
    apart = [n for n, pair in enumerate(zip(drawn.sheets, printed.sheets, strict=True), 1)
             if not _same(*pair)]  # fmt: skip
    where = "、".join(f"第{number}页" for number in apart) or "页面"
    return (Difference(what=f"{where}的文字相同，但位置、颜色、线条或遮盖与按数据应有的不同"),)


def _is_true(font: Font, expected: Font | None) -> bool:
    """Whether a font is a part of a shipped one and shows the characters that it claims."""
    if font == expected:
        return True
    try:
        characters = letters(font.to_unicode)
    except (ValueError, TypeError):
        return False
    for face in CHAINS:
        for tag in range(8):
            name = face_of(face).name.decode("latin-1")
            if font.name.endswith(f"+{name}") and font == embedded(Subset(face, tag, characters)):
                return True
    return False


_UNUSUAL = {
    b"Tr": "改变了文字的显示方式，可能有隐藏的文字",
    b"W": "裁掉了一部分画面",
    b"W*": "裁掉了一部分画面",
    b"Do": "有图片或嵌入的图形",
    b"BI": "有图片",
    b"gs": "有透明或叠印效果",
    b"sh": "有渐变底色",
    b"Tz": "改变了文字的宽度",
    b"Ts": "移动了文字的位置",
}


def _strange(content: bytes) -> Iterator[str]:
    """What a page's operators do that ours never do."""
    words = set(painting(content))
    yield from dict.fromkeys(what for word, what in _UNUSUAL.items() if word in words)
    if words & {b"BDC", b"DP"}:
        yield "有图层或替代文字"


def _texts(sheet: Sheet, characters: Mapping[str, Sequence[int]]) -> Iterator[_Text]:
    """The lines of text on a page in the order they are painted."""
    stack: list[tuple[float, float]] = []
    base = (0.0, 0.0)
    at = (0.0, 0.0)
    font: Sequence[int] = ()
    line = ""
    operands: list[bytes] = []
    for word in painting(sheet.content):
        if word == b"Tj" and operands:
            line += _decoded(operands[-1], font)
        elif word in (b"Tm", b"ET"):
            if line:
                yield _Text(line, base[0] + at[0], base[1] + at[1])
            line = ""
            at = _moved(operands) or at
        elif word == b"Tf" and len(operands) > 1:
            font = characters.get(operands[-2].decode("latin-1"), ())
        elif word == b"q":
            stack.append(base)
        elif word == b"Q" and stack:
            base = stack.pop()
        elif word == b"cm":
            by = _moved(operands) or (0.0, 0.0)
            base = (base[0] + by[0], base[1] + by[1])
        if word[:1].isalpha():
            operands.clear()
        else:
            operands.append(word)


def _moved(operands: Sequence[bytes]) -> tuple[float, float] | None:
    """The shift in a matrix's six operands."""
    last = operands[-2:]
    if len(operands) < 6 or not all(_NUMBER.fullmatch(word) for word in last):
        return None
    return float(last[0]), float(last[1])


_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _decoded(string: bytes, characters: Sequence[int]) -> str:
    """A string's text by the characters of its font's codes; unknown ones as □."""

    def plain(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) & 255]) if code[:1].isdigit() else _SHORT.get(code, code)

    codes = _ESCAPE.sub(plain, string[1:-1])
    return "".join(chr(characters[c]) if c < len(characters) else "□" for c in codes)


_MOST = 3


def _texts_apart(page: int, drawn: list[_Text], printed: list[_Text]) -> list[Difference]:
    """The first few texts in which two versions of a page differ."""
    matcher = SequenceMatcher(None, [t.text for t in drawn], [t.text for t in printed], False)
    found: list[Difference] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        near = drawn[i1] if i1 < len(drawn) else None
        row = _row(drawn, near) if near else ""
        for one, other in list(zip_longest(drawn[i1:i2], printed[j1:j2]))[:_MOST]:
            found.append(
                Difference(page, row, other.text if other else "", one.text if one else "")
            )
    return found[:_MOST]


def _row(texts: Sequence[_Text], one: _Text) -> str:
    """The words that stand beside a text: what its row is about."""
    beside = [t.text for t in texts if t is not one and abs(t.y - one.y) < 8 and t.x < one.x]
    heading = ""
    for text in texts[: texts.index(one)]:
        if re.match(r"[一二三四五六七八九十]、|附表", text.text):
            heading = text.text.partition("、")[2] or text.text
    return " ".join([*([heading] if heading else []), *beside])[:40]
