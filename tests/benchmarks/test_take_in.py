"""What taking in a district's returns costs the office, in time and in memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.corpus import MONTHS, Corpus
from tests.benchmarks.racing import Race

HERE = Path(__file__).parent


def test_taking_in_ten_months_takes_about_as_long_as_plain_validation(
    race: Race, corpus: Corpus, environment: dict[str, str], tmp_path: Path
) -> None:
    # Besides validating, it judges by the rules, stores, and draws each return's pages anew from
    # the data to compare them: as much work again, done here while a worker validates.
    files = len(corpus.files())

    def take_in() -> float:
        office = corpus.fresh_office(tmp_path / "office")
        begin = time.perf_counter()
        done = subprocess.run(
            [
                sys.executable, "-m", "rongchang_desk",
                "take-in", office, corpus.returns, "--json",
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
    race.judge(f"taking in {files} returns", "take_in", "pyhanko", 1.5)


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
