"""Evidence parcels dropped on the office's window are taken, counted and listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from rongchang_desk.app import evidence, evidence_sending
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tables import Table
from tests.district import MONTH, PASSPHRASE, District
from tests.ui.office.conftest import child
from tests.ui.office.test_take_in_page import drop

Visit = Callable[[str], Any]


@pytest.fixture
def parcel(district: District) -> Path:
    """A1's return is here; its photo comes in this parcel."""
    photo = district.folder / "照片.jpg"
    photo.write_bytes(b"\xff\xd8 photo")
    desk = district.desk("A1")
    record = replace(district.training("A1"), evidence=(evidence.add(desk, photo),))
    district.take(district.report("A1", record))
    return evidence_sending.send(desk, MONTH, desk.identity(PASSPHRASE)).parcels[0].file


def test_a_dropped_parcel_is_told_with_its_counts_and_again_changes_nothing(
    visit: Visit, window: MainWindow, qtbot: QtBot, parcel: Path
) -> None:
    page = visit("take_in")
    drop(qtbot, window, parcel)
    (entry,) = child(page, Table, "intake").table_model.rows
    assert (entry.outcome, entry.reasons) == ("accepted", ("佐证材料包：新收 1 件。",))
    drop(qtbot, window, parcel)
    (entry,) = child(page, Table, "intake").table_model.rows
    assert (entry.outcome, entry.reasons) == ("duplicate", ("佐证材料包：已有 1 件。",))


def test_the_page_of_letters_opens_a_parcel_and_refuses_an_altered_one(
    visit: Visit, qtbot: QtBot, parcel: Path
) -> None:
    page = visit("parcels")
    altered = parcel.with_name("改.pdf")
    data = bytearray(parcel.read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(bytes(data))
    with qtbot.waitSignal(page.opened, timeout=60_000):
        page.dropped((altered,))
    assert "没有打开" in child(page, QLabel, "banner_text").text()
    with qtbot.waitSignal(page.opened, timeout=60_000):
        page.dropped((parcel,))
    assert "新收 1 件" in child(page, QLabel, "banner_text").text()
