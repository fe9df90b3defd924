"""Work on worker threads: order, progress, cancel, failure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QThread
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.app.desk import Desk
from rongchang_desk.app.running import Running
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.job_strip import JobStrip, duration
from rongchang_desk.ui.jobs import Jobs


class Told:
    """Collects what the presenter would show."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []

    def present(self, error: BaseException) -> None:
        self.errors.append(error)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def jobs(qtbot: QtBot, desk: Desk, told: Told) -> Iterator[Jobs]:
    made = Jobs(desk, told.present)
    yield made
    made.cancel_all()
    qtbot.waitUntil(lambda: not made.is_busy())


def test_the_result_comes_back_on_the_windows_thread(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[object] = []

    def work(_desk: Any, _running: Running) -> int:
        seen.append(threading.current_thread() is threading.main_thread())
        return 7

    def done(result: int) -> None:
        seen.append(result)
        seen.append(QThread.currentThread() is QCoreApplication.instance().thread())

    with qtbot.waitSignal(jobs.all_ended):
        jobs.run("计算", work, done)
    assert seen == [False, 7, True]


def test_the_work_gets_a_desk_of_its_own_on_the_same_folder(
    jobs: Jobs, qtbot: QtBot, desk: Desk
) -> None:
    seen: list[object] = []

    def work(own: Desk, _running: Running) -> str:
        seen.append(own is desk)
        return own.title

    with qtbot.waitSignal(jobs.all_ended):
        jobs.run("读取", work, seen.append)
    assert seen == [False, desk.title]


def test_a_failure_goes_to_the_one_presenter_and_not_to_done(
    jobs: Jobs, qtbot: QtBot, told: Told
) -> None:
    seen: list[object] = []

    def work(_desk: Any, _running: Running) -> None:
        raise DeskError("磁盘已满。", "请清理后重试。")

    with qtbot.waitSignal(jobs.all_ended):
        jobs.run("导出", work, seen.append)
    assert [str(error) for error in told.errors] == ["磁盘已满。\n请清理后重试。"]
    assert seen == []


def test_a_failure_that_the_page_tells_itself_is_not_presented_twice(
    jobs: Jobs, qtbot: QtBot, told: Told
) -> None:
    seen: list[BaseException] = []

    def work(_desk: Any, _running: Running) -> None:
        raise DeskError("口令不对。")

    def failed(error: Exception) -> bool:
        seen.append(error)
        return True

    with qtbot.waitSignal(jobs.all_ended):
        jobs.run("签名", work, failed=failed)
    assert len(seen) == 1
    assert told.errors == []


def test_a_failure_that_the_page_declines_is_presented(
    jobs: Jobs, qtbot: QtBot, told: Told
) -> None:
    def work(_desk: Any, _running: Running) -> None:
        raise ZeroDivisionError

    with qtbot.waitSignal(jobs.all_ended):
        jobs.run("签名", work, failed=lambda error: isinstance(error, DeskError))
    assert [type(error) for error in told.errors] == [ZeroDivisionError]


def test_cancelling_stops_the_work_at_its_next_step(jobs: Jobs, qtbot: QtBot, told: Told) -> None:
    begun, seen = threading.Event(), list[str]()

    def work(_desk: Any, running: Running) -> None:
        begun.set()
        while True:
            running.step(1, 2, "")

    job = jobs.run(
        "导入", work, lambda _: seen.append("done"), cancelled=lambda: seen.append("off")
    )
    assert begun.wait(5)
    with qtbot.waitSignal(jobs.all_ended):
        job.cancel()
    assert seen == ["off"]
    assert told.errors == []


def test_a_job_cancelled_while_it_waits_never_begins(jobs: Jobs, qtbot: QtBot) -> None:
    go, seen = threading.Event(), list[str]()

    def slow(_desk: Any, _running: Running) -> None:
        go.wait(5)

    jobs.run("第一项", slow)
    second = jobs.run(
        "第二项", lambda _d, _r: seen.append("ran"), cancelled=lambda: seen.append("off")
    )
    second.cancel()
    with qtbot.waitSignal(jobs.all_ended):
        go.set()
    assert seen == ["off"]


def test_visible_work_goes_one_after_another_and_quiet_work_does_not_wait(
    jobs: Jobs, qtbot: QtBot
) -> None:
    go, order = threading.Event(), list[str]()

    def first(_desk: Any, _running: Running) -> None:
        go.wait(5)
        order.append("first")

    jobs.run("第一项", first)
    jobs.run("第二项", lambda _d, _r: order.append("second"))
    quiet = jobs.run("读取", lambda _d, _r: order.append("quiet"), quiet=True)
    with qtbot.waitSignal(quiet.ended):
        pass
    with qtbot.waitSignal(jobs.all_ended):
        go.set()
    assert order == ["quiet", "first", "second"]


def test_the_strip_shows_counts_while_it_runs_and_goes_afterwards(jobs: Jobs, qtbot: QtBot) -> None:
    strip = JobStrip(jobs)
    qtbot.addWidget(strip)
    strip.resize(800, 60)
    at, go = threading.Event(), threading.Event()

    def work(_desk: Any, running: Running) -> None:
        running.step(212, 300, "区教育局.pdf")
        at.set()
        go.wait(5)

    jobs.run("正在导入", work, cancel_text="取消（已导入的保留）")
    assert strip.isVisibleTo(strip.parentWidget())
    assert at.wait(5)
    text = strip.findChild(QLabel, "job_text")
    qtbot.waitUntil(lambda: text.text() == "正在导入 212 / 300：区教育局.pdf")
    bar = strip.findChild(QProgressBar, "job_bar")
    assert bar.value() * 300 == pytest.approx(212 * bar.maximum(), rel=0.01)
    assert strip.findChild(QPushButton, "job_cancel").text() == "取消（已导入的保留）"
    with qtbot.waitSignal(jobs.all_ended):
        go.set()
    assert not strip.isVisible()


def test_the_strips_button_cancels_and_says_so(jobs: Jobs, qtbot: QtBot) -> None:
    strip = JobStrip(jobs)
    qtbot.addWidget(strip)
    go = threading.Event()

    def work(_desk: Any, running: Running) -> None:
        go.wait(5)
        running.step(1, 2, "")

    job = jobs.run("正在导入", work)
    button = strip.findChild(QPushButton, "job_cancel")
    button.click()
    assert job.is_cancelled
    assert button.text() == "正在取消…"
    with qtbot.waitSignal(jobs.all_ended):
        go.set()


def test_a_hundred_thousand_steps_do_not_flood_the_window(jobs: Jobs, qtbot: QtBot) -> None:
    strip = JobStrip(jobs)
    qtbot.addWidget(strip)
    looks: list[int] = []
    look = strip.look
    strip.look = lambda: (looks.append(1), look())  # type: ignore[method-assign, func-returns-value]

    def work(_desk: Any, running: Running) -> None:
        for number in range(100_000):
            running.step(number, 100_000, "")

    with qtbot.waitSignal(jobs.all_ended, timeout=20_000):
        jobs.run("正在导入", work)
    assert len(looks) < 1000


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 秒"), (3.4, "3 秒"), (59.2, "59 秒"), (150, "2 分钟"), (7200, "2.0 小时")],
)
def test_remaining_time_is_said_no_more_exactly_than_it_is_known(
    seconds: float, words: str
) -> None:
    assert duration(seconds) == words


def test_a_job_that_outlives_its_window_ends_in_silence(
    qtbot: QtBot, desk: Desk, told: Told
) -> None:
    jobs = Jobs(desk, told.present)
    gate, done = threading.Event(), threading.Event()

    def work(_desk: Desk, _running: Running) -> None:
        gate.wait(10)
        done.set()

    jobs.run("等待", work, lambda _: pytest.fail("nobody is left"))
    (thread,) = [t for t in threading.enumerate() if t.name == "job 等待"]
    shiboken6.delete(jobs)
    gate.set()
    thread.join(10)
    assert done.is_set()
