"""Fixtures for the whole suite: plans, and a small district with real keys."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from rongchang_desk import assets
from rongchang_desk.app.clock import SetClock
from rongchang_desk.domain.plan import Plan
from rongchang_desk.formats import plan_toml
from tests.district import PLAN_FILE, District, at

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Machines differ in speed: properties bound the number of examples, never the time.
settings.register_profile(
    "desk", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("desk")


@pytest.fixture(scope="session")
def rongchang() -> Plan:
    """The shipped plan."""
    return plan_toml.loads(assets.resource("plans", "rongchang-2024-2026.toml").read_bytes())


@pytest.fixture(scope="session")
def linhe() -> Plan:
    """An invented city's small plan."""
    return plan_toml.loads(PLAN_FILE.read_bytes())


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district as set up, before anything happened in it; copy it, never change it."""
    folder = tmp_path_factory.mktemp("founded")
    District.found(folder).close()
    return folder


@pytest.fixture
def district(founded: Path, tmp_path: Path) -> Iterator[District]:
    """A district of one's own."""
    folder = tmp_path / "district"
    shutil.copytree(founded, folder)
    made = District(folder, SetClock(at(2)))
    yield made
    made.close()
