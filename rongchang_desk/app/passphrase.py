"""What makes a passphrase good enough, and how typed passwords are read.

A strength is a hint for the person, never a promise: only too short ones are refused.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from rongchang_desk.errors import UsageError

SHORTEST = 8
SHORTEST_PART = 6
"""Characters each of two people gives to a passphrase that only both together know."""

_GROUP = 5
_GROUPS = 4
_COMMON = ("password", "12345678", "87654321", "qwertyui", "abcdefgh", "11223344", "woaini",
           "rongchang", "zhishichanquan", "iloveyou")  # fmt: skip


class Level(IntEnum):
    """How well a passphrase withstands guessing."""

    TOO_SHORT = 0
    WEAK = 1
    FAIR = 2
    GOOD = 3


@dataclass(frozen=True, slots=True)
class Strength:
    """A level, and one sentence that says how to reach a better one."""

    level: Level
    hint: str


def strength(text: str, shortest: int = SHORTEST) -> Strength:
    """How good a passphrase is. A Chinese character counts for two: there are many of them."""
    if len(text) < shortest:
        return Strength(Level.TOO_SHORT, f"太短：至少 {shortest} 个字符，现在 {len(text)} 个。")
    weight = sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)
    kinds = sum(
        any(test(sign) for sign in text)
        for test in (str.isdigit, str.islower, str.isupper, _is_other)
    )
    lower = text.lower()
    if len(set(text)) < 5 or text.isdigit() or any(word in lower for word in _COMMON):
        return Strength(Level.WEAK, "容易被猜到：不要只用数字、重复的字符或常见的词。")
    if weight >= 16 or (weight >= 12 and kinds >= 3):
        return Strength(Level.GOOD, "很好：请记牢，口令忘记后无法找回。")
    if weight >= 10 or kinds >= 3:
        return Strength(Level.FAIR, "可以：再加一两个词更好；口令忘记后无法找回。")
    return Strength(Level.WEAK, "较弱：建议用三四个词组成一句好记的口令。")


def joined(first: str, second: str) -> str:
    """The passphrase of two people: what the first types, then at once what the second types.

    Raises UsageError when one of the two gives too little to keep the other out.
    """
    for who, part in (("第一人", first), ("第二人", second)):
        if len(part) < SHORTEST_PART:
            raise UsageError(
                f"{who}的口令太短，至少 {SHORTEST_PART} 个字符。",
                "两个人各自设定、各自记住自己的一半。",
            )
    return first + second


def one_time(text: str) -> str:
    """A one-time password as it was issued, from what was typed.

    Small letters, full-width signs, blanks and missing hyphens are understood; anything that
    has not the right number of signs comes back trimmed only.
    """
    signs = [sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum()]
    if len(signs) != _GROUP * _GROUPS:
        return text.strip()
    return "-".join("".join(signs[n : n + _GROUP]) for n in range(0, len(signs), _GROUP))


def _is_other(sign: str) -> bool:
    return not (sign.isdigit() or sign.islower() or sign.isupper())
