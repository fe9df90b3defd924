"""The signed register of keys 密钥登记簿 as a document: every certificate with its state.

The ledger of receipts is sealed with it: its head is signed in the same go, and named inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rongchang_desk.app import key_register
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import ready_to_appear
from rongchang_desk.app.opening import REGISTER
from rongchang_desk.domain.key_state import Key
from rongchang_desk.domain.month import in_words
from rongchang_desk.domain.parcel import OFFICE
from rongchang_desk.errors import UsageError
from rongchang_desk.store import audit, keys, ledger

if TYPE_CHECKING:
    from rongchang_desk.signing.identity import Identity

PAYLOAD = REGISTER


def export(desk: Desk, identity: Identity, out: Path) -> Path:
    """Write the register as a PDF signed by the office, with the same as `register.json` inside.

    Raises UsageError for a key that is not the office's, CannotWrite.
    """
    from rongchang_desk.app.take_in import sign_ledger
    from rongchang_desk.documents import archive, register_pdf
    from rongchang_desk.documents.signature import SignerBlock
    from rongchang_desk.formats import canonical
    from rongchang_desk.signing.certificates import fingerprint
    from rongchang_desk.signing.envelope import seal

    desk.require(Role.OFFICE)
    if identity.unit_code != OFFICE:
        raise UsageError("登记簿要用办公室的密钥签名。", "请输入办公室工作台的口令。")
    now, plan = desk.now(), desk.plan
    content = contents(desk)
    payload = canonical.dumps(content)
    names = {unit.code: unit.name for unit in plan.units} | {OFFICE: "办公室"}
    lines = tuple(
        register_pdf.Line(
            names.get(key.unit, key.name), key.unit, key.serial, key.sha256, key.route.label,
            f"{key.issued_at:%Y-%m-%d}", f"{key.not_after:%Y-%m-%d}",
            "；".join(filter(None, (key.in_words(now), key.revoked_because))),
        )
        for key in key_register.keys_of(desk)
    )  # fmt: skip
    head = ledger.head(desk.store)
    pages = register_pdf.render(
        plan,
        lines,
        moment=f"{in_words(now)}{now:%H:%M}",
        root_sha256=str(content["root_sha256"]),
        list_number=int(content["list_number"]),
        ledger=(head.seq, head.hash) if head else None,
        digest=canonical.digest(payload),
        signer=SignerBlock(
            plan.office_name, now.isoformat(timespec="seconds"), fingerprint(identity.certificate)
        ),
    )
    pdf = seal(
        archive.finish(pages, title="密钥登记簿", author=plan.office_name, created=now),
        payload, identity, payload_name=PAYLOAD, signed_at=now,
    )  # fmt: skip
    with ready_to_appear(out, pdf), desk.store.transaction():
        sign_ledger(desk, identity)
        audit.note(desk.store, now, "register-exported", f"{len(lines)}")
    return out


def contents(desk: Desk) -> dict[str, Any]:
    """The register as it goes into the document's payload."""
    head = ledger.head(desk.store)
    return {
        "format": 1,
        "kind": "key-register",
        "plan": desk.plan.code,
        "at": desk.now().isoformat(timespec="seconds"),
        "root_sha256": _root(desk),
        "list_number": keys.newest_crl(desk.store)[0],
        "ledger": {"seq": head.seq, "hash": head.hash} if head else None,
        "keys": [as_json(desk, key) for key in key_register.keys_of(desk)],
    }


def as_json(desk: Desk, key: Key) -> dict[str, Any]:
    """One certificate with its state, as the command line and the document say it."""
    return {
        "unit": key.unit,
        "name": key.name,
        "serial": key.serial,
        "sha256": key.sha256,
        "route": key.route.value,
        "state": key.state(desk.now()).value,
        "issued_at": key.issued_at.isoformat(),
        "not_after": key.not_after.isoformat(),
        "handed_over_at": key.handed_over_at.isoformat() if key.handed_over_at else None,
        "first_used": key.first_used.isoformat() if key.first_used else None,
        "lost_since": key.lost_since.isoformat() if key.lost_since else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        "revoked_because": key.revoked_because or None,
        "replaced_by": key.replaced_by or None,
    }


def _root(desk: Desk) -> str:
    from rongchang_desk.app.enrol import root_fingerprint

    return root_fingerprint(desk)
