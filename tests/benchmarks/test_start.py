"""How soon the window is there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rongchang_desk.app.demo import run_demo
from tests.benchmarks.racing import Race

SCRIPT = Path(__file__).with_name("first_paint.py")
LATE = {"pyhanko", "pikepdf", "matplotlib", "reportlab", "sqlite_utils", "numpy"}
"""Libraries too slow to import before the window is seen."""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of the whole district, as the demo makes it."""
    folder = tmp_path_factory.mktemp("demo")
    run_demo(folder)
    return folder


def first_paint(of: object, environment: dict[str, str]) -> tuple[float, set[str]]:
    """Seconds from the interpreter's start to the first paint; the modules imported by then."""
    done = subprocess.run(
        [sys.executable, SCRIPT, str(time.monotonic_ns()), str(of)],
        env=environment, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    told = json.loads(done.stdout)
    return told["seconds"], set(told["modules"])


@pytest.mark.parametrize("desk", ["office", "units/D05"])
def test_first_paint_of_a_full_desk_is_near_that_of_a_bare_window(
    race: Race, demonstration: Path, environment: dict[str, str], desk: str
) -> None:
    folder = demonstration / desk
    assert not LATE & first_paint(folder, environment)[1]
    race.run(
        15,
        window=lambda: first_paint(folder, environment)[0],
        bare=lambda: first_paint("bare", environment)[0],
    )
    race.judge(f"first paint, {desk}", "window", "bare", 1.6)
