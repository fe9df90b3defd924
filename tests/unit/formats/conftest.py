from __future__ import annotations

from pathlib import Path

import pytest

from rongchang_desk import assets
from rongchang_desk.domain.plan import Plan
from rongchang_desk.formats import plan_toml

LINHE = Path(__file__).parents[2] / "data" / "linhe.toml"


@pytest.fixture(scope="session")
def linhe_bytes() -> bytes:
    return LINHE.read_bytes()


@pytest.fixture(scope="session")
def linhe(linhe_bytes: bytes) -> Plan:
    return plan_toml.loads(linhe_bytes)


@pytest.fixture(scope="session")
def rongchang_bytes() -> bytes:
    return assets.resource("plans", "rongchang-2024-2026.toml").read_bytes()


@pytest.fixture(scope="session")
def rongchang(rongchang_bytes: bytes) -> Plan:
    return plan_toml.loads(rongchang_bytes)
