"""Returns that come after their certificate has expired: kept, and a person decides about each.

Until then nothing of them is read. Accepted ones are judged like any other, as of the last moment
of the certificate's validity.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.opening import Job, Openers
from rongchang_desk.app.outcome import Outcome, Reason, log_outcome
from rongchang_desk.app.take_in import settle
from rongchang_desk.errors import UsageError
from rongchang_desk.store import audit, checks

if TYPE_CHECKING:
    from rongchang_desk.signing.envelope import Opened


def is_only_expired(opened: Opened) -> bool:
    """Whether nothing was found against a file but the age of its certificate."""
    return [reason.code for reason in opened.reasons] == ["certificate-expired"]


def hold(desk: Desk, name: str, pdf: bytes, opened: Opened) -> Outcome:
    """Keep such a file for a person to decide about; call inside a transaction."""
    assert opened.signer is not None  # its certificate was judged
    signer, sha256 = opened.signer, hashlib.sha256(pdf).hexdigest()
    known = signer.unit_code if desk.plan.has_unit(signer.unit_code) else ""
    before = next((row for row in checks.expired(desk.store) if row.sha256 == sha256), None)
    if before is not None and before.accepted is False:
        outcome = Outcome(
            name, "refused", known, reasons=(_refusal(before.decided_by, before.reason),)
        )
    else:
        why = (
            f"签名证书已于 {signer.not_after:%Y-%m-%d} 到期，"
            "由办公室在“单位与密钥”的“待核实”里决定是否接收。"
        )
        reasons = (Reason("certificate-expired", why),)
        outcome = Outcome(name, "duplicate" if before else "held", known, reasons=reasons)
    if before is None:
        checks.keep_expired(
            desk.store,
            checks.ExpiredReturn(
                sha256, name, signer.unit_code, signer.certificate_sha256,
                signer.not_after.isoformat(), desk.now().isoformat(timespec="seconds"),
            ),
            pdf,
        )  # fmt: skip
    log_outcome(desk, outcome, sha256)
    return outcome


def _refusal(by: str | None, reason: str | None) -> Reason:
    return Reason("certificate-expired", f"证书已过期，{by}决定不收：{reason}")


def decide(
    desk: Desk, sha256: str, *, accept: bool, by: str, reason: str, workers: int = 1
) -> tuple[Outcome, ...]:
    """Take such a file in after all, or refuse it; its outcome (a merged report has several).

    Raises UsageError without a name and a reason, or when it was decided before.
    """
    desk.require(Role.OFFICE)
    if not by.strip() or not reason.strip():
        raise UsageError("请写明认定人和理由。", "认定记入工作台，供以后查考。")
    row = next((r for r in checks.expired(desk.store) if r.sha256 == sha256), None)
    if row is None or row.accepted is not None:
        raise UsageError("这份月报已经处理过。", "请刷新（F5）后再看。")
    pdf = checks.expired_pdf(desk.store, sha256)
    if not accept:
        with desk.store.transaction():
            checks.decide(desk.store, sha256, desk.now(), by.strip(), False, reason.strip())
            outcome = Outcome(
                row.file_name, "refused", row.unit, reasons=(_refusal(by.strip(), reason.strip()),)
            )
            log_outcome(desk, outcome, sha256)
        return (outcome,)
    moment = datetime.fromisoformat(row.expired_at) - timedelta(seconds=1)
    with Openers(workers) as openers:
        ((opened,),) = openers.open_all((Job(row.file_name, pdf),), desk.trust(), moment)
        with desk.store.transaction():
            checks.decide(desk.store, sha256, desk.now(), by.strip(), True, reason.strip())
            outcomes = tuple(settle(desk, row.file_name, pdf, opened[1], openers))
            audit.note(desk.store, desk.now(), "expired-accepted", f"{row.unit} {sha256}")
    return outcomes
