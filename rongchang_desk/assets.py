"""Finds `resources/` and `db/` in a checkout, an installed wheel or a frozen bundle."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def top() -> Path:
    """The folder that holds `resources/` and `db/`."""
    bundle = getattr(sys, "_MEIPASS", None)
    candidates = [Path(bundle)] if bundle else []
    here = Path(__file__).resolve().parent
    candidates += [here.parent, here]
    for folder in candidates:
        if (folder / "resources").is_dir() and (folder / "db").is_dir():
            return folder
    raise FileNotFoundError("resources/ and db/ are missing: the installation is incomplete")


def resource(*parts: str) -> Path:
    """The path of a shipped file below `resources/`."""
    return top().joinpath("resources", *parts)


def migrations() -> list[Path]:
    """The numbered SQL files of `db/`, in order."""
    return sorted((top() / "db").glob("[0-9][0-9][0-9][0-9]_*.sql"))
