"""The merged report: figures recomputed, laid out, signed, with the originals inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rongchang_desk import __version__
from rongchang_desk.app import district
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.district import Status
from rongchang_desk.app.files import ready_to_appear
from rongchang_desk.app.running import Running
from rongchang_desk.domain.measures import Figure
from rongchang_desk.domain.merge import Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.formats import canonical
from rongchang_desk.store import audit, returns

if TYPE_CHECKING:
    from rongchang_desk.signing.envelope import Source
    from rongchang_desk.signing.identity import Identity


@dataclass(frozen=True, slots=True)
class Issued:
    """A merged report that was written."""

    file: Path
    month: Month
    returns: int
    fingerprint: str
    digest: str
    size: int


def issue(
    desk: Desk,
    month: Month,
    identity: Identity,
    *,
    out: Path | None = None,
    running: Running | None = None,
) -> Issued:
    """The signed merged report of a month, with that month's originals inside.

    Its figures run through the month (stocks at its end, flows since January); its lineage
    names every return behind them. Raises FoundWrong when no return of the month counts,
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
    picture = district.merged(desk, month)
    status = district.status(desk, month, picture)
    if not status.reported:
        raise FoundWrong(
            f"{month.label}还没有收到可以汇总的月报。", "请先接收各单位的月报，再生成汇总报告。"
        )
    payload = canonical.dumps(payload_of(desk, picture, status))
    digest = canonical.digest(payload)
    running.step(1, 4, "排版")
    from rongchang_desk.app import report_content

    pages = report_content.lay_out(desk, picture, status, digest)
    finished = archive.finish(
        pages, title=name_of(desk, month), author=desk.plan.office_name, created=desk.now()
    )
    running.step(2, 4, "装入原件")
    sources = originals(desk, picture, month)
    running.step(3, 4, "签名")
    pdf = seal(
        finished,
        payload,
        identity,
        payload_name="report.json",
        signed_at=desk.now(),
        sources=sources,
    )
    target = out or desk.exports / f"{name_of(desk, month)}.pdf"
    with ready_to_appear(target, pdf), desk.store.transaction():
        returns.issue_report(
            desk.store,
            digest=digest,
            month=month,
            now=desk.now(),
            fingerprint=status.fingerprint,
            payload=payload,
            pdf=pdf,
        )
        audit.note(desk.store, desk.now(), "report-issued", f"{month} {status.fingerprint}")
    running.show(4, 4, "完成")
    return Issued(target, month, len(status.reported), status.fingerprint, digest, len(pdf))


def issue_under(
    desk: Desk, month: Month, passphrase: str, running: Running | None = None
) -> Issued:
    """Issue a month's report with the desk's own key, and sign the receipt ledger's head.

    Raises WrongPassphrase besides what `issue` raises.
    """
    from rongchang_desk.app.take_in import sign_ledger

    identity = desk.identity(passphrase)
    issued = issue(desk, month, identity, running=running)
    sign_ledger(desk, identity)
    return issued


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """An issued report as the desk keeps it."""

    digest: str
    month: Month
    issued_at: datetime
    fingerprint: str


def issued(desk: Desk) -> tuple[IssuedRow, ...]:
    """All reports this desk has issued, newest first."""
    return tuple(
        IssuedRow(digest, Month.parse(month), datetime.fromisoformat(at), fingerprint)
        for digest, month, at, fingerprint in returns.issued_reports(desk.store)
    )


def draft(desk: Desk, month: Month, running: Running | None = None) -> bytes:
    """The pages the month's report would have now, unsigned; raises FoundWrong as `issue`."""
    from rongchang_desk.app import report_content

    desk.require(Role.OFFICE)
    running = running or Running()
    running.step(0, 2, "合并")
    picture = district.merged(desk, month)
    status = district.status(desk, month, picture)
    if not status.reported:
        raise FoundWrong(
            f"{month.label}还没有收到可以汇总的月报。", "请先接收各单位的月报，再生成汇总报告。"
        )
    running.step(1, 2, "排版")
    digest = canonical.digest(canonical.dumps(payload_of(desk, picture, status)))
    return report_content.lay_out(desk, picture, status, digest)


def originals(desk: Desk, picture: Merged, month: Month) -> tuple[Source, ...]:
    """The original files of a month's heads and of the revisions they replaced, in plan order.

    Whole chains travel, so that a desk that takes the report in can pair every amendment.
    """
    from rongchang_desk.signing.envelope import Source

    chains = {head.unit: picture.chains[head.digest] for head in picture.heads_of(month)}
    return tuple(
        Source(
            f"{unit.code}_{month}_r{filed.monthly_return.revision}.pdf",
            returns.original(desk.store, filed.digest),
        )
        for unit in desk.plan.units
        for filed in chains.get(unit.code, ())
    )


def name_of(desk: Desk, month: Month) -> str:
    """The report's file name without ending."""
    return f"{desk.plan.office_name}_{month}_月度汇总报告"


def payload_of(desk: Desk, picture: Merged, status: Status) -> dict[str, Any]:
    """The content of `report.json`: figures, lineage, decisions; plain values only."""
    return {
        "format": 1,
        "kind": "report",
        "plan": picture.plan,
        "plan_digest": picture.plan_digest,
        "month": str(status.month),
        "issued_at": desk.now().isoformat(timespec="seconds"),
        "issuer": desk.plan.office_name,
        "software": f"rongchang-desk {__version__}",
        "fingerprint": status.fingerprint,
        "units_expected": len(desk.plan.units),
        "units_reported": len(status.reported),
        "missing": list(status.missing),
        "figures": [_figure(figure) for figure in status.figures],
        "lineage": [
            {
                "unit": head.unit,
                "month": str(head.month),
                "revision": head.monthly_return.revision,
                "digest": head.digest,
                "received_at": head.received_at.isoformat(timespec="seconds"),
            }
            for head in picture.heads
        ],
        "decisions": [decision.essence() for decision in picture.decisions],
    }


def _figure(figure: Figure) -> dict[str, Any]:
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
