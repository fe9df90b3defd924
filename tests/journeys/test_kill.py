"""Power cut: a process dies at any moment; what it had acknowledged is there, nothing is half."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rongchang_desk.app import drafts, export, record
from rongchang_desk.app.clock import SetClock
from rongchang_desk.store import ledger, returns
from tests.district import MONTH, District, at

from .command import TOP

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")

UNIT = "A1"
PATIENCE = 60.0  # seconds a child may take to begin: only a hanging one does


def killed(work: str, folder: Path, what: str, after: float) -> list[str]:
    """Let a child work until `after` seconds past its first word, kill it; all it has told."""
    told = folder / f"told-{work}"
    with told.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.killed", work, str(folder), what],
            stdout=out, cwd=TOP, env=os.environ | {"PYTHONPATH": str(TOP)},
        )  # fmt: skip
        try:
            end = time.monotonic() + PATIENCE
            while not told.stat().st_size:
                assert child.poll() is None, "the child ended by itself"
                assert time.monotonic() < end
                time.sleep(0.005)
            time.sleep(after)
        finally:
            child.kill()
            code = child.wait()
    assert code == -signal.SIGKILL, "the child was not at work when it was to be killed"
    # A word without its line end was not said to the end.
    return told.read_bytes().rpartition(b"\n")[0].decode().split("\n")


def opened(folder: Path) -> District:
    """The district for another process: opening a desk fails when its lock is not free."""
    return District(folder, SetClock(at(3)))


def test_every_acknowledged_record_outlives_a_killed_process(district: District) -> None:
    district.close()
    chance = random.Random(20261101)
    acknowledged: list[str] = []
    for _ in range(4):
        new = killed("save", district.folder, UNIT, chance.uniform(0, 0.5))
        assert new
        acknowledged += new
        after = opened(district.folder)
        desk = after.desk(UNIT)
        assert desk.store.check() == ()
        there = {one.id for one in record.of_month(desk, MONTH).trainings}
        assert set(acknowledged) <= there
        # At most the one record per round that was stored and not yet told.
        assert len(there) <= len(acknowledged) + 4
        after.close()


def test_a_text_that_was_kept_as_a_draft_outlives_a_killed_process(district: District) -> None:
    district.close()
    told = killed("draft", district.folder, UNIT, 0.3)
    after = opened(district.folder)
    (kept,) = drafts.kept(after.desk(UNIT), "training", MONTH)
    # The last text told of, or the one that was stored and not yet told.
    assert int(kept.text.removesuffix("号")) - int(told[-1]) in (0, 1)
    assert kept.reason == "不是日期。"
    after.close()


def test_a_return_is_wholly_issued_or_not_at_all_when_the_process_is_killed(
    district: District,
) -> None:
    district.close()
    chance = random.Random(20261102)
    for number in range(3):
        folder = district.folder.with_name(f"round{number}")
        shutil.copytree(district.folder, folder)
        told = killed("export", folder, UNIT, chance.uniform(0, 0.5))
        after = opened(folder)
        desk = after.desk(UNIT)
        assert desk.store.check() == ()
        rows = export.issued(desk, MONTH)
        places = [
            folder / "returns" / f"{UNIT}_{MONTH}_r{row.monthly_return.revision}.pdf"
            for row in rows
        ]
        assert set(told) <= {place.name for place in places}
        for row, place in zip(rows, places, strict=True):
            again = export.write_again(desk, row.digest, folder / "again.pdf")
            assert again.read_bytes() == export.issued_pdf(desk, row.digest)
            if place.exists():
                assert place.read_bytes() == again.read_bytes()
            else:
                assert place.name not in told
        # No file without its row, whatever moment it was.
        assert set((folder / "returns").glob("*.pdf")) <= set(places)
        after.close()


def test_a_killed_take_in_keeps_what_it_showed_as_taken_and_the_chain_is_whole(
    district: District,
) -> None:
    units = [unit.code for unit in district.desk(UNIT).plan.units]
    for unit in units:
        district.report(unit)
        district.record(unit, district.training(unit))
        district.export(unit, amend="补充培训")
    files = len(list((district.folder / "returns").glob("*.pdf")))
    district.close()
    chance = random.Random(20261103)
    for number in range(2):
        folder = district.folder.with_name(f"round{number}")
        shutil.copytree(district.folder, folder)
        told = killed("take", folder, "returns", chance.uniform(0, 0.2))
        after = opened(folder)
        store = after.office.store
        assert store.check() == ()
        assert ledger.broken_at(store) is None
        head = ledger.head(store)
        kept = head.seq if head else 0
        assert int(told[-1]) <= kept <= files
        # What is missing is taken in as if nothing had happened, each once.
        taken = after.take(folder / "returns")
        assert len(taken.of("duplicate")) == kept
        assert len(taken.of("accepted")) == files - kept
        assert ledger.broken_at(store) is None
        assert len(list(returns.received(store))) == files
        after.close()
