"""What the office's pages cost with 10,000 stored returns, and what one more return costs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rongchang_desk.app import board, chasing, district, kept_months, settle
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.month import Month
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.large_district import amended, keep, kept_office, open_office
from tests.benchmarks.racing import Race

LAST = Month(2026, 12)
OPEN, SWITCH, SETTLE = 1.0, 0.2, 5.0  # seconds
INCREMENT = 2.0  # times: one more return among 36 months against one among 3
GAP = 100.0  # ms between two turns of the window while files are taken in
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def folder(pytestconfig: pytest.Config) -> Path:
    assert pytestconfig.cache is not None
    return kept_office(pytestconfig.cache.mkdir("large-district"))


@pytest.fixture
def office(folder: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(folder, tmp_path / "office")
    with open_office(tmp_path / "office") as desk:
        yield desk


def test_board_and_matrix_open_within_a_second(race: Race, office: Desk) -> None:
    def opened(page: str) -> None:
        kept_months.forget()
        if page == "board":
            assert len(board.board(office, LAST).status.cells) == 280
        else:
            assert len(chasing.year(office, LAST.year).rows) == 280

    race.run(3, board=lambda: opened("board"), matrix=lambda: opened("matrix"))
    for page in ("board", "matrix"):
        race.judge_amount(f"opening the {page} of 10,080 returns", race.medians[page], "s", OPEN)


def test_another_month_is_there_at_once(race: Race, office: Desk) -> None:
    months = iter((LAST, *([LAST.previous, LAST.plus(-2), LAST.plus(-14)] * 9)))
    board.board(office, next(months))

    def switch() -> None:
        board.board(office, next(months))

    race.run(7, switch=switch)
    race.judge_amount("switching the board's month", race.medians["switch"], "s", SWITCH)


def test_one_more_return_costs_the_same_among_three_months_and_thirty_six(
    race: Race, office: Desk
) -> None:
    head = {m: district.merged(office, m, m).heads_of(m)[0] for m in (LAST, LAST.plus(-33))}
    newest = dict(head)

    def one_more(since: Month | None, month: Month) -> float:
        value = amended(office, newest[month], 1)
        with office.store.transaction():
            digest = keep(office, value)
        begin = time.perf_counter()
        picture = district.merged(office, LAST if since is None else month, since)
        taken = time.perf_counter() - begin
        found = next(h for h in picture.heads_of(month) if h.unit == value.unit)
        assert found.digest == digest
        newest[month] = found
        return taken

    few = LAST.plus(-33)
    one_more(None, LAST)
    race.run(
        9,
        among_36_months=lambda: one_more(None, LAST),
        among_3_months=lambda: one_more(few.plus(-2), few),
    )
    race.judge("merging one more return", "among_36_months", "among_3_months", INCREMENT)


def test_what_waits_for_a_person_is_found_in_seconds(race: Race, office: Desk) -> None:
    def found() -> None:
        settle.forget()
        assert settle.unsettled(office, LAST).cases

    race.run(2, settle=found)
    race.judge_amount("looking for suspects in 10,080 returns", race.medians["settle"], "s", SETTLE)


def test_the_window_stays_awake_while_files_are_taken_in(
    race: Race, corpus: Corpus, folder: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    def gaps() -> dict[str, float]:
        at = corpus.fresh_office(tmp_path / "office")
        done = subprocess.run(
            [sys.executable, HERE / "window_gap.py", at, corpus.returns],
            env=environment, capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        assert told["accepted"] == len(corpus.files())
        return told

    # Other programs make gaps too: the quietest of three runs tells what ours are.
    runs = [race.benchmark.pedantic(gaps, rounds=1), gaps(), gaps()]
    best = min(runs, key=lambda told: told["gap"])
    race.tell(f"with nothing to do, the window's largest gap was {best['idle']:.0f} ms")
    race.judge_amount("largest gap of the window during take-in", best["gap"], "ms", GAP)
