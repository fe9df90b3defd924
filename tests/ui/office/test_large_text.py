"""Every page keeps its words whole from 100 % to 150 % text size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QWidget

from rongchang_desk.ui import theme
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office import PAGES
from tests.district import District

Visit = Callable[[str], Any]
# The subtitle yields to the search field, the folder's path may be of any length; the tooltips
# of both have the whole text.
MAY_BE_CUT = {"page_subtitle", "status_folder"}


def cut(parent: QWidget) -> list[str]:
    """The visible words that have less room than they need."""
    found = []
    for widget in parent.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QPushButton | QCheckBox | QLabel):
            continue
        if not widget.text() or widget.objectName() in MAY_BE_CUT:
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            is_cut = widget.heightForWidth(widget.width()) > widget.height() + 1
        else:
            is_cut = widget.width() < widget.sizeHint().width()
        if is_cut:
            found.append(f"{widget.objectName()}: {widget.text()}")
    return found


@pytest.mark.parametrize("scale", [100, 125, 150])
@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_no_word_is_cut_at_1280_pixels(
    visit: Visit,
    window: MainWindow,
    district: District,
    plain_look: None,
    name: str,
    scale: int,
) -> None:
    theme.apply(QApplication.instance(), "light", scale)  # type: ignore[arg-type]
    district.take(district.report("A1"))
    page = visit(name)
    QApplication.processEvents()
    assert page.isVisible()
    assert cut(window) == []


def test_a_cut_word_is_seen(visit: Visit, window: MainWindow) -> None:
    page = visit("matrix")
    box = page.findChild(QCheckBox, "only_missing")
    box.setFixedWidth(40)
    QApplication.processEvents()
    assert cut(window) == [f"only_missing: {box.text()}"]
