"""What taking in a district's returns costs the office, in time and in memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.corpus import MONTHS, Corpus
from tests.benchmarks.racing import Race

HERE = Path(__file__).parent


@pytest.mark.parametrize(("workers", "bound"), [(1, 1.3), (2, 0.8)])
def test_taking_in_ten_months_takes_about_as_long_as_plain_validation(
    race: Race,
    corpus: Corpus,
    environment: dict[str, str],
    tmp_path: Path,
    workers: int,
    bound: float,
) -> None:
    # Since the pages are drawn again from the data, in the parent, the bounds are missed:
    # about 25 ms of processor time a file come on top of the 12 that verifying and judging take.
    # They stay as the aim; drawing in the workers, or less layout, is the way there.
    files = len(corpus.files())

    def take_in() -> float:
        office = corpus.fresh_office(tmp_path / "office")
        begin = time.perf_counter()
        done = subprocess.run(
            [
                sys.executable, "-m", "rongchang_desk",
                "take-in", office, corpus.returns, "--workers", str(workers), "--json",
            ],
            env=environment, capture_output=True, check=True, timeout=300,
        )  # fmt: skip
        taken = time.perf_counter() - begin
        assert len(json.loads(done.stdout)["accepted"]) == files
        return taken

    def pyhanko() -> None:
        done = subprocess.run(
            [sys.executable, HERE / "plain_pyhanko.py", corpus.root, corpus.returns],
            env=environment, capture_output=True, check=True, timeout=300,
        )  # fmt: skip
        assert json.loads(done.stdout)["valid"] == files

    race.run(5, take_in=take_in, pyhanko=pyhanko)
    race.judge(f"taking in {files} returns, workers={workers}", "take_in", "pyhanko", bound)


def test_memory_of_taking_in_does_not_grow_with_the_number_of_files(
    race: Race, corpus: Corpus, environment: dict[str, str], tmp_path: Path
) -> None:
    month = min(corpus.returns.iterdir())

    def peaks(returns: Path, files: int) -> dict[str, int]:
        office = corpus.fresh_office(tmp_path / "office")
        done = subprocess.run(
            [sys.executable, HERE / "peak_memory.py", office, returns],
            env=environment, capture_output=True, check=True, timeout=300,
        )  # fmt: skip
        told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
        assert told["accepted"] == files
        return told

    many = len(corpus.files())
    few = many // MONTHS
    small = peaks(month, few)
    large = race.benchmark.pedantic(peaks, args=(corpus.returns, many), rounds=1)
    for process in ("parent", "worker"):
        race.tell(
            f"peak memory, {process}: {small[process] / 1024:.0f} MB for {few} files,"
            f" {large[process] / 1024:.0f} MB for {many}"
        )
        grown = large[process] / small[process]
        race.judge_amount(f"peak memory of the {process}, {many} against {few}", grown, "x", 1.15)
