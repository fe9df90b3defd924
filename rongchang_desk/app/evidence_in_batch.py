"""An evidence parcel among the files of a take-in: what became of it, told like a return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rongchang_desk.app import parcel_opening
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.evidence_taking import PARCEL, UNLISTED
from rongchang_desk.app.outcome import Outcome, Reason
from rongchang_desk.app.parcel_opening import ParcelRefused
from rongchang_desk.domain.parcel import ParcelKind
from rongchang_desk.errors import FoundWrong
from rongchang_desk.formats import parcel_json

if TYPE_CHECKING:
    from rongchang_desk.signing.envelope import Opened


def outcome_of(desk: Desk, name: str, pdf: bytes, opened: Opened) -> Outcome:
    """Take the files out of a valid evidence parcel; another parcel is refused.

    Call inside a transaction.
    """
    assert opened.payload is not None
    assert opened.signer is not None
    unit = opened.signer.unit_code if desk.plan.has_unit(opened.signer.unit_code) else ""
    try:
        parcel = parcel_json.loads(opened.payload)
    except FoundWrong as wrong:
        return Outcome(name, "refused", unit, reasons=(Reason("payload-malformed", wrong.message),))
    if parcel.kind is not ParcelKind.EVIDENCE:
        told = f"这是{parcel.kind.label}，不是月报。请在“下发与来件”页打开。"
        return Outcome(name, "refused", unit, reasons=(Reason("payload-missing", told),))
    try:
        done = parcel_opening.open_evidence(desk, name, pdf, opened)
    except ParcelRefused as refusal:
        why = tuple(Reason(finding.code, finding.message) for finding in refusal.findings)
        words = Reason(PARCEL, "这是佐证材料包，不影响月报，不用写退回单。")
        return Outcome(name, "refused", unit, reasons=(*why, words))
    found = done.evidence
    assert found is not None
    reasons = [Reason(PARCEL, f"佐证材料包：{found.told}。")]
    reasons += [Reason(UNLISTED, found.refused)] if found.refused else []
    kind = "duplicate" if done.again else "accepted"
    return Outcome(name, kind, unit, str(done.parcel.month), reasons=tuple(reasons))
