"""The window's own light and dark look: palettes, fonts, sizes and one style sheet.

Everything that has a colour asks `current()` for it, so that both palettes stay complete.
Never follows the system's colour scheme: it differs between the desktops we run on.
"""

from __future__ import annotations

import logging
from enum import Enum
from functools import cache
from string import Template
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from rongchang_desk import assets

log = logging.getLogger(__name__)

# Only what the window shows; the paper fonts are loaded by `documents`, not here.
FONT_FILES = ("Hei.ttf", "HeiMedium.ttf")
FONT_FAMILY = "Desk Hei"
FALLBACKS = ("Noto Sans CJK SC", "Microsoft YaHei", "WenQuanYi Micro Hei")
SMALLEST_SCALE, LARGEST_SCALE = 100, 150


class Tone(Enum):
    """What a colour says about a state; always shown together with a word or a glyph."""

    GOOD = "good"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"
    QUIET = "quiet"


class Palette(NamedTuple):
    """The colours of one look, `#rrggbb`."""

    name: str
    window: str
    card: str
    border: str
    line: str  # between rows and cells
    header: str  # table headers, every second row
    text: str
    muted: str
    faint: str  # placeholders, disabled
    nav: str
    nav_text: str
    nav_muted: str
    nav_chosen: str
    nav_hover: str
    nav_mark: str
    primary: str
    primary_hover: str
    primary_down: str
    on_primary: str
    hover: str
    chosen: str  # selected rows
    focus: str
    track: str  # the empty part of bars
    good: str
    good_soft: str
    busy: str
    busy_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    quiet: str
    quiet_soft: str

    def ink(self, tone: Tone) -> QColor:
        """The strong colour of a tone: text, glyphs, bars."""
        return QColor(getattr(self, tone.value))

    def wash(self, tone: Tone) -> QColor:
        """The soft colour behind a tone's text."""
        return QColor(getattr(self, f"{tone.value}_soft"))


LIGHT = Palette(
    name="light",
    window="#f4f6f9",
    card="#ffffff",
    border="#e0e5ec",
    line="#eef1f5",
    header="#f8fafc",
    text="#1c2533",
    muted="#5b677a",
    faint="#6f7b8d",
    nav="#1f2d46",
    nav_text="#dfe5ef",
    nav_muted="#9caac0",
    nav_chosen="#323f56",
    nav_hover="#2a374f",
    nav_mark="#6ea2ff",
    primary="#2f6fdd",
    primary_hover="#2763cb",
    primary_down="#1f54b0",
    on_primary="#ffffff",
    hover="#f1f5fb",
    chosen="#dbe8ff",
    focus="#2f6fdd",
    track="#e3e7ee",
    good="#177848",
    good_soft="#e1f0ea",
    busy="#2158b3",
    busy_soft="#dce6f5",
    warn="#8f5a00",
    warn_soft="#fff3dc",
    bad="#b93232",
    bad_soft="#fbe5e5",
    quiet="#5f6a79",
    quiet_soft="#e9ecf0",
)

DARK = Palette(
    name="dark",
    window="#151b26",
    card="#1d2532",
    border="#303b4c",
    line="#293343",
    header="#222b3a",
    text="#e6ebf3",
    muted="#a5b1c3",
    faint="#8592a6",
    nav="#0f1520",
    nav_text="#d5dce8",
    nav_muted="#8b98ad",
    nav_chosen="#243047",
    nav_hover="#1b2536",
    nav_mark="#6ea2ff",
    primary="#3d7be6",
    primary_hover="#4d89f0",
    primary_down="#326bcd",
    on_primary="#ffffff",
    hover="#263143",
    chosen="#27436f",
    focus="#6ea2ff",
    track="#354154",
    good="#68cf9b",
    good_soft="#1d3b30",
    busy="#8ab4ff",
    busy_soft="#233a60",
    warn="#f0bd62",
    warn_soft="#443618",
    bad="#ff9a9a",
    bad_soft="#4c2629",
    quiet="#a9b4c4",
    quiet_soft="#303a49",
)

PALETTES = {palette.name: palette for palette in (LIGHT, DARK)}

_SHEET = Template("""
QWidget { color: $text; }
QMainWindow, QDialog, #page_area, #start_page { background: $window; }
QToolTip { background: $card; color: $text; border: 1px solid $border; padding: 4px 6px; }

#navigation_panel { background: $nav; }
#desk_name { color: #ffffff; font-size: ${px16}px; font-weight: 700; }
#desk_detail { color: $nav_muted; font-size: ${px12}px; }
#navigation { background: $nav; border: none; outline: none; color: $nav_text; }
#navigation::item { height: ${nav_row}px; padding-left: 21px; border-left: 3px solid transparent; }
#navigation::item:hover { background: $nav_hover; }
#navigation::item:selected { background: $nav_chosen; color: #ffffff;
    border-left: 3px solid $nav_mark; }

#page_title { font-size: ${px20}px; font-weight: 700; }
#page_subtitle, QLabel[role="muted"] { color: $muted; font-size: ${px13}px; }
QLabel[role="heading"] { font-size: ${px15}px; font-weight: 700; }
QLabel[role="figure"] { font-size: ${px28}px; font-weight: 700; }

QFrame[role="card"], #job_strip { background: $card; border: 1px solid $border;
    border-radius: ${radius}px; }
QFrame[role="card"] QLabel, #job_strip QLabel { background: transparent; border: none; }
QFrame[role="drop"] { background: $header; border: 1px dashed $faint; border-radius: 5px; }
QFrame[role="drop"][over="true"] { background: $chosen; border: 1px solid $focus; }
QFrame[role="drop"] QLabel { background: transparent; border: none; }
QPushButton[slim="true"] { min-height: ${h22}px; padding: 0 10px; }
QListView[role="chips"] { background: transparent; border: none; }
QListView[role="chips"]::item { background: $card; border: 1px solid $border; border-radius: 5px;
    padding: 2px 4px; }
QListView[role="chips"]::item:selected { background: $chosen; border-color: $focus;
    color: $text; }
QFrame[role="banner"] { border-radius: ${radius}px; border: 1px solid $border; }
QFrame[role="banner"][tone="good"] { background: $good_soft; }
QFrame[role="banner"][tone="busy"] { background: $busy_soft; }
QFrame[role="banner"][tone="warn"] { background: $warn_soft; }
QFrame[role="banner"][tone="bad"] { background: $bad_soft; }
QFrame[role="banner"][tone="quiet"] { background: $quiet_soft; }

QPushButton { background: $card; border: 1px solid $border; border-radius: 5px;
    min-height: ${h32}px; padding: 0 14px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $chosen; }
QPushButton:focus { border: 1px solid $focus; }
QPushButton:disabled { color: $faint; background: $header; }
QPushButton[primary="true"] { background: $primary; color: $on_primary; font-weight: 500;
    border: 1px solid $primary; }
QPushButton[primary="true"]:hover { background: $primary_hover; border-color: $primary_hover; }
QPushButton[primary="true"]:pressed { background: $primary_down; }
QPushButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled { background: $track; color: $faint; border-color: $track; }
QPushButton::menu-indicator { subcontrol-position: right center; subcontrol-origin: padding;
    right: 8px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px;
    padding: 4px; min-height: ${h22}px; }
QToolButton:hover { background: $hover; border-color: $border; }
QToolButton:focus { border-color: $focus; }
QToolButton::menu-indicator { image: none; }
#month_switcher { background: $card; border: 1px solid $border; border-radius: 5px; }
#month_switcher QToolButton { min-width: 18px; padding: 2px; }
#month_switcher #month_menu { font-weight: 500; padding: 2px 6px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox {
    background: $card; border: 1px solid $border; border-radius: 5px; padding: 2px 8px;
    selection-background-color: $primary; selection-color: $on_primary; }
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox { min-height: ${h28}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QComboBox:focus { border: 1px solid $focus; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QComboBox:disabled {
    color: $faint; background: $header; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QSpinBox[wrong="true"],
QDoubleSpinBox[wrong="true"], QDateEdit[wrong="true"], QComboBox[wrong="true"] {
    border: 1px solid $bad; background: $bad_soft; }
QTableView QLineEdit { border-radius: 0; padding: 0 4px; min-height: 0; }

QTableView, QTreeView, QListView { background: $card; alternate-background-color: $header;
    border: 1px solid $border; border-radius: ${radius}px; gridline-color: $line;
    selection-background-color: $chosen; selection-color: $text; outline: none; }
QHeaderView { background: $header; border: none; border-radius: ${radius}px; }
QHeaderView::section { background: $header; color: $muted; border: none; padding: 0 8px;
    border-bottom: 1px solid $border; font-size: ${px13}px; font-weight: 500; }
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $header; border: none; }

QCheckBox, QRadioButton { spacing: 7px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator, QListView::indicator {
    width: ${h14}px; height: ${h14}px; border: 1px solid $faint; background: $card; }
QCheckBox::indicator, QTableView::indicator, QListView::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: ${half_radio}px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $focus; }
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked {
    background: $primary; border-color: $primary; image: url("$icons/check.svg"); }
QCheckBox::indicator:indeterminate { background: $track; }
QRadioButton::indicator:checked { background: qradialgradient(cx:0.5, cy:0.5, radius:0.5,
    fx:0.5, fy:0.5, stop:0 #ffffff, stop:0.42 #ffffff, stop:0.5 $primary, stop:1 $primary);
    border-color: $primary; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $header;
    border-color: $border; }
QCheckBox:focus, QRadioButton:focus { color: $busy; }

QComboBox::drop-down { border: none; width: ${h22}px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$icons/chevron-down.svg");
    width: 16px; height: 16px; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $border;
    selection-background-color: $chosen; selection-color: $text; border-radius: 0; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QDateEdit::up-button,
QSpinBox::down-button, QDoubleSpinBox::down-button, QDateEdit::down-button { border: none;
    background: transparent; width: ${h22}px; }
QDateEdit::drop-down { border: none; width: ${h22}px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QDateEdit::up-arrow {
    image: url("$icons/chevron-up.svg"); width: 12px; height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
    image: url("$icons/chevron-down.svg"); width: 12px; height: 12px; }
QHeaderView::up-arrow { image: url("$icons/chevron-up.svg"); width: 12px; height: 12px; }
QHeaderView::down-arrow { image: url("$icons/chevron-down.svg"); width: 12px; height: 12px; }

QProgressBar { background: $track; border: none; border-radius: 3px; max-height: 6px;
    min-height: 6px; }
QProgressBar::chunk { background: $primary; border-radius: 3px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $track; border-radius: 4px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }

QMenu { background: $card; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 18px; border-radius: 4px; }
QMenu::item:selected { background: $chosen; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QTabWidget::pane { border: 1px solid $border; background: $card; border-radius: ${radius}px; }
QTabBar::tab { padding: 7px 16px; color: $muted; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $primary; }

QStatusBar { background: $card; border-top: 1px solid $border; color: $muted; }
QStatusBar QLabel { color: $muted; font-size: ${px13}px; padding: 0 6px; }
QStatusBar::item { border: none; }
""")


class Look(NamedTuple):
    """A palette at a text size (per cent)."""

    palette: Palette
    scale: int

    def px(self, pixels: float) -> int:
        """A length that grows with the text."""
        return round(pixels * self.scale / 100)


_look = Look(LIGHT, 100)


def current() -> Look:
    """The look in force; widgets that paint themselves read it in every paint."""
    return _look


def apply(application: QApplication, palette: str = "light", scale: int = 100) -> None:
    """Put a palette and a text size (100–150 %) in force, also while windows are open.

    An unknown palette name falls back to the light one.
    """
    global _look  # noqa: PLW0603  one application, one look
    scale = max(SMALLEST_SCALE, min(scale, LARGEST_SCALE))
    _look = Look(PALETTES.get(palette, LIGHT), scale)
    font = QFont(_family())
    font.setFamilies([_family(), *FALLBACKS])
    font.setPixelSize(_look.px(14))
    application.setStyle("Fusion")
    application.setFont(font)
    application.setPalette(_qt_palette(_look.palette))
    application.setStyleSheet(style_sheet(_look))


def style_sheet(look: Look) -> str:
    """The whole style sheet with the tokens of a look filled in."""
    tokens = look.palette._asdict()
    tokens |= {f"px{n}": str(look.px(n)) for n in (12, 13, 15, 16, 20, 28)}
    tokens |= {f"h{n}": str(look.px(n)) for n in (14, 22, 28, 32)}
    # Less than the text grows: thirteen pages fit a window 800 pixels high at any size.
    tokens["nav_row"] = str(34 + look.px(12) // 2)
    # Qt's url() wants forward slashes, on Windows too.
    icons = assets.resource("icons", "window").as_posix()
    half_radio = str(look.px(14) // 2 + 1)
    return _SHEET.substitute(tokens, radius="7", icons=icons, half_radio=half_radio)


def icon(name: str) -> QIcon:
    """One of the window's own small icons (`resources/icons/window/<name>.svg`)."""
    return QIcon(str(assets.resource("icons", "window", f"{name}.svg")))


@cache
def _family() -> str:
    """The family of the shipped font; the system's own when the files are missing."""
    found: list[str] = []
    for name in FONT_FILES:
        path = assets.resource("fonts", name)
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            log.warning("font %s cannot be loaded; using the system's own", path.name)
        else:
            found += QFontDatabase.applicationFontFamilies(number)
    if FONT_FAMILY in found:
        return FONT_FAMILY
    # Asking for all families fills Qt's whole font data base: only where it must be.
    return next((f for f in FALLBACKS if f in QFontDatabase.families()), QFont().family())


def _qt_palette(colours: Palette) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.card,
        QPalette.ColorRole.AlternateBase: colours.header,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.card,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.bad,
        QPalette.ColorRole.Highlight: colours.primary,
        QPalette.ColorRole.HighlightedText: colours.on_primary,
        QPalette.ColorRole.ToolTipBase: colours.card,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.faint,
        QPalette.ColorRole.Link: colours.busy,
        QPalette.ColorRole.Mid: colours.border,
        QPalette.ColorRole.Dark: colours.muted,
        QPalette.ColorRole.Light: colours.card,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return palette
