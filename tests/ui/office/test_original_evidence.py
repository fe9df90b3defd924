"""From a figure of the board to the evidence behind it: opened as a copy, or said to be lacking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.app import evidence, evidence_sending
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office.original_dialog import OriginalDialog
from rongchang_desk.ui.tables import Table
from tests.district import MONTH, PASSPHRASE, District
from tests.ui.office.conftest import child
from tests.ui.unit.driving import click_row

Visit = Callable[[str], Any]
PHOTO = b"\xff\xd8 a photo of the training"


@pytest.fixture
def reported(district: District) -> Path:
    """A1's return with a training and its photo is here; the parcel with the photo is not yet."""
    photo = district.folder / "签到 & 合影.jpg"
    photo.write_bytes(PHOTO)
    desk = district.desk("A1")
    record = replace(district.training("A1"), evidence=(evidence.add(desk, photo),))
    district.take(district.report("A1", record))
    return evidence_sending.send(desk, MONTH, desk.identity(PASSPHRASE)).parcels[0].file


def files_of_the_record(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> list[QAction]:
    """Board, the yearly target, its source, the record's original: what the button offers."""
    page = visit("board")
    target = next(t for t in district.office.plan.targets if t.counts == "training")
    table = child(page, Table, "targets")
    click_row(qtbot, table, [r.target.code for r in table.table_model.rows].index(target.code))
    click_row(qtbot, child(page, Table, "sources"), 0, twice=True)
    qtbot.waitUntil(lambda: bool(window.findChildren(OriginalDialog)), timeout=20_000)
    dialog = window.findChildren(OriginalDialog)[0]
    button = child(dialog, QPushButton, "original_evidence")
    assert button.isVisible()
    assert button.text() == "佐证材料 1(&E)"
    return child(dialog, QMenu, "original_evidence_menu").actions()


def test_evidence_that_came_is_opened_as_a_read_only_copy(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, reported: Path,
    opened: list[str],
) -> None:  # fmt: skip
    district.take(reported)
    (action,) = files_of_the_record(visit, window, qtbot, district)
    assert action.text().startswith("签到 && 合影.jpg")
    action.trigger()
    qtbot.waitUntil(lambda: bool(opened), timeout=20_000)
    copy = Path(opened[0])
    assert copy.name == "签到 & 合影.jpg"
    assert copy.read_bytes() == PHOTO


def test_evidence_that_has_not_come_is_named_but_cannot_be_opened(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, reported: Path,
    opened: list[str],
) -> None:  # fmt: skip
    (action,) = files_of_the_record(visit, window, qtbot, district)
    assert "还没有收到" in action.text()
    assert not action.isEnabled()
    action.trigger()
    assert opened == []
