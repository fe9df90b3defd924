"""Palettes, fonts and text sizes."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication

from rongchang_desk.ui import theme
from rongchang_desk.ui.theme import DARK, LIGHT, Look, Palette, Tone

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2 (1 to 21)."""

    def light(colour: str) -> float:
        parts = QColor(colour).getRgbF()[:3]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@PALETTES
def test_every_colour_is_one(palette: Palette) -> None:
    values = [value for name, value in palette._asdict().items() if name != "name"]
    assert [value for value in values if not re.fullmatch("#[0-9a-f]{6}", value)] == []


@PALETTES
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("text", "card"),
        ("text", "window"),
        ("text", "chosen"),
        ("text", "header"),
        ("muted", "window"),
        ("muted", "header"),
        ("nav_text", "nav"),
        ("nav_muted", "nav"),
        *((tone.value, f"{tone.value}_soft") for tone in Tone),
        *((tone.value, "card") for tone in Tone),
    ],
)
def test_text_can_be_read_by_weak_eyes(palette: Palette, ink: str, ground: str) -> None:
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@PALETTES
def test_the_style_sheet_has_no_token_left(palette: Palette) -> None:
    assert "$" not in theme.style_sheet(Look(palette, 100))


def test_text_grows_with_the_scale_within_its_limits(qapp: QApplication) -> None:
    try:
        theme.apply(qapp, "light", 150)
        assert qapp.font().pixelSize() == 21
        theme.apply(qapp, "light", 400)
        assert theme.current().scale == 150
        theme.apply(qapp, "light", 10)
        assert theme.current().scale == 100
    finally:
        theme.apply(qapp)


def test_an_unknown_palette_is_the_light_one(qapp: QApplication) -> None:
    theme.apply(qapp, "pink")
    assert theme.current().palette is LIGHT


def test_the_window_writes_in_the_shipped_font_and_loads_no_paper_fonts(
    qapp: QApplication,
) -> None:
    assert QFontInfo(qapp.font()).family() == theme.FONT_FAMILY
    ours = {family for family in QFontDatabase.families() if family.startswith("Desk ")}
    assert ours <= {"Desk Hei", "Desk Hei Medium"}


@pytest.mark.parametrize(
    "name", ["check", "chevron-down", "chevron-up", "chevron-left", "chevron-right", "close"]
)
def test_the_windows_icons_can_be_drawn(qapp: QApplication, name: str) -> None:
    assert not theme.icon(name).pixmap(16, 16).toImage().isNull()
