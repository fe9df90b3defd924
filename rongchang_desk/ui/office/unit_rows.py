"""The columns of 单位与密钥: units with their contacts, the register of keys, what to check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.app.contacts import FIELDS
from rongchang_desk.app.key_register import Member
from rongchang_desk.app.receipt_checks import Doubt
from rongchang_desk.domain.key_state import Key, KeyState
from rongchang_desk.store.checks import ExpiredReturn
from rongchang_desk.ui.tables import Cell, Column
from rongchang_desk.ui.theme import Tone

GLYPHS = {
    KeyState.ISSUED: "○", KeyState.HANDED_OVER: "→", KeyState.IN_USE: "✓", KeyState.EXPIRING: "!",
    KeyState.EXPIRED: "×", KeyState.RENEWED: "✓", KeyState.REPLACED: "＝", KeyState.LOST: "×",
    KeyState.REVOKED: "×",
}  # fmt: skip
TONES = {
    KeyState.ISSUED: Tone.WARN, KeyState.HANDED_OVER: Tone.BUSY, KeyState.IN_USE: Tone.GOOD,
    KeyState.EXPIRING: Tone.WARN, KeyState.EXPIRED: Tone.BAD, KeyState.RENEWED: Tone.QUIET,
    KeyState.REPLACED: Tone.QUIET, KeyState.LOST: Tone.BAD, KeyState.REVOKED: Tone.BAD,
}  # fmt: skip


def state_text(member: Member) -> str:
    """How a unit's key stands, in a word with its glyph."""
    if member.state is None or member.key is None:
        return "○ 未制作"
    days = f" {member.key.days_left(member.now)} 天" if member.state is KeyState.EXPIRING else ""
    return f"{GLYPHS[member.state]} {member.state.label}{days}"


def state_tone(member: Member) -> Tone:
    """The colour that goes with `state_text`."""
    return TONES[member.state] if member.state else Tone.WARN


def _contact(field: str, title: str, width: int) -> Column:
    return Column(
        title, lambda m: getattr(m.contact, field) or None, lambda m: getattr(m.contact, field),
        width=width, editable=True, key=field,
    )  # fmt: skip


UNITS = (
    Column("代码", lambda m: m.unit.code, width=66),
    Column("单位", lambda m: m.unit.name, stretch=True, tip=lambda m: m.unit.kind.label),
    Column("密钥", lambda m: state_text(m)[2:], state_text, cell=Cell.PILL, tone=state_tone,
           width=136, tip=lambda m: m.key.in_words(m.now) if m.key else "还没有制作入网包"),
    Column("有效期至", lambda m: m.key.not_after.date() if m.key else None, width=112),
    *(_contact(field, title, width)
      for (field, title), width in zip(FIELDS, (88, 132, 72, 112), strict=True)),
)  # fmt: skip
FIRST_FIELD = 4  # the column of the first field of a contact


@dataclass(frozen=True)
class KeyRow:
    """A line of the register of keys."""

    key: Key
    unit: str
    now: datetime

    @property
    def state(self) -> KeyState:
        return self.key.state(self.now)


def _told(row: KeyRow) -> str:
    key = row.key
    words = key.in_words(row.now)
    parts = [words.partition("（")[2].rstrip("）"), key.revoked_because]
    if key.handed_over_at is not None:
        parts.append(f"{key.handed_over_at:%Y-%m-%d} 交 {key.handed_over_to}")
    return "；".join(part for part in parts if part)


KEYS = (
    Column("单位", lambda r: r.unit, width=150),
    Column("状态", lambda r: r.state.label, lambda r: f"{GLYPHS[r.state]} {r.state.label}",
           cell=Cell.PILL, tone=lambda r: TONES[r.state], width=118,
           tip=lambda r: r.key.in_words(r.now)),
    Column("说明", _told, stretch=True, tip=_told),
    Column("来源", lambda r: r.key.route.label, width=110),
    Column("签发", lambda r: r.key.issued_at, lambda r: f"{r.key.issued_at:%Y-%m-%d}", width=104),
    Column("有效期至", lambda r: r.key.not_after.date(), width=104),
    Column("证书指纹", lambda r: r.key.sha256, lambda r: f"{r.key.sha256[:16].upper()}…",
           width=176, tip=lambda r: r.key.sha256.upper()),
)  # fmt: skip


@dataclass(frozen=True)
class CheckRow:
    """A receipt to be checked, or a file to be decided about."""

    what: Doubt | ExpiredReturn
    unit: str

    @property
    def is_open(self) -> bool:
        if isinstance(self.what, Doubt):
            return not self.what.checked
        return self.what.accepted is None

    @property
    def kind(self) -> str:
        return "挂失后收到" if isinstance(self.what, Doubt) else "证书过期后收到"

    @property
    def about(self) -> str:
        if isinstance(self.what, Doubt):
            return f"{self.what.month.label} 第 {self.what.revision} 版"
        return self.what.file_name

    @property
    def at(self) -> datetime:
        if isinstance(self.what, Doubt):
            return self.what.received_at
        return datetime.fromisoformat(self.what.offered_at)

    @property
    def told(self) -> str:
        if isinstance(self.what, Doubt):
            return self.what.checked or f"密钥自 {self.what.lost_since:%Y-%m-%d} 起挂失"
        if self.what.accepted is None:
            return f"证书 {self.what.expired_at[:10]} 到期"
        return f"{self.what.decided_by}：{self.what.reason}"

    @property
    def state(self) -> str:
        if self.is_open:
            return "？ 待核实"
        if isinstance(self.what, Doubt) or self.what.accepted:
            return "✓ 核实无误" if isinstance(self.what, Doubt) else "✓ 已收"
        return "× 不收"


CHECKS = (
    Column("状态", lambda r: not r.is_open, lambda r: r.state, cell=Cell.PILL,
           tone=lambda r: Tone.WARN if r.is_open else
           Tone.BAD if r.state[0] == "×" else Tone.GOOD, width=124),
    Column("单位", lambda r: r.unit, width=140),
    Column("原因", lambda r: r.kind, width=140),
    Column("月报", lambda r: r.about, width=210, tip=lambda r: r.about),
    Column("收到时间", lambda r: r.at, width=146),
    Column("说明", lambda r: r.told, stretch=True, tip=lambda r: r.told),
)  # fmt: skip
