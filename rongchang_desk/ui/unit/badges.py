"""The small counts behind the pages' names: how much the month holds, and what is missing."""

from __future__ import annotations

from rongchang_desk.app.overview import Overview, overview
from rongchang_desk.app.standing import open_matters
from rongchang_desk.domain.finding import Severity
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.unit.findings import count_of


def show_badges(context: Context, seen: Overview | None = None) -> None:
    """Show the month's counts in the navigation; `seen` saves looking again."""
    seen = seen or overview(context.desk, context.month)
    plan, unit = context.desk.plan, context.desk.unit_code
    records = seen.records
    tasks, targets = len(plan.tasks_of(unit, seen.month)), len(plan.targets_of(unit))
    told = len({progress.task for progress in records.progress})
    read = len({reading.target for reading in records.readings})
    missing = sum(count_of(seen.findings, s) for s in (Severity.ERROR, Severity.WARNING))
    badges = {
        "home": str(missing) if missing else "",
        "progress": f"{told}/{tasks}" if tasks else "",
        "readings": f"{read}/{targets}" if targets else "",
        "training": _some(len(records.trainings)),
        "publicity": _some(len(records.publicity)),
        "registers": _some(len(records.entries)),
        "problems": _some(len(records.problems)),
        "inbox": _some(len(open_matters(context.desk))),
    }
    for page, text in badges.items():
        context.set_badge(page, text)


def _some(number: int) -> str:
    return str(number) if number else ""
