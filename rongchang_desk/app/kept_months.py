"""The months' shares of the district's picture, kept while their returns stay the same.

A share is a function of the plan, the month's returns and the decisions on revisions, so it is
kept under exactly these and cannot go stale; a new return makes a new share of its month only.
Shared by all threads and desks of a process.
"""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.merge import Decision, DecisionKind, MergedMonth, merge_month
from rongchang_desk.domain.month import Month
from rongchang_desk.store import decisions, months, returns
from rongchang_desk.store.months import Mark

MOST = 72
"""Months kept: more than any plan has."""
MANY = 1000
"""Returns read at once from which the collector is spared looking at them again."""

_Key = tuple[Path, str, Month, Mark, tuple[str, ...]]
_kept: OrderedDict[_Key, MergedMonth] = OrderedDict()
_guard = threading.Lock()


def shares(desk: Desk, first: Month | None, last: Month) -> tuple[MergedMonth, ...]:
    """The shares of the months that have returns, up to `last` (from `first` on), in order.

    Only months whose returns changed are read. Raises FormatError for an altered return.
    """
    all_decisions = decisions.decisions(desk.store)
    keeps = _keeps(desk, all_decisions)
    keys: list[_Key] = [
        (desk.store.path, desk.plan_digest, month, mark, tuple(sorted(keeps.get(month, ()))))
        for month, mark in months.marks(desk.store, first, last).items()
    ]
    with _guard:
        found = {key: _kept[key] for key in keys if key in _kept}
    fresh = [key for key in keys if key not in found]
    with _collector_spared(sum(key[3].returns for key in fresh)):
        for key in fresh:
            filed = months.filed(desk.store, key[2])
            found[key] = merge_month(desk.plan, key[2], filed, all_decisions)
    with _guard:
        for key in keys:
            _kept[key] = found[key]
            _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return tuple(found[key] for key in keys)


def _keeps(desk: Desk, all_decisions: tuple[Decision, ...]) -> dict[Month, list[str]]:
    """The revisions that decisions say count, by month."""
    found: dict[Month, list[str]] = defaultdict(list)
    for decision in all_decisions:
        named = None
        if decision.kind is DecisionKind.REVISION:
            named = returns.received_name(desk.store, decision.keep)
        if named is not None:
            found[Month.parse(named[1])].append(decision.keep)
    return found


def forget() -> None:
    """Keep nothing: the next picture is made as on the first day (for measuring)."""
    with _guard:
        _kept.clear()


@contextmanager
def _collector_spared(returns: int) -> Iterator[None]:
    """Let the garbage collector rest while thousands of returns are read, and pass them over.

    Looking again and again at values that are no garbage doubles the time, and afterwards would
    stop the window for a tenth of a second at every full collection.
    """
    if returns < MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
