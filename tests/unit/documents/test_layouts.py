"""Returns of older versions stay readable: their layouts are kept, and ours does not drift."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from rongchang_desk.app.clock import CHINA
from rongchang_desk.documents import agreement, archive, drawing, layouts, printed, return_pdf
from rongchang_desk.domain.changes import changes
from rongchang_desk.domain.monthly_return import Amendment, AmendmentKind, MonthlyReturn
from rongchang_desk.formats import return_json
from tests.unit.documents import samples

TYPICAL = samples.monthly_return()
RETURNS = {
    "typical": TYPICAL,
    "zero": samples.monthly_return(zero=True),
    "long": samples.monthly_return(*samples.cases(60)),
    "amended": samples.monthly_return(
        *samples.cases(2), amends=Amendment("ab" * 32, AmendmentKind.FIGURES, "补录两件案件。")
    ),
}
LAYOUT_1 = {
    "typical": "15413e54c5f9a90cd3ac0a1b247dd2f05e052169b354a958b791e12ca5163e18",
    "zero": "fe8d4818304a8d1fa77bd7c6aff11c99579656fc187e392398429a4c9a98f2e7",
    "long": "4236e802db59ec961f06c8be9f0c3b9a7f8596c983d50e4b114e93017e49c477",
    "amended": "8363a3b8b83da544ff81d85e06cec5b789246ea7bba67c6f5fce7ba5d2126aa7",
}
"""SHA-256 of what is painted and of the characters of each font's subsets."""


def painted(value: MonthlyReturn) -> str:
    """The digest of what the newest layout paints for a return."""
    listed = changes(samples.plan(), TYPICAL, value) if value.amends else ()
    drawn = drawing.drawn_by(
        lambda canvas: layouts.LAYOUTS[0](
            samples.plan(), value, digest=samples.DIGEST, signer=samples.SIGNER, changed=listed,
            canvas_class=canvas,
        )
    )  # fmt: skip
    digest = hashlib.sha256()
    for sheet in drawn.sheets:
        digest.update(f"{sheet.width:.2f} {sheet.height:.2f}\n".encode())
        digest.update(b" ".join(agreement.painting(sheet.content)))
    for name, subset in sorted(drawn.fonts.items()):
        digest.update(f"{name} {subset}\n".encode())
    return digest.hexdigest()


@pytest.mark.parametrize("name", LAYOUT_1)
def test_the_layout_of_a_return_does_not_change_unnoticed(name: str) -> None:
    """When this fails, units and offices of different versions would refuse each other.

    Was the change meant, and has a version with the former layout been given to anybody? Then
    keep the former renderer in `layouts.LAYOUTS`, and only then write the new digests here.
    """
    assert painted(RETURNS[name]) == LAYOUT_1[name]


def _formerly(plan: Any, value: MonthlyReturn, **further: Any) -> bytes:
    """A layout of long ago, which wrote the unit's name otherwise."""
    signer = replace(further.pop("signer"), unit_name=f"签名单位 {value.unit_name}")
    return return_pdf.render(plan, value, signer=signer, **further)


def _found(value: MonthlyReturn, shown: MonthlyReturn) -> tuple[agreement.Difference, ...]:
    """What differs between a return and pages of long ago that show another."""
    digest = return_json.digest(return_json.dumps(value))
    signer = return_pdf.SignerBlock(value.unit_name, value.signed_at, "ab" * 32)
    pages = _formerly(samples.plan(), shown, digest=digest, signer=signer)
    created = datetime(2026, 11, 3, tzinfo=CHINA)
    whole = archive.finish(pages, title="月报", author="单位", created=created)
    return agreement.differences(
        samples.plan(), value, digest=digest, certificate_fingerprint="ab" * 32, changed=(),
        printed=printed.read(whole),
    )  # fmt: skip


def test_pages_of_a_layout_that_we_know_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    (strange,) = _found(TYPICAL, TYPICAL)
    assert strange.shown.startswith("签名单位")
    monkeypatch.setattr(agreement, "LAYOUTS", (return_pdf.render, _formerly))
    assert _found(TYPICAL, TYPICAL) == ()


def test_another_figure_on_pages_of_a_layout_that_we_know_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agreement, "LAYOUTS", (return_pdf.render, _formerly))
    first, *others = TYPICAL.readings
    value = replace(first.values[0], value=replace(first.values[0].value, number=Decimal(874)))
    forged = replace(TYPICAL, readings=(replace(first, values=(value,)), *others))
    found = _found(TYPICAL, forged)
    assert any(d.shown == "874.00" and d.data == "23,650.50" for d in found), found
