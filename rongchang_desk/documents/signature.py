"""The signature block and the place for the real stamp, side by side.

Plain rectangles only: nothing here imitates the round red seal of a body.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.structure import Element, artifact
from rongchang_desk.domain.month import in_words

STAMP_WIDTH = 122.0
LINE = 15.0


@dataclass(frozen=True)
class SignerBlock:
    """Who signs: the body's name, the claimed signing time as ISO 8601 text (empty in a preview),
    SHA-256 of the certificate."""

    unit_name: str
    signed_at: str
    certificate_fingerprint: str


class SignatureBlock(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """Rows of label and text in a rectangle, and an empty 盖章处 beside it."""

    def __init__(self, rows: tuple[tuple[str, str], ...], *, title: str = "电子签名") -> None:
        super().__init__()
        self.title = title
        self.rows = rows

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        lines = 1 + sum(len(_halves(text)) for _, text in self.rows)
        self.height = max(lines * LINE + 12, 104.0)
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        left = self.width - STAMP_WIDTH - 8
        with artifact(canvas):
            canvas.setLineWidth(0.8)
            canvas.rect(0, 0, left, self.height)
            canvas.setLineWidth(0.5)
            canvas.setDash(3, 2)
            canvas.rect(left + 8, 0, STAMP_WIDTH, self.height)
            canvas.setDash()
        y = self.height - 6 - LINE * 0.75
        page.write(canvas, 8, y, self.title, page.SIZE_5, face=fonts.HEI)
        for label, text in self.rows:
            row = Element("P")
            for index, part in enumerate(_halves(text)):
                y -= LINE
                if index == 0:
                    page.write(canvas, 8, y, label, page.SMALL_5, into=row)
                page.write(canvas, 8 + 6 * page.SMALL_5, y, part, page.SMALL_5, into=row)
        text = "（盖章处）"
        wide = fonts.text_width(text, fonts.SONG, page.SMALL_5)
        x = left + 8 + (STAMP_WIDTH - wide) / 2
        page.write(canvas, x, 8, text, page.SMALL_5, grey=0.45)


def rows_for(
    signer: SignerBlock, digest: str, *, digest_label: str = "数据摘要"
) -> tuple[tuple[str, str], ...]:
    """The rows of a signature block; digests in groups of four."""
    return (
        ("签名单位", signer.unit_name),
        ("声明时间", _in_words(signer.signed_at)),
        ("证书指纹", page.groups_of_four(signer.certificate_fingerprint)),
        (digest_label, page.groups_of_four(digest)),
    )


def _in_words(moment: str) -> str:
    """`2026年11月3日 09:16:00（北京时间）`; a clock of another zone is named by its offset."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment)
    zone = "北京时间" if at.utcoffset() == timedelta(hours=8) else f"UTC{at.isoformat()[-6:]}"
    return f"{in_words(at)} {at:%H:%M:%S}（{zone}）"


def _halves(text: str) -> tuple[str, ...]:
    """A digest of 16 groups in two rows of eight; other texts as they are."""
    words = text.split(" ")
    if len(words) <= 8 or any(len(word) != 4 for word in words):
        return (text,)
    return tuple(" ".join(words[i : i + 8]) for i in range(0, len(words), 8))
