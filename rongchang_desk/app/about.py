"""What this program and this desk are: for the settings page and for telling over the phone."""

from __future__ import annotations

from dataclasses import dataclass

from rongchang_desk import __version__
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import grouped
from rongchang_desk.errors import CannotRead


@dataclass(frozen=True, slots=True)
class About:
    """Facts in words; `root` is empty when the desk has no root certificate."""

    version: str
    plan: str
    root: str


def about(desk: Desk) -> About:
    """The version, the plan in force, and the root's fingerprint in groups of four."""
    from rongchang_desk.signing.certificates import fingerprint

    try:
        root = grouped(fingerprint(desk.root()))
    except CannotRead:
        root = ""
    plan = desk.plan
    return About(
        __version__,
        f"{plan.title}，第 {plan.version} 版，"
        f"{plan.first_month.label}至{plan.last_month.label}，指纹 {desk.plan_digest[:16]}…",
        root,
    )
