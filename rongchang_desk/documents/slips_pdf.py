"""One-time passwords 口令条 on a sheet to print, cut and hand over apart from the kits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.structure import artifact
from rongchang_desk.domain.month import in_words
from rongchang_desk.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Slip:
    """One unit's slip: its code, name and one-time password."""

    code: str
    name: str
    password: str


def render(plan: Plan, slips: Sequence[Slip], *, root_sha256: str, day: date) -> bytes:
    """The sheet as an unfinished PDF, one slip a unit between cutting lines."""
    story: list[Flowable] = [
        *page.headline("入网包一次性口令条"),
        _line(f"{plan.office_name}　{in_words(day)}　共 {len(slips)} 张", 14),
        _line("沿虚线裁开，当面交给各单位；不要与入网包放在一起，用后销毁。", 14),
    ]
    for slip in slips:
        story.append(
            page.together([
                page.gap(8),
                _Cut(),
                page.gap(8),
                Paragraph(
                    [(f"{slip.name}（{slip.code}）", fonts.HEI)],
                    size=page.SIZE_4, leading=22, align="left", role="H2",
                ),
                Paragraph(
                    [("一次性口令　", fonts.SONG), (slip.password, fonts.HEI)],
                    size=page.SIZE_4, leading=24, align="left",
                ),
                _line(f"根证书指纹　{page.groups_of_four(root_sha256)}", 13),
                _line("入网后请在“设置”页核对根证书指纹，再设自己的口令；本口令随即作废。", 13),
            ])
        )  # fmt: skip
    return page.build(story, title="入网包一次性口令条", author=plan.office_name)


def _line(text: str, leading: float) -> Paragraph:
    return Paragraph(text, size=page.SMALL_5, leading=leading, face=fonts.SONG, align="left")


class _Cut(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """A dashed line across the page."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = width, 1.0
        return self.width, self.height

    def draw(self) -> None:
        with artifact(self.canv):
            self.canv.setLineWidth(0.6)
            self.canv.setDash(4, 3)
            self.canv.line(0, 0, self.width, 0)
            self.canv.setDash()
