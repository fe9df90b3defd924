"""Time and identifiers, handed in so that tests and the demo can hold them still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random

CHINA = timezone(timedelta(hours=8))
"""China Standard Time: no daylight saving since 1991, so a fixed offset is exact."""

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now in China Standard Time, to the second."""
    return datetime.now(CHINA).replace(microsecond=0)


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def id_maker(clock: Clock, random: Random | None = None) -> Callable[[], str]:
    """Makes UUIDv7 record ids; with a seeded `random` the same ids come again."""

    def make() -> str:
        # Imported late: every start has a clock, and the window is seen before a record is made.
        import secrets

        from rongchang_desk.domain.records import uuid7

        bits = random.getrandbits(74) if random else secrets.randbits(74)
        return uuid7(int(clock().timestamp() * 1000), bits)

    return make
