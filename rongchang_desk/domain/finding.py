"""A finding: a mistake or an oddity in people's data, returned as a value, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: errors block, warnings want an explanation, hints do not."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "提醒", "hint": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Where:
    """The place a finding speaks of: kind of record, record id, field code; empty = the whole."""

    kind: str = ""
    record: str = ""
    field: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.kind, self.record, self.field) if part) or "return"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `code` is stable, `message` is Chinese and says what to do."""

    code: str
    severity: Severity
    where: Where
    message: str


def error(code: str, where: Where, message: str) -> Finding:
    return Finding(code, Severity.ERROR, where, message)


def warning(code: str, where: Where, message: str) -> Finding:
    return Finding(code, Severity.WARNING, where, message)


def hint(code: str, where: Where, message: str) -> Finding:
    return Finding(code, Severity.HINT, where, message)


def has_errors(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding blocks a return."""
    return any(finding.severity is Severity.ERROR for finding in findings)
