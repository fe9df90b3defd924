"""Sample values for the document tests."""

from __future__ import annotations

import pytest

from rongchang_desk.documents import return_pdf
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.plan import Plan
from tests.unit.documents import samples


@pytest.fixture(scope="session")
def plan() -> Plan:
    return samples.plan()


@pytest.fixture(scope="session")
def typical() -> MonthlyReturn:
    return samples.monthly_return()


@pytest.fixture(scope="session")
def typical_pages(plan: Plan, typical: MonthlyReturn) -> bytes:
    return return_pdf.render(plan, typical, digest=samples.DIGEST, signer=samples.SIGNER)
