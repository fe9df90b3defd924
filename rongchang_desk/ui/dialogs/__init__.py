"""Dialogs: they ask; what is written is written by the app function they hand the answers to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from rongchang_desk.ui.start_page import Beginning


def _unit_desk(window: QWidget, made: Callable[[Path], None]) -> None:
    from rongchang_desk.ui.dialogs.unit_desk import UnitDeskDialog

    UnitDeskDialog(made, window).open()


def _office_desk(window: QWidget, made: Callable[[Path], None]) -> None:
    from rongchang_desk.ui.dialogs.office_desk import OfficeDeskDialog

    OfficeDeskDialog(made, window).open()


# The ways to get a new desk, offered by the start page.
BEGINNINGS: tuple[Beginning, ...] = (
    Beginning("unit_desk", "用入网包建立单位工作台(&K)…", _unit_desk),
    Beginning("office_desk", "建立办公室工作台(&F)…", _office_desk),
)
