"""Stories of opening files in worker processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from rongchang_desk.app import opening
from rongchang_desk.app.opening import Job, Openers, Unsealed
from tests.district import District


@pytest.fixture
def files(district: District) -> list[Path]:
    return [district.report(code) for code in ("A1", "A2", "B1")]


def opened(openers: Openers, district: District, files: list[Path]) -> list[tuple[str, str]]:
    """Names and verdicts, in the order they came."""
    jobs = (Job(path.stem[:2], path.read_bytes()) for path in files)
    office = district.office
    return [
        (job.tag, unsealed.opened.verdict if isinstance(unsealed, Unsealed) else unsealed)
        for ready in openers.open_all(jobs, office.trust(), office.now())
        for job, unsealed in ready
    ]


def test_outcomes_come_in_the_order_of_the_files_with_any_number_of_workers(
    district: District, files: list[Path]
) -> None:
    expected = [("A1", "valid"), ("A2", "valid"), ("B1", "valid")]
    for workers in (0, 1, 2):
        with Openers(workers) as openers:
            assert opened(openers, district, files) == expected


def test_a_worker_that_died_before_its_first_file_costs_no_file(
    district: District, files: list[Path]
) -> None:
    with Openers(1) as openers:
        died = openers._submit(os._exit, 3)
        assert died.exception(timeout=30) is not None
        assert [verdict for _, verdict in opened(openers, district, files)] == ["valid"] * 3


def test_a_file_that_takes_too_long_costs_only_itself(
    district: District, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "SECONDS", 0.0)
    with Openers(1) as openers:
        assert opened(openers, district, files[:1]) == [("A1", "too-slow")]
        monkeypatch.setattr(opening, "SECONDS", 60.0)
        assert opened(openers, district, files[1:]) == [("A2", "valid"), ("B1", "valid")]


def test_leaving_ends_the_workers(district: District, files: list[Path]) -> None:
    with Openers(2) as openers:
        opened(openers, district, files)
        assert openers._pool is not None
        workers = list(openers._pool._processes.values())
    until = time.monotonic() + 30
    while any(worker.is_alive() for worker in workers) and time.monotonic() < until:
        workers[0].join(0.1)
    assert not any(worker.is_alive() for worker in workers)
