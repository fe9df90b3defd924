"""Every page keeps its words whole from 100 % to 150 % text size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.ui import theme
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office import PAGES
from tests.district import District

Visit = Callable[[str], Any]


def cut(parent: QWidget) -> list[str]:
    """The visible words that have less room than they need."""
    found = []
    for widget in parent.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QPushButton | QCheckBox | QLabel):
            continue
        if not widget.text():
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            is_cut = widget.heightForWidth(widget.width()) > widget.height() + 1
        else:
            is_cut = widget.width() < widget.sizeHint().width()
        if is_cut:
            found.append(f"{widget.objectName()}: {widget.text()}")
    return found


def cut_in_header(window: MainWindow) -> list[str]:
    """The page's buttons in the header that are cut."""
    buttons = window.findChildren(ActionButton)
    return [b.text() for b in buttons if b.isVisible() and b.width() < b.sizeHint().width()]


@pytest.mark.parametrize("scale", [100, 125, 150])
@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_no_word_is_cut_at_1280_pixels(
    visit: Visit,
    window: MainWindow,
    qtbot: QtBot,
    district: District,
    plain_look: None,
    name: str,
    scale: int,
) -> None:
    theme.apply(QApplication.instance(), "light", scale)  # type: ignore[arg-type]
    district.take(district.report("A1"))
    page = visit(name)
    assert page.isVisible()

    def whole() -> None:
        assert cut(page) == []
        assert cut_in_header(window) == []

    qtbot.waitUntil(whole)


def test_a_cut_word_is_seen(visit: Visit, window: MainWindow) -> None:
    page = visit("matrix")
    box = page.findChild(QCheckBox, "only_missing")
    box.setFixedWidth(40)
    QApplication.processEvents()
    assert cut(page) == [f"only_missing: {box.text()}"]
