"""A real desk, a window around a page made for tests, and a clipboard that is ours."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QVBoxLayout
from pytestqt.qtbot import QtBot

from rongchang_desk import assets
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.running import Running
from rongchang_desk.domain.month import Month
from rongchang_desk.ui import chinese, theme
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Presenter
from rongchang_desk.ui.page import Context, Page, PageEntry
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before pytest-qt makes the application

NOW = datetime(2026, 10, 20, 10, 32, tzinfo=timezone(timedelta(hours=8)))


@dataclass(frozen=True)
class Row:
    """One line of the test page."""

    number: int
    name: str
    percent: int | None
    state: str


ROWS = (
    Row(1, "知识产权培训", 100, "✓ 已完成"),
    Row(2, "商标宣传", 35, "→ 进行中"),
    Row(10, "专利转化ＡＢＣ", None, "! 已逾期"),
)
TONES = {"✓ 已完成": Tone.GOOD, "→ 进行中": Tone.BUSY, "! 已逾期": Tone.BAD}
COLUMNS = (
    Column("序号", lambda row: row.number, align=Align.CENTER, width=60),
    Column("任务名称", lambda row: row.name, stretch=True),
    Column("进度", lambda row: row.percent, cell=Cell.BAR, width=160),
    Column(
        "状态",
        lambda row: row.state,
        cell=Cell.PILL,
        tone=lambda row: TONES[row.state],
        width=110,
    ),
)


class SamplePage(Page):
    """Remembers what the window asked of it."""

    title = "任务进展"
    search_hint = "搜索任务"
    accepts_files = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.refreshed = 0
        self.searched: list[str] = []
        self.months: list[Month] = []
        self.paths: tuple[Path, ...] = ()
        self.targets: list[object] = []
        self.stays = False
        self.pressed: list[str] = []
        self._actions = [
            self.new_action(
                "生成月报(&R)", lambda: self.pressed.append("make"), name="make", primary=True
            ),
            self.new_action("导出(&E)", lambda: self.pressed.append("export"), name="export"),
            self.new_action("导入(&I)", lambda: self.pressed.append("import"), name="import"),
            self.new_action("清理(&L)", lambda: self.pressed.append("clean"), name="clean"),
        ]
        self.table = Table(
            COLUMNS,
            name="tasks",
            accessible="任务",
            empty="还没有任务。",
            settings=context.settings,
            identity=lambda row: row.number,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def subtitle(self) -> str:
        return f"{self.context.month.label}报送"

    def page_actions(self) -> list[QAction]:
        return self._actions

    def refresh(self) -> None:
        self.refreshed += 1
        self.table.set_rows(ROWS)

    def show_month(self, month: Month) -> None:
        self.months.append(month)

    def search(self, text: str) -> None:
        self.searched.append(text)
        self.table.set_filter(text)

    def dropped(self, paths: tuple[Path, ...]) -> None:
        self.paths = paths

    def show_target(self, target: object) -> None:
        self.targets.append(target)

    def may_leave(self) -> bool:
        return not self.stays


class PlainPage(Page):
    """A page that overrides nothing."""

    title = "设置"
    has_month = False


ENTRIES = (PageEntry("tasks", "任务进展", SamplePage), PageEntry("settings", "设置", PlainPage))


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    chinese.install(qapp)
    theme.apply(qapp)
    return qapp


@pytest.fixture
def desk_folder(tmp_path: Path) -> Path:
    """A folder with an office desk on Rongchang's plan; closed."""
    folder = tmp_path / "办公室 工作台"
    plan = assets.resource("plans", "rongchang-2024-2026.toml").read_bytes()
    with Desk.found(folder, clock=lambda: NOW, new_id=None, role=Role.OFFICE, unit="") as desk:
        desk.adopt_plan(plan)
    desk.close()
    return folder


@pytest.fixture
def desk(desk_folder: Path) -> Iterator[Desk]:
    with Desk.open(desk_folder, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def new_window(qtbot: QtBot, desk: Desk) -> Iterator[Callable[[], MainWindow]]:
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(desk, ENTRIES, Presenter())
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        window.open_first_page()
        return window

    yield make
    for window in windows:
        if window.current_page() and isinstance(window.current_page(), SamplePage):
            window.current_page().stays = False  # type: ignore[union-attr]
        window.close()


@pytest.fixture
def window(new_window: Callable[[], MainWindow]) -> MainWindow:
    return new_window()


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`hold(n)`: work waits before step n until it is cancelled, so that a click always comes
    in time; after 10 s, or once something was cancelled, work goes on."""

    def from_step(number: int) -> None:
        go_on = Running.step
        cancelled: list[Running] = []

        def wait(self: Running, done: int, total: int, what: str) -> None:
            until = time.monotonic() + 10
            while done >= number and not cancelled and time.monotonic() < until:
                cancelled.extend([self] * self._cancelled)
                time.sleep(0.002)
            go_on(self, done, total, what)

        monkeypatch.setattr(Running, "step", wait)

    return from_step
