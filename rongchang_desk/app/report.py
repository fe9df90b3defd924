"""The merged report: figures recomputed, laid out, signed, with the originals inside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rongchang_desk import __version__
from rongchang_desk.app import district
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.district import Reported, Status
from rongchang_desk.app.files import write_whole
from rongchang_desk.app.running import Running
from rongchang_desk.domain.measures import Figure
from rongchang_desk.domain.merge import Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import FoundWrong
from rongchang_desk.formats import canonical
from rongchang_desk.store import audit, returns

if TYPE_CHECKING:
    from rongchang_desk.signing.identity import Identity


def payload_of(desk: Desk, picture: Merged, status: Status) -> dict[str, Any]:
    """The content of `report.json`: figures, lineage, decisions; plain values only."""
    return {
        "format": 1,
        "kind": "report",
        "plan": picture.plan,
        "plan_digest": picture.plan_digest,
        "month": str(status.month),
        "issued_at": desk.now().isoformat(timespec="seconds"),
        "issuer": desk.plan.office_name,
        "software": f"rongchang-desk {__version__}",
        "fingerprint": status.fingerprint,
        "units_expected": len(desk.plan.units),
        "units_reported": len(status.reported),
        "missing": list(status.missing),
        "figures": [_figure(figure) for figure in status.figures],
        "lineage": [
            {
                "unit": head.unit,
                "month": str(head.month),
                "revision": head.monthly_return.revision,
                "digest": head.digest,
                "received_at": head.received_at.isoformat(timespec="seconds"),
            }
            for head in picture.heads
        ],
        "decisions": [decision.essence() for decision in picture.decisions],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    def text(number: object) -> str | None:
        return None if number is None else f"{number:f}"

    return {
        "target": figure.target,
        "state": figure.state.value,
        "value": text(figure.value),
        "goal": text(figure.goal),
        "percent": text(figure.percent),
        "expected": text(figure.expected),
        "level": text(figure.level),
    }
