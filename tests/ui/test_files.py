"""Files shown with the system's programs, and what is said when it has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from rongchang_desk.errors import DeskError
from rongchang_desk.ui import files
from rongchang_desk.ui.main_window import MainWindow


@pytest.fixture
def told(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[DeskError]:
    """What the person was told."""
    errors: list[DeskError] = []
    monkeypatch.setattr(window, "present", errors.append)
    return errors


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("月报.pdf", "请安装 PDF 阅读软件"),
        ("通报.docx", "请安装 WPS 或 Word"),
        ("台账.xlsx", "请安装 WPS 或 Excel"),
        ("现场.heic", "请安装能打开 .heic 文件的软件"),
        ("入网包", "请在文件管理器里打开这个文件夹"),
    ],
)
def test_what_the_system_cannot_open_is_told_with_its_place(
    window: MainWindow, told: list[DeskError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str, advice: str,
) -> None:  # fmt: skip
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()))
    path = tmp_path / name
    path.mkdir() if not path.suffix else path.write_bytes(b"kept")
    files.show_with_system(window, path)
    (error,) = told
    assert error.message == f"系统没有打开“{name}”。"
    assert advice in error.hint
    assert str(path) in error.hint
    assert asked == [str(path)]
    assert path.exists()


def test_what_the_system_opens_needs_no_words(
    window: MainWindow, told: list[DeskError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url) or True)
    files.show_with_system(window, tmp_path)
    assert [url.toLocalFile() for url in asked] == [str(tmp_path)]
    assert not told
