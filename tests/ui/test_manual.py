"""The manual: a page for every page of the window, and no link that leads nowhere."""

from __future__ import annotations

import importlib
import re
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk import assets
from rongchang_desk.ui import manual, office, theme, unit
from rongchang_desk.ui.page import PageEntry

ENTRIES = [*unit.PAGES, *office.PAGES]
PAGES = sorted(assets.resource("manual").glob("*.md"))


def topic_of(entry: PageEntry) -> str:
    assert isinstance(entry.create, partial)
    module, page = entry.create.args
    return str(getattr(importlib.import_module(module), page).help_topic)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_page_of_the_window_has_a_manual_page_of_its_name(entry: PageEntry) -> None:
    path = assets.resource("manual", f"{topic_of(entry)}.md")
    assert path.read_text("utf-8").startswith(f"# {entry.label}\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_to_a_page_and_every_page_back_to_the_index(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
    assert links
    assert all((page.parent / link).is_file() for link in links)
    assert page.stem == "index" or "index.md" in links


def test_the_index_leads_to_every_page() -> None:
    text = assets.resource("manual", "index.md").read_text("utf-8")
    assert {page.name for page in PAGES} - {"index.md"} <= set(re.findall(r"\(([^)]+)\)", text))


def test_a_link_is_followed_inside_the_window(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert manual.show_manual(parent, "index")
    dialog = parent.findChild(QDialog, "manual")
    assert dialog is not None
    text = dialog.findChild(QTextBrowser, "manual_text")
    assert text is not None
    dialog.show()
    text.setFocus()
    assert text.toPlainText().startswith("使用手册")
    qtbot.keyClick(text, Qt.Key.Key_Tab)  # to the first link
    qtbot.keyClick(text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: text.toPlainText().startswith("首页"))


@pytest.mark.parametrize("scale", [100, 150])
def test_headings_stand_out_a_little_at_every_size(
    qtbot: QtBot, qapp: QApplication, scale: int
) -> None:
    theme.apply(qapp, "light", scale)
    try:
        parent = QWidget()
        qtbot.addWidget(parent)
        manual.show_manual(parent, "home")
        text = parent.findChild(QTextBrowser, "manual_text")
        assert text is not None
        block = text.document().begin()
        sizes = []
        for _ in range(3):
            sizes.append(block.begin().fragment().charFormat().font().pixelSize())
            block = block.next()
        title, _, heading = sizes
        assert (title, heading) == (20 * scale // 100, 16 * scale // 100)
    finally:
        theme.apply(qapp)


def test_a_topic_without_a_page_is_told(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert not manual.show_manual(parent, "no-such-topic")
