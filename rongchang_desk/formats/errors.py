"""The failure that every format of this package raises for bytes it cannot accept."""

from __future__ import annotations

from rongchang_desk.errors import FoundWrong


class FormatError(FoundWrong):
    """What was given is not in the form it should have; the Chinese message says why."""
