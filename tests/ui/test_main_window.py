"""The window around the pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QTextBrowser,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.domain.month import Month
from rongchang_desk.ui import manual, theme
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.application import pages_for
from rongchang_desk.ui.elided_label import ElidedLabel
from rongchang_desk.ui.header import Header
from rongchang_desk.ui.main_window import MainWindow, past
from tests.district import District

from .conftest import NOW, SamplePage


def sample(window: MainWindow) -> SamplePage:
    page = window.current_page()
    assert isinstance(page, SamplePage)
    return page


def child(window: QWidget, kind: type[Any], name: str) -> Any:
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def test_the_first_page_is_shown_and_refreshed_once(window: MainWindow) -> None:
    assert sample(window).refreshed == 1
    assert child(window, QLabel, "page_title").text() == "任务进展"
    assert child(window, QLabel, "page_subtitle").text() == "2026年10月报送"


def test_a_page_is_made_on_its_first_visit_only(window: MainWindow) -> None:
    assert window.findChild(QWidget, "page_settings") is None
    window.go_to("settings")
    made = child(window, QWidget, "page_settings")
    window.go_to("tasks")
    window.go_to("settings")
    assert window.current_page() is made


def test_choosing_in_the_navigation_shows_the_page(window: MainWindow, qtbot: QtBot) -> None:
    child(window, QListWidget, "navigation").setCurrentRow(1)
    qtbot.waitUntil(lambda: child(window, QLabel, "page_title").text() == "设置")


def test_choosing_no_row_of_the_navigation_leaves_the_page_shown(window: MainWindow) -> None:
    child(window, QListWidget, "navigation").setCurrentRow(-1)
    QApplication.processEvents()
    assert isinstance(window.current_page(), SamplePage)


def test_a_page_that_may_not_be_left_stays_and_stays_marked(
    window: MainWindow, qtbot: QtBot
) -> None:
    sample(window).stays = True
    navigation = child(window, QListWidget, "navigation")
    navigation.setCurrentRow(1)
    qtbot.waitUntil(lambda: navigation.currentRow() == 0)
    assert isinstance(window.current_page(), SamplePage)


def test_going_to_a_page_hands_over_the_target(window: MainWindow) -> None:
    window.go_to("settings")
    window.go_to("tasks", "record-7")
    assert sample(window).targets == ["record-7"]


def test_going_to_a_page_that_does_not_exist_is_a_bug(window: MainWindow) -> None:
    with pytest.raises(KeyError):
        window.go_to("nowhere")


def test_the_header_shows_three_buttons_and_the_rest_in_a_menu(window: MainWindow) -> None:
    buttons = [child(window, QPushButton, name) for name in ("make", "export", "import")]
    more = child(window, QPushButton, "more_actions")
    assert all(button.isVisible() for button in [*buttons, more])
    assert [action.objectName() for action in more.menu().actions()] == ["clean"]
    assert buttons[0].geometry().left() > buttons[1].geometry().left()


def test_a_button_does_its_action_and_follows_its_state(window: MainWindow, qtbot: QtBot) -> None:
    page = sample(window)
    button = child(window, QPushButton, "make")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    page.page_actions()[0].setEnabled(False)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.pressed == ["make"]
    assert not button.isEnabled()


def test_the_month_switcher_tells_the_page_and_stops_at_the_plans_end(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert window.month == Month(2026, 10)
    on = window.findChild(QWidget, "month_on")
    qtbot.mouseClick(on, Qt.MouseButton.LeftButton)
    assert sample(window).months == [Month(2026, 11)]
    window.show_month(Month(2040, 1))
    assert window.month == window.desk.plan.last_month
    assert not on.isEnabled()


def test_another_page_refreshes_after_a_month_change_when_next_shown(window: MainWindow) -> None:
    page = sample(window)
    window.go_to("settings")
    window.show_month(Month(2026, 9))
    assert page.refreshed == 1
    window.go_to("tasks")
    assert page.refreshed == 2


def test_a_page_without_a_month_hides_the_switcher(window: MainWindow) -> None:
    assert child(window, QWidget, "month_switcher").isVisible()
    window.go_to("settings")
    assert not child(window, QWidget, "month_switcher").isVisible()
    assert not child(window, QLineEdit, "search").isVisible()


def test_ctrl_f_goes_to_the_search_field_and_typing_searches(
    window: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = child(window, QLineEdit, "search")
    assert field.hasFocus()
    qtbot.keyClicks(field, "abc")
    page = sample(window)
    qtbot.waitUntil(lambda: page.searched == ["abc"])
    assert [row.number for row in page.table.table_model.rows] == [10]


def drop(window: MainWindow, urls: list[QUrl]) -> bool:
    data = QMimeData()
    data.setUrls(urls)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), Qt.DropAction.CopyAction, data, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        fall = QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, data, left, none)
        QApplication.sendEvent(window, fall)
    return enter.isAccepted()


def test_files_dropped_anywhere_reach_the_page(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "月报.pdf"
    assert drop(window, [QUrl.fromLocalFile(str(file))])
    assert sample(window).paths == (file,)


def test_web_addresses_and_pages_without_use_for_files_refuse_a_drop(
    window: MainWindow, tmp_path: Path
) -> None:
    assert not drop(window, [QUrl("https://example.invalid/x.pdf")])
    window.go_to("settings")
    assert not drop(window, [QUrl.fromLocalFile(str(tmp_path / "月报.pdf"))])


def test_the_status_bar_says_when_it_was_saved_and_backed_up(window: MainWindow) -> None:
    window.saved()
    window.show_backup_time(NOW - timedelta(days=1))
    assert child(window, QLabel, "status_saved").text() == "已自动保存 10:32"
    assert child(window, QLabel, "status_backup").text() == "上次备份：昨天 10:32"
    assert "办公室 工作台" in child(window, QLabel, "status_folder").text()


def test_past_times_read_as_people_say_them() -> None:
    assert past(NOW, NOW) == "今天 10:32"
    assert past(NOW - timedelta(days=20), NOW) == "2026-09-30"


def test_a_badge_shows_in_the_navigation_and_goes_again(window: MainWindow) -> None:
    item = child(window, QListWidget, "navigation").item(0)
    window.set_badge("tasks", "3")
    assert item.text() == "任务进展（3）"
    window.set_badge("tasks", "")
    assert item.text() == "任务进展"


def test_the_last_page_and_the_geometry_are_remembered_in_the_desks_folder(
    new_window: Callable[[], MainWindow],
) -> None:
    first = new_window()
    first.resize(960, 655)  # the offscreen screen has 800 x 800
    first.go_to("settings")
    first.close()
    assert (first.desk.folder / "window.ini").is_file()
    second = new_window()
    assert second.size().height() == 655
    assert second.findChild(QLabel, "page_title").text() == "设置"


def test_closing_while_a_job_runs_asks_first_and_then_cancels(
    window: MainWindow, qtbot: QtBot
) -> None:
    go = threading.Event()

    def work(_desk: object, running: Any) -> None:
        for number in range(1000):
            running.step(number, 1000, "")
            go.wait(0.01)

    window.run_job("正在导入", work)
    window.close()
    assert window.isVisible()
    accept = child(window, QPushButton, "question_accept")
    with qtbot.waitSignal(window.closed, timeout=5000):
        qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    assert not window.isVisible()


def test_every_control_of_the_frame_has_a_name(window: MainWindow) -> None:
    kinds = (QPushButton, QLineEdit, QListWidget)
    nameless = [
        widget
        for kind in kinds
        for widget in window.findChildren(kind)
        if not widget.objectName() and not widget.parent().objectName().startswith("qt_")
    ]
    assert nameless == []


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_the_frame_is_painted_in_the_palettes_colours(
    window: MainWindow, qapp: QApplication, palette: str
) -> None:
    theme.apply(qapp, palette)
    try:
        image = window.grab().toImage()
        colours = theme.PALETTES[palette]
        middle = image.height() // 2
        assert image.pixelColor(100, image.height() - 120).name() == colours.nav
        assert image.pixelColor(216, middle).name() == colours.window
    finally:
        theme.apply(qapp)


def header_buttons(window: MainWindow) -> tuple[list[str], list[str]]:
    """The object names of the buttons shown, and of what 更多 holds."""
    names = ("make", "export", "import", "clean")
    shown = [n for n in names if (b := window.findChild(ActionButton, n)) and b.isVisible()]
    more = [b for b in window.findChildren(QPushButton, "more_actions") if b.isVisible()]
    held = [action.objectName() for b in more for action in b.menu().actions()]
    return shown, held


def test_a_narrow_window_or_a_large_text_puts_buttons_into_more(
    window: MainWindow, qtbot: QtBot, qapp: QApplication
) -> None:
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: header_buttons(window) == (["make", "export", "import"], ["clean"]))
    window.resize(1000, 800)
    few = (["make", "export"], ["import", "clean"])
    qtbot.waitUntil(lambda: header_buttons(window) == few)
    try:
        theme.apply(qapp, "light", 150)
        qtbot.waitUntil(lambda: header_buttons(window) == (["make"], ["export", "import", "clean"]))
    finally:
        theme.apply(qapp)
    qtbot.waitUntil(lambda: header_buttons(window) == few)


@pytest.mark.parametrize(("width", "scale"), [(1280, 100), (1280, 150), (960, 100), (960, 150)])
def test_nothing_in_the_header_is_squeezed(
    window: MainWindow, qtbot: QtBot, qapp: QApplication, width: int, scale: int
) -> None:
    def squeezed() -> list[str]:
        header: list[QWidget] = [b for b in window.findChildren(ActionButton) if b.isVisible()]
        header += [child(window, QToolButton, "month_menu"), child(window, QLabel, "page_title")]
        header += [b for b in window.findChildren(QPushButton, "more_actions") if b.isVisible()]
        return [w.objectName() for w in header if w.width() < w.sizeHint().width()]

    window.resize(width, 700)
    try:
        theme.apply(qapp, "light", scale)
        # At least the most important button is there.
        qtbot.waitUntil(lambda: "make" in header_buttons(window)[0] and not squeezed())
        assert child(window, QWidget, "navigation_panel").width() <= 0.28 * width
    finally:
        theme.apply(qapp)


def test_a_subtitle_that_has_no_room_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.show_text("月报、压缩包、文件夹可以拖到窗口里")
    label.resize(600, 30)
    assert label.shown_text() == label.text()
    label.resize(80, 30)
    assert label.shown_text().startswith("月报")
    assert label.shown_text().endswith("…")
    assert label.toolTip() == label.text() == "月报、压缩包、文件夹可以拖到窗口里"


@pytest.mark.parametrize(
    ("topic", "said"), [("", "使用手册"), ("progress", "任务进展"), ("no-such-page", "使用手册")]
)
def test_f1_opens_the_pages_manual_else_the_index(
    window: MainWindow, qtbot: QtBot, topic: str, said: str
) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    sample(window).help_topic = topic
    qtbot.keyClick(window, Qt.Key.Key_F1)
    manual = child(window, QDialog, "manual")
    assert child(manual, QTextBrowser, "manual_text").toPlainText().startswith(said)
    with qtbot.waitSignal(manual.destroyed):
        manual.close()


def test_a_missing_manual_is_told(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manual, "show_manual", lambda _parent, _topic: False)
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.statusBar().currentMessage() == "没有找到使用手册。"


def test_the_month_menu_offers_the_plans_months_by_year(window: MainWindow) -> None:
    menu = window.findChild(QMenu, "month_choices")
    menu.aboutToShow.emit()
    years = [action.menu() for action in menu.actions()]
    assert [year.title() for year in years] == ["2026年", "2025年", "2024年"]
    checked = [a.text() for year in years for a in year.actions() if a.isChecked()]
    assert checked == ["2026年10月"]
    next(a for a in years[1].actions() if a.text() == "2025年3月").trigger()
    assert window.month == Month(2025, 3)
    assert sample(window).months == [Month(2025, 3)]


def test_changed_data_refreshes_other_pages_when_next_shown_and_is_told(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = sample(window)
    window.go_to("settings")
    with qtbot.waitSignal(window.desk_changed):
        window.changed()
    assert page.refreshed == 1
    window.go_to("tasks")
    assert page.refreshed == 2
    window.go_to("settings")
    window.go_to("tasks")
    assert page.refreshed == 2


def test_f5_reads_the_page_again(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert sample(window).refreshed == 2


def test_the_rows_of_the_navigation_are_tall_from_the_start(
    district: District, qtbot: QtBot, qapp: QApplication
) -> None:
    """The first page is chosen before the style sheet is at work: rows must be measured again."""
    theme.apply(qapp, theme.LIGHT)
    window = MainWindow(district.office, pages_for(district.office))
    qtbot.addWidget(window)
    window.show()
    listing = window.findChild(QListWidget, "navigation")
    assert listing is not None
    last = listing.item(listing.count() - 1)
    qtbot.waitUntil(
        lambda: listing.visualItemRect(last).top() >= theme.current().px(40) * (listing.count() - 1)
    )
    window.close()


def test_a_button_taken_from_the_header_does_not_come_back_when_its_action_changes(
    window: MainWindow,
) -> None:
    page = window.current_page()
    assert page is not None
    header = window.findChild(Header)
    assert header is not None
    old = {id(button) for button in header.findChildren(ActionButton)}
    header.fit(300)  # fewer buttons: all are made anew
    for action in page.page_actions():
        action.setToolTip("另一句提示")
    shown = [b for b in header.findChildren(ActionButton) if not b.isHidden()]
    assert not old.intersection(map(id, shown))
    assert len(shown) < len(page.page_actions())
