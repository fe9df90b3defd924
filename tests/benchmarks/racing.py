"""Sides of a benchmark run in turn, so that a busy machine slows all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from pytest_benchmark.fixture import BenchmarkFixture

Side = Callable[[], float | None]
"""Does the work; returns seconds when it measured them itself, else it is timed."""


@dataclass
class Race:
    """Runs sides in turn, tells medians and ratios, and judges them by their bounds."""

    benchmark: BenchmarkFixture
    tell: Callable[[str], None]
    medians: dict[str, float] = field(default_factory=dict)
    best: dict[str, float] = field(default_factory=dict)

    def run(self, rounds: int, **sides: Side) -> None:
        """Run all sides `rounds` times, in turn, after one round that does not count.

        The first side is the product: pytest-benchmark keeps its times.
        """
        taken: dict[str, list[float]] = {name: [] for name in sides}
        product, *others = sides

        def run_others(*_: Any) -> None:
            for name in others:
                taken[name].append(_timed(sides[name]))

        def run_product() -> None:
            taken[product].append(_timed(sides[product]))

        self.benchmark.pedantic(run_product, setup=run_others, rounds=rounds, warmup_rounds=1)
        self.medians = {name: median(times[1:]) for name, times in taken.items()}
        self.best = {name: min(times[1:]) for name, times in taken.items()}

    def judge(self, what: str, side: str, against: str, bound: float | None = None) -> float:
        """Tell the ratio of two sides' medians (and bests); fails when it is above the bound."""
        ratio = self.medians[side] / self.medians[against]
        best = self.best[side] / self.best[against]
        shown = f"{side} {_shown(self.medians[side])}, {against} {_shown(self.medians[against])}"
        limit = "" if bound is None else f", bound {bound:.2f}"
        self.tell(f"{what}: {shown}: ratio {ratio:.2f} (best {best:.2f}){limit}")
        self.benchmark.extra_info[f"{side}/{against}"] = round(ratio, 3)
        assert bound is None or ratio <= bound, f"{what}: {ratio:.2f} > {bound:.2f}"
        return ratio

    def judge_amount(self, what: str, amount: float, unit: str, bound: float) -> None:
        """Tell an amount; fails when it is above the bound."""
        self.tell(f"{what}: {amount:.2f} {unit} (bound {bound:g} {unit})")
        self.benchmark.extra_info[what] = amount
        assert amount <= bound, f"{what}: {amount:.2f} > {bound:g} {unit}"


def _timed(side: Side) -> float:
    begin = time.perf_counter()
    own = side()
    return time.perf_counter() - begin if own is None else own


def _shown(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
