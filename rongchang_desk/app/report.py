"""Merged reports and bulletins: figures recomputed, laid out, signed, with the originals inside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rongchang_desk import __version__
from rongchang_desk.app import basis as bases
from rongchang_desk.app import district, earlier_issue, paper_fonts, report_content
from rongchang_desk.app.basis import Basis
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.district import Reported
from rongchang_desk.app.files import ready_to_appear
from rongchang_desk.app.running import Running
from rongchang_desk.documents.paper import Paper, figures
from rongchang_desk.domain.measures import Figure
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period
from rongchang_desk.errors import UsageError
from rongchang_desk.formats import canonical
from rongchang_desk.store import audit, returns
from rongchang_desk.store import issued as stored
from rongchang_desk.store.issued import IssuedRow

if TYPE_CHECKING:
    from rongchang_desk.signing.envelope import Source
    from rongchang_desk.signing.identity import Identity


class PaperKind(StrEnum):
    """What the office issues about a period."""

    REPORT = "report"
    BULLETIN = "bulletin"

    def name_for(self, period: Period) -> str:
        """As people call it: 月度汇总报告, 季度汇总报告, 通报…"""
        return "通报" if self is PaperKind.BULLETIN else f"{period.adjective}汇总报告"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which paper is wanted; `number` (文号) and `text` (the office's demands) are a bulletin's."""

    period: Period
    kind: PaperKind = PaperKind.REPORT
    number: str = ""
    text: str = ""

    @property
    def label(self) -> str:
        """What it is about and what it is: `2026年10月汇总报告`."""
        if self.kind is PaperKind.BULLETIN:
            return f"{self.period.label}通报"
        return f"{self.period.label}{'度' if len(self.period.months) == 12 else ''}汇总报告"


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was written."""

    file: Path
    wish: Wish
    returns: int
    fingerprint: str
    digest: str
    size: int


def issue(
    desk: Desk,
    wish: Wish,
    identity: Identity,
    *,
    out: Path | None = None,
    running: Running | None = None,
) -> Issued:
    """The signed paper of a period, with the originals of its months inside.

    Its figures run through the last month (stocks at its end, flows since January); its lineage
    names every return behind them. Raises FoundWrong when no return of the period counts,
    UsageError for a foreign key, CannotWrite.
    """
    from rongchang_desk.documents import archive
    from rongchang_desk.signing.certificates import OFFICE_CODE
    from rongchang_desk.signing.envelope import seal

    desk.require(Role.OFFICE)
    running = running or Running()
    if identity.unit_code != OFFICE_CODE:
        raise UsageError("密钥不是办公室的签名密钥。", "请使用建立办公室工作台时的口令和密钥。")
    running.step(0, 4, "合并")
    basis = bases.gather(desk, wish.period)
    paper = compose(desk, wish, basis)
    payload = canonical.dumps(payload_of(desk, wish, basis, paper))
    digest = canonical.digest(payload)
    running.step(1, 4, "排版")
    pages = _pages(desk, paper, basis)
    finished = archive.finish(
        pages, title=name_of(desk, wish), author=desk.plan.office_name, created=desk.now()
    )
    running.step(2, 4, "装入原件")
    sources = originals(desk, basis)
    running.step(3, 4, "签名")
    pdf = seal(
        finished,
        payload,
        identity,
        payload_name="report.json",
        signed_at=desk.now(),
        sources=sources,
    )
    target = out or desk.exports / f"{name_of(desk, wish)}.pdf"
    row = IssuedRow(
        digest, wish.kind.value, wish.period, basis.through, desk.now(), basis.fingerprint,
        target.name,
    )  # fmt: skip
    with ready_to_appear(target, pdf), desk.store.transaction():
        used = (head.digest for head in basis.picture.heads)
        stored.keep(desk.store, row, payload=payload, pdf=pdf, used=used)
        audit.note(
            desk.store, desk.now(), f"{wish.kind}-issued", f"{wish.period.code} {basis.fingerprint}"
        )
    running.show(4, 4, "完成")
    return Issued(target, wish, len(basis.heads), basis.fingerprint, digest, len(pdf))


def issue_under(desk: Desk, wish: Wish, passphrase: str, running: Running | None = None) -> Issued:
    """Issue a paper with the desk's own key, and sign the receipt ledger's head.

    Raises WrongPassphrase besides what `issue` raises.
    """
    from rongchang_desk.app.take_in import sign_ledger

    identity = desk.identity(passphrase)
    made = issue(desk, wish, identity, running=running)
    sign_ledger(desk, identity)
    return made


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a paper would rest on now; the counts are units' months.

    `missing` names the units without a return, with how many months they lack of several;
    without `months` nothing of the period is over yet.
    """

    months: tuple[Month, ...]
    expected: int = 0
    on_time: int = 0
    late: int = 0
    missing: tuple[tuple[str, int], ...] = ()
    fingerprint: str = ""

    @property
    def reported(self) -> int:
        return self.on_time + self.late


def outlook(desk: Desk, period: Period) -> Outlook:
    """What a paper about a period would rest on."""
    months = bases.months_of(desk, period)
    if not months:
        return Outlook(())
    picture = district.merged(desk, months[-1])
    basis = bases.of_picture(desk, desk.plan, period, months, picture)
    lacking = Counter(code for month in months for code in basis.missing(month))
    return Outlook(
        months,
        sum(len(cells) for cells in basis.cells.values()),
        basis.counted(Reported.ON_TIME),
        basis.counted(Reported.LATE),
        tuple((desk.plan.name_of(code), times) for code, times in lacking.items()),
        basis.fingerprint,
    )


def issued(desk: Desk) -> tuple[IssuedRow, ...]:
    """All papers this desk has issued, newest first."""
    return stored.rows(desk.store)


def draft(desk: Desk, wish: Wish, running: Running | None = None) -> bytes:
    """The pages a paper would have now, unsigned; raises FoundWrong as `issue`."""
    running = running or Running()
    running.step(0, 2, "合并")
    basis = bases.gather(desk, wish.period)
    paper = compose(desk, wish, basis)
    running.step(1, 2, "排版")
    return _pages(desk, paper, basis)


def compose(desk: Desk, wish: Wish, basis: Basis, *, before: datetime | None = None) -> Paper:
    """What a paper prints, without chart and signature block.

    Figures that changed since the last one issued, `before` a moment when given, are noted.
    """
    if wish.kind is PaperKind.BULLETIN:
        made = report_content.bulletin(desk, basis, number=wish.number, text=wish.text)
    else:
        made = report_content.report(desk, basis)
    return earlier_issue.with_changes(desk, made, wish.kind.value, wish.period, basis, before)


def _pages(desk: Desk, paper: Paper, basis: Basis) -> bytes:
    from rongchang_desk.documents import paper_pdf

    whole = report_content.sign_as(desk, report_content.with_chart(paper, basis))
    with paper_fonts.applied(desk):
        return paper_pdf.render(whole)


def originals(desk: Desk, basis: Basis) -> tuple[Source, ...]:
    """The original files of the months' heads and of the revisions they replaced.

    Whole chains travel, so that a desk that takes the report in can pair every amendment.
    """
    from rongchang_desk.signing.envelope import Source

    return tuple(
        Source(
            f"{head.unit}_{head.month}_r{filed.monthly_return.revision}.pdf",
            returns.original(desk.store, filed.digest),
        )
        for head in basis.heads
        for filed in basis.picture.chains[head.digest]
    )


def name_of(desk: Desk, wish: Wish) -> str:
    """The paper's file name without ending."""
    return f"{desk.plan.office_name}_{wish.period.code}_{wish.kind.name_for(wish.period)}"


def payload_of(desk: Desk, wish: Wish, basis: Basis, paper: Paper) -> dict[str, Any]:
    """The content of `report.json`: figures, lineage, decisions; plain values only.

    `printed` holds every number of the pages; units are counted in the last month.
    """
    last = basis.through
    missing, expected = basis.missing(last), len(basis.cells[last])
    return {
        "format": 1,
        "kind": wish.kind.value,
        "period": wish.period.code,
        "plan": basis.picture.plan,
        "plan_digest": basis.picture.plan_digest,
        "month": str(last),
        "months": [str(month) for month in basis.months],
        "number": wish.number.strip(),
        "text": wish.text.strip(),
        "issued_at": desk.now().isoformat(timespec="seconds"),
        "issuer": desk.plan.office_name,
        "software": f"rongchang-desk {__version__}",
        "fingerprint": basis.fingerprint,
        "units_expected": expected,
        "units_reported": expected - len(missing),
        "missing": list(missing),
        "figures": [figure_json(figure) for figure in basis.figures],
        "printed": printed_json(paper),
        "lineage": [
            {
                "unit": head.unit,
                "month": str(head.month),
                "revision": head.monthly_return.revision,
                "digest": head.digest,
                "received_at": head.received_at.isoformat(timespec="seconds"),
            }
            for head in basis.picture.heads
        ],
        "decisions": [decision.essence() for decision in basis.picture.decisions],
    }


def printed_json(paper: Paper) -> list[tuple[str, str, str, str]]:
    """Every number a paper prints: table, row, column and the number as text."""
    return [(f.table, f.row, f.column, f.value) for f in figures(paper)]


def figure_json(figure: Figure) -> dict[str, str | None]:
    """A target's figure as `report.json` holds it."""

    def text(number: object) -> str | None:
        return None if number is None else f"{number:f}"

    return {
        "target": figure.target,
        "state": figure.state.value,
        "value": text(figure.value),
        "goal": text(figure.goal),
        "percent": text(figure.percent),
        "expected": text(figure.expected),
        "level": text(figure.level),
    }
