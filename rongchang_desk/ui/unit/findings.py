"""A table of findings, and the page where each can be mended."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings

from rongchang_desk.domain.finding import Finding, Severity, Where
from rongchang_desk.domain.records import KIND_LABELS
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

RETURN_PAGE = "return"
PAGE_OF = {
    "progress": "progress",
    "reading": "readings",
    "training": "training",
    "publicity": "publicity",
    "register": "registers",
    "problem": "problems",
    "inbox": "inbox",
}
TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN, Severity.HINT: Tone.QUIET}
GLYPHS = {Severity.ERROR: "!", Severity.WARNING: "!", Severity.HINT: "·"}
ORDER = {severity: number for number, severity in enumerate(Severity)}


def page_of(where: Where) -> str:
    """The page on which what a finding speaks of can be mended."""
    return PAGE_OF.get(where.kind, RETURN_PAGE)


def place_of(where: Where) -> str:
    """That place as people call it."""
    return {**KIND_LABELS, "inbox": "办公室来件"}.get(where.kind, "月报")


class FindingsTable(Table):
    """Findings, heaviest first; `row_activated` tells of the one to jump to."""

    def __init__(
        self,
        name: str,
        *,
        empty: str,
        settings: QSettings,
        further: tuple[Column, ...] = (),
    ) -> None:
        super().__init__(
            (
                Column(
                    "级别",
                    lambda finding: f"{GLYPHS[finding.severity]} {finding.severity.label}",
                    cell=Cell.PILL,
                    tone=lambda finding: TONES[finding.severity],
                    align=Align.CENTER,
                    width=86,
                ),
                Column("所在", lambda finding: place_of(finding.where), width=124),
                Column(
                    "内容",
                    lambda finding: finding.message,
                    stretch=True,
                    tip=lambda finding: finding.message,
                ),
                *further,
            ),
            name=name,
            accessible="检查结果",
            empty=empty,
            settings=settings,
            identity=lambda finding: (finding.code, str(finding.where), finding.message),
        )

    def set_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show findings, errors first."""
        self.set_rows(sorted(findings, key=lambda finding: ORDER[finding.severity]))


def count_of(findings: tuple[Finding, ...], severity: Severity) -> int:
    """How many findings weigh that much."""
    return sum(finding.severity is severity for finding in findings)


def heaviest(findings: Sequence[Finding]) -> Severity | None:
    """Error before warning; hints do not count."""
    found = {finding.severity for finding in findings}
    return next((s for s in (Severity.ERROR, Severity.WARNING) if s in found), None)
