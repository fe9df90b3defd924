"""A parcel on paper: what it must say, and how long it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rongchang_desk.documents import parcel_pdf
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import EVERYBODY, OFFICE, Parcel, ParcelKind
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import DeskError
from tests.unit.documents import samples
from tests.unit.documents.reading import all_text, fonts_of, page_texts


@pytest.fixture
def slip(plan: Plan) -> Parcel:
    return Parcel(
        1, ParcelKind.RETURNED, "x", 20261102001, plan.code, OFFICE, "领导小组办公室",
        plan.units[0].code, datetime(2026, 11, 2, 9, tzinfo=UTC), Month(2026, 10), "", 1,
        "2026年10月月报退回单", "经审核需要更正，现予退回。\n理由如下：",
        ("人数与签到册不符。", "金额单位有误。"), date(2026, 11, 9),
    )  # fmt: skip


def render(plan: Plan, parcel: Parcel) -> bytes:
    return parcel_pdf.render(plan, parcel, digest=samples.DIGEST, signer=samples.SIGNER)


def test_everything_said_is_on_one_page(plan: Plan, slip: Parcel) -> None:
    (text,) = page_texts(render(plan, slip))
    for word in (
        slip.title, "编号20261102001", f"{plan.units[0].name}：", "现予退回。",
        "1.人数与签到册不符。",
        "2.金额单位有误。", "请于2026年11月9日前更正后重新报送。", "领导小组办公室",
        "2026年11月2日",
        "9F86D081", "0A1B2C3D", "盖章处",
    ):  # fmt: skip
        assert word in text, word


def test_the_addressee_reads_like_a_letters(plan: Plan, slip: Parcel) -> None:
    assert "各报送单位：" in all_text(render(plan, replace(slip, addressee=EVERYBODY)))
    assert f"{plan.office_name}：" in all_text(render(plan, replace(slip, addressee=OFFICE)))


def test_a_parcel_with_a_file_inside_says_so(plan: Plan, slip: Parcel) -> None:
    letter = replace(slip, kind=ParcelKind.PLAN, reasons=(), due=None)
    assert "附件：方案文件（plan.toml，装在本文件内）" in all_text(render(plan, letter))
    assert "附件" not in all_text(render(plan, slip))


@pytest.mark.parametrize("count", range(1, 16))
def test_no_page_holds_the_signature_alone(plan: Plan, slip: Parcel, count: int) -> None:
    reasons = tuple(f"第{n}项记录与所附佐证材料不符，请逐项核对后更正。" for n in range(count))
    texts = page_texts(render(plan, replace(slip, reasons=reasons, due=None)))
    assert len(texts) <= 2
    assert f"第{count - 1}项" in texts[-1]
    assert "盖章处" in texts[-1]


def test_the_same_parcel_gives_the_same_bytes_and_another_others(plan: Plan, slip: Parcel) -> None:
    assert render(plan, slip) == render(plan, slip)
    assert render(plan, slip) != render(plan, replace(slip, text="另一句"))


def test_every_font_is_embedded(plan: Plan, slip: Parcel) -> None:
    fonts = fonts_of(render(plan, slip))
    assert fonts
    assert all(fonts.values())


def test_a_character_no_font_has_is_refused_by_name(plan: Plan, slip: Parcel) -> None:
    with pytest.raises(DeskError, match="𪚥"):
        render(plan, replace(slip, reasons=("关于𪚥的问题",)))
