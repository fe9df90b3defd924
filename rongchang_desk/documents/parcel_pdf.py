"""A parcel 往来文件 on paper: a letter in the look of official papers, with its signature block."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.signature import SignatureBlock, SignerBlock, rows_for
from rongchang_desk.documents.structure import Element, list_item
from rongchang_desk.domain.month import in_words
from rongchang_desk.domain.parcel import EVERYBODY, OFFICE, Parcel, ParcelKind
from rongchang_desk.domain.plan import Plan

__all__ = ["SignerBlock", "addressee_name", "render"]


def render(plan: Plan, parcel: Parcel, *, digest: str, signer: SignerBlock) -> bytes:
    """The pages of a parcel as an unfinished PDF; the same input gives the same bytes.

    `digest` is the payload's SHA-256 in hex. Raises UnprintableCharacter (a DeskError) that
    names a character which no shipped font has.
    """
    body = [
        *map(_body, parcel.text.split("\n")),
        *_reasons(parcel),
        *_due(parcel),
        *_enclosed(parcel),
    ]
    at = parcel.issued_at
    closing = [
        page.gap(page.PITCH),
        *page.issuer_and_date(parcel.issuer_name, in_words(at)),
        page.gap(page.PITCH * 0.8),
        SignatureBlock(rows_for(signer, digest)),
    ]
    body[-1].followed_by = page.height_of(closing)
    story = [
        *page.headline(parcel.title),
        _centred(f"编号　{parcel.sequence}"),
        page.gap(page.PITCH * 0.7),
        Paragraph(
            f"{addressee_name(plan, parcel)}：",
            size=page.SIZE_3, leading=page.PITCH, align="left",
        ),
        *body,
        page.together(closing),
    ]  # fmt: skip
    return page.build(
        story,
        title=parcel.title,
        author=parcel.issuer_name,
        running=f"{parcel.kind.label}　编号 {parcel.sequence}"
        f"　摘要 {page.groups_of_four(digest[:8])}",
    )


def addressee_name(plan: Plan, parcel: Parcel) -> str:
    """To whom a parcel is addressed, as a letter says it."""
    if parcel.addressee == EVERYBODY:
        return "各报送单位"
    return plan.office_name if parcel.addressee == OFFICE else plan.name_of(parcel.addressee)


def _body(text: str, role: str | Element = "P") -> Paragraph:
    return Paragraph(text, size=page.SIZE_3, leading=page.PITCH, indent=2, role=role, paired=True)


def _centred(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_4, leading=page.PITCH, face=fonts.KAI, align="center")


def _reasons(parcel: Parcel) -> Iterator[Paragraph]:
    items = Element("L")
    for number, text in enumerate(parcel.reasons, 1):
        yield _body(f"{number}. {text}", list_item(items))


def _due(parcel: Parcel) -> Iterator[Paragraph]:
    if parcel.due is not None and parcel.kind not in _SAID_IN_TEXT:
        day = in_words(parcel.due)
        yield _body(f"请于{day}前{_TO_DO.get(parcel.kind, '办理')}。")


_SAID_IN_TEXT = (ParcelKind.EXTENSION, ParcelKind.EXTENDED)
_TO_DO = {
    ParcelKind.SUPERVISION: "办结并报送督办反馈",
    ParcelKind.RETURNED: "更正后重新报送",
    ParcelKind.REOPENING: "报送",
    ParcelKind.ONCE_MORE: "再次报送督办反馈",
}


def _enclosed(parcel: Parcel) -> Iterator[Flowable]:
    names = {ParcelKind.PLAN: "方案文件", ParcelKind.RENEWAL: "单位证书"}
    if parcel.kind in names:
        yield page.gap(page.PITCH)
        yield _body(f"附件：{names[parcel.kind]}（{parcel.kind.carries}，装在本文件内）")
