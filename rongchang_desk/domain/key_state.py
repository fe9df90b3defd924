"""The life of a unit's key: issued, handed over, in use, near its end, lost, replaced, revoked.

Pure: what is known about a certificate and a moment in, its state out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rongchang_desk.domain.month import in_words

NEAR_END = 90
"""Days before the end of its validity from which a certificate wants renewing."""


class KeyState(StrEnum):
    """How a key stands, as the register of keys says it."""

    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    IN_USE = "in_use"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    RENEWED = "renewed"
    REPLACED = "replaced"
    LOST = "lost"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        return {
            "issued": "已签发", "handed_over": "已交付", "in_use": "使用中", "expiring": "即将到期",
            "expired": "已过期", "renewed": "已换证", "replaced": "已更换", "lost": "已挂失",
            "revoked": "已吊销",
        }[self.value]  # fmt: skip

    @property
    def is_good(self) -> bool:
        """Whether returns may be signed with it."""
        return self in GOOD


GOOD = (KeyState.ISSUED, KeyState.HANDED_OVER, KeyState.IN_USE, KeyState.EXPIRING,
        KeyState.RENEWED)  # fmt: skip


class Route(StrEnum):
    """How a certificate came about."""

    KIT = "kit"
    REQUEST = "request"
    RENEWAL = "renewal"

    @property
    def label(self) -> str:
        return {"kit": "入网包", "request": "单位自有密钥", "renewal": "更新"}[self.value]


@dataclass(frozen=True, slots=True)
class Key:
    """One certificate of a unit (or of the office) with all that became of it.

    `serial` and `sha256` (of the DER certificate) in hex; `first_used` is the receipt of the first
    return signed with it; `revoked_at` may lie ahead; `replaced_by` is a serial.
    """

    serial: str
    unit: str
    name: str
    sha256: str
    route: Route
    issued_at: datetime
    not_after: datetime
    handed_over_at: datetime | None = None
    handed_over_to: str = ""
    first_used: datetime | None = None
    lost_since: datetime | None = None
    revoked_at: datetime | None = None
    revoked_because: str = ""
    replaced_by: str = ""

    def state(self, now: datetime) -> KeyState:
        """How it stands at a moment, the gravest first."""
        if self.lost_since is not None:
            return KeyState.LOST
        if self.revoked_at is not None and self.revoked_at <= now:
            return KeyState.REPLACED if self.replaced_by else KeyState.REVOKED
        if now > self.not_after:
            return KeyState.EXPIRED
        if self.replaced_by:
            return KeyState.RENEWED
        if self.days_left(now) <= NEAR_END:
            return KeyState.EXPIRING
        if self.first_used is not None:
            return KeyState.IN_USE
        return KeyState.HANDED_OVER if self.handed_over_at is not None else KeyState.ISSUED

    def days_left(self, now: datetime) -> int:
        """Whole days until its validity ends; negative past it."""
        return (self.not_after - now).days

    def in_words(self, now: datetime) -> str:
        """Its state with the date that belongs to it, e.g. `已挂失（自2026年11月2日）`."""
        state = self.state(now)
        match state:
            case KeyState.LOST:
                told = f"自{_day(self.lost_since)}"
            case KeyState.REVOKED | KeyState.REPLACED:
                told = _day(self.revoked_at)
            case KeyState.RENEWED if self.revoked_at is not None:
                told = f"{_day(self.revoked_at)}停用"
            case KeyState.EXPIRING:
                told = f"还有 {self.days_left(now)} 天"
            case KeyState.EXPIRED:
                told = _day(self.not_after)
            case KeyState.IN_USE:
                told = f"{_day(self.first_used)}首次报送"
            case KeyState.HANDED_OVER:
                told = _day(self.handed_over_at)
            case _:
                told = ""
        return f"{state.label}（{told}）" if told else state.label


def standing_for(keys: tuple[Key, ...], now: datetime) -> Key | None:
    """The key that speaks for a unit: the newest that may sign, else the newest; None without."""
    good = [key for key in keys if key.state(now).is_good]
    newest_first = reversed(good or keys)
    return max(newest_first, key=lambda key: (not key.replaced_by, key.issued_at), default=None)


def _day(at: datetime | None) -> str:
    return in_words(at) if at else ""
