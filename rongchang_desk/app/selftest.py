"""The acceptance test of every form of delivery: does this installation do the whole job?

Makes a small district in a temporary folder, lets it report, verifies what it signed, draws
a chart and writes an xlsx; the result goes to a file, since a window program has no stdout.
"""

from __future__ import annotations

import json
import platform
import sqlite3
import tempfile
import traceback
from importlib import metadata
from pathlib import Path
from typing import Any

from rongchang_desk import __version__, assets
from rongchang_desk.app.clock import SetClock
from rongchang_desk.app.demo import run_demo
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.files import write_whole
from rongchang_desk.app.inspect import inspect_file
from rongchang_desk.app.record import write_template

_PACKAGES = ("PySide6-Essentials", "pyHanko", "pikepdf", "reportlab", "matplotlib", "cryptography")


def run_selftest(out: Path) -> bool:
    """Run it, write the findings as JSON to `out`, and say whether all went well."""
    answer: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: _version(name) for name in _PACKAGES},
        "fonts": sorted(path.name for path in assets.resource("fonts").glob("*.ttf")),
        "checks": {},
    }
    try:
        with tempfile.TemporaryDirectory(prefix="rongchang-selftest-") as place:
            answer["checks"] = _checks(Path(place))
    except Exception:  # noqa: BLE001  # whatever it is, the result file must tell it
        answer["error"] = traceback.format_exc()
    answer["passed"] = bool(answer["checks"]) and all(answer["checks"].values())
    write_whole(out, json.dumps(answer, ensure_ascii=False, indent=2).encode())
    return bool(answer["passed"])


def _checks(place: Path) -> dict[str, bool]:
    done = run_demo(place / "district", units=3)
    report = done.reports[-1]
    with Desk.open(done.folder / "office") as office:
        at = max(head.received_at for head in _heads(office, done.months[-1]))
    seen = inspect_file(report, done.folder / "root.pem", clock=SetClock(at))
    damaged = place / "damaged.pdf"
    data = bytearray(report.read_bytes())
    data[len(data) // 3] ^= 1
    damaged.write_bytes(bytes(data))
    refused = inspect_file(damaged, done.folder / "root.pem", clock=SetClock(at))
    workbook = place / "template.xlsx"
    with Desk.open(done.folder / "units" / done.plan.units[0].code) as unit:
        write_template(unit, done.months[-1], workbook)
    return {
        "returns_accepted": len(done.statuses[-1].reported) == done.units,
        "report_verifies": seen.verdict == "valid",
        "damage_is_found": refused.verdict == "invalid",
        "workbook_written": workbook.stat().st_size > 0,
    }


def _heads(office: Desk, month: Any) -> Any:
    from rongchang_desk.app.district import merged

    return merged(office, month).heads


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "bundled"
