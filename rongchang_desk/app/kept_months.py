"""The months' shares of the district's picture, kept while their returns stay the same.

A share is a function of the plan, the month's returns and the decisions on revisions, so it is
kept under exactly these and cannot go stale; a new return makes a new share of its month only.
Shared by all threads and desks of a process.
"""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.merge import DecisionKind, MergedMonth, merge_month
from rongchang_desk.domain.month import Month
from rongchang_desk.store import decisions, months
from rongchang_desk.store.months import Members

MOST = 72
"""Months kept: more than any plan has."""
MANY = 1000
"""Returns read at once from which the collector is spared looking at them again."""

_Key = tuple[str, Month, Members, tuple[str, ...]]
_kept: OrderedDict[_Key, MergedMonth] = OrderedDict()
_guard = threading.Lock()


def shares(desk: Desk, first: Month | None, last: Month) -> tuple[MergedMonth, ...]:
    """The shares of the months that have returns, up to `last` (from `first` on), in order.

    Only months whose returns changed are read. Raises FormatError for an altered return.
    """
    all_decisions = decisions.decisions(desk.store)
    chosen = tuple(d.keep for d in all_decisions if d.kind is DecisionKind.REVISION)
    keys: list[_Key] = []
    for month, present in months.members(desk.store, first, last).items():
        keeps = {digest for digest, _ in present}.intersection(chosen)
        keys.append((desk.plan_digest, month, present, tuple(sorted(keeps))))
    with _guard:
        found = {key: _kept[key] for key in keys if key in _kept}
    fresh = [key for key in keys if key not in found]
    with _collector_spared(sum(len(key[2]) for key in fresh)):
        for key in fresh:
            wanted = {digest for digest, _ in key[2]}  # more may have come since
            filed = [one for one in months.filed(desk.store, key[1]) if one.digest in wanted]
            found[key] = merge_month(desk.plan, key[1], filed, all_decisions)
    with _guard:
        for key in keys:
            _kept[key] = found[key]
            _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return tuple(found[key] for key in keys)


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
