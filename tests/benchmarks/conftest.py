"""Fixtures of the benchmarks: a race of several sides in turn, and the returns to run it with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.corpus import Corpus, kept_corpus
from tests.benchmarks.racing import Race

_lines = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def corpus(pytestconfig: pytest.Config) -> Corpus:
    """39 units' signed returns of 10 months, and an office that has not received them."""
    assert pytestconfig.cache is not None
    return kept_corpus(pytestconfig.cache.mkdir("district-returns"))


@pytest.fixture
def race(benchmark: BenchmarkFixture, pytestconfig: pytest.Config) -> Race:
    """Runs the sides of a benchmark in turn; its lines are told at once and at the end."""
    lines = pytestconfig.stash.setdefault(_lines, [])
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    capture = pytestconfig.pluginmanager.get_plugin("capturemanager")
    assert reporter is not None
    assert capture is not None

    def tell(line: str) -> None:
        lines.append(line)
        with capture.global_and_fixture_disabled():
            reporter.ensure_newline()
            reporter.write_line(line)

    return Race(benchmark, tell)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of measured processes: a home of their own, compiled modules kept.

    Where modules are not kept compiled, compiling them is what one would measure.
    """
    home = tmp_path_factory.mktemp("home")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RONGCHANG_DESK")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONPYCACHEPREFIX": str(home / "compiled"),
        "QT_QPA_PLATFORM": "offscreen",
    }


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """All ratios once more, together."""
    lines = terminalreporter.config.stash.get(_lines, [])
    if lines:
        # Two workers need two processors: with others at work their ratio says little.
        machine = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
        terminalreporter.section(f"ratios (Python {sys.version.split()[0]}, {machine})")
        for line in lines:
            terminalreporter.write_line(line)
