"""The signed return file: `seal` writes one, `open_sealed` opens one, and nothing else does.

No other function of the program yields a payload, so data that was not verified cannot be
parsed. The rules of the return itself (unit, plan, month, revision) come after, elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from rongchang_desk.signing.certificates import Signer
from rongchang_desk.signing.cms_signature import (
    MalformedSignature,
    is_genuine,
    is_intact,
    judge_certificate,
    read_signature,
)
from rongchang_desk.signing.raw_file import NotOneRevision, SignedBytes, cut
from rongchang_desk.signing.sealing import seal
from rongchang_desk.signing.second_opinion import agrees
from rongchang_desk.signing.structure import Bounds, PayloadRefused, Refused, read_structure
from rongchang_desk.signing.trust import KnownList, KnownRoot, Trust, known_list, known_root
from rongchang_desk.signing.verdict import Facts, Opened, Reason, Source, Verdict, reason

__all__ = [
    "MAX_PAYLOAD",
    "MAX_SIZE",
    "Facts",
    "Opened",
    "Reason",
    "Signer",
    "Source",
    "Trust",
    "Verdict",
    "open_sealed",
    "seal",
]

MAX_SIZE = 32 * 1024 * 1024
"""Bytes of a sealed file, unless the caller expects a larger one (a merged report)."""

MAX_PAYLOAD = 8 * 1024 * 1024
"""Bytes of a payload after inflating."""


def open_sealed(
    pdf: bytes,
    trust: Trust,
    *,
    at: datetime,
    payload_name: str = "return.json",
    max_size: int = MAX_SIZE,
    max_payload: int = MAX_PAYLOAD,
    allow_sources: bool = False,
) -> Opened:
    """The facts, the reasons and, only when all is in order, the payload of a sealed file.

    `at` is the moment to judge by (aware): now at first take-in, the receipt time later on.
    Carried files are refused unless `allow_sources`; together they may inflate to `max_size`.
    Never raises on a bad file: the outcome says what is wrong. Without a list in `trust`, or
    with one that ended before `at`, revocation and so the verdict are unknown.
    """
    if at.tzinfo is None:
        raise ValueError("the moment to judge by needs a time zone")
    if len(pdf) > max_size:
        return _refused(Facts(one_revision=None, shape_ok=False), "too-large")
    try:
        signed = cut(pdf)
    except NotOneRevision as found:
        return _refused(Facts(one_revision=False), found.code)
    opened, anchors = _judge_signature(signed, trust, at)
    if opened.verdict == "invalid" or anchors is None:
        return opened
    try:
        contents = read_structure(
            pdf,
            signed,
            payload_name=payload_name,
            allow_sources=allow_sources,
            bounds=Bounds(payload=max_payload, sources=max_size),
        )
    except PayloadRefused as found:
        return _further(opened, replace(opened.facts, payload_ok=False), found.code)
    except Refused as found:
        return _further(opened, replace(opened.facts, shape_ok=False), found.code)
    facts = replace(opened.facts, shape_ok=True, payload_ok=True)
    opened = replace(opened, facts=facts, payload_name=payload_name, claimed_at=contents.claimed_at)
    if anchors.revocations is None or facts.not_revoked is None:
        return opened
    agreed = agrees(pdf, anchors.root, anchors.revocations, at)
    opened = replace(opened, facts=replace(facts, second_opinion=agreed))
    if not agreed:
        return _further(opened, opened.facts, "second-opinion-differs")
    return replace(opened, payload=contents.payload, sources=contents.sources)


@dataclass(frozen=True, slots=True)
class _Anchors:
    root: KnownRoot
    revocations: KnownList | None


def _judge_signature(
    signed: SignedBytes, trust: Trust, at: datetime
) -> tuple[Opened, _Anchors | None]:
    """Step 3: what the gap says, and the parsed trust when it can be used."""
    facts = Facts(one_revision=True)
    try:
        signature = read_signature(signed.contents)
    except MalformedSignature:
        return _refused(replace(facts, signature_valid=False), "signature-malformed"), None
    facts = replace(
        facts, intact=is_intact(signature, signed), signature_valid=is_genuine(signature)
    )
    if facts.verdict == "invalid":
        return _refused(facts, "signature-invalid"), None
    try:
        root = known_root(trust.root)
    except ValueError:
        return _refused(facts, "trust-unusable"), None
    reasons: list[str] = []
    revocations: KnownList | None = None
    if trust.crl is None:
        reasons.append("revocation-unknown")
    else:
        try:
            revocations = known_list(trust.root, trust.crl)
        except ValueError:
            reasons.append("revocation-unusable")
    judged = judge_certificate(signature.certificate, trust.root, revocations, at)
    facts = replace(
        facts,
        chains_to_root=judged.chains_to_root,
        in_validity=judged.in_validity,
        not_revoked=judged.not_revoked,
        signer_allowed=judged.signer_allowed,
    )
    codes = [*judged.reasons, *(reasons if judged.chains_to_root else [])]
    opened = Opened(facts, tuple(reason(code) for code in codes), signer=judged.signer)
    return opened, _Anchors(root, revocations)


def _refused(facts: Facts, code: str) -> Opened:
    return Opened(facts, (reason(code),))


def _further(opened: Opened, facts: Facts, code: str) -> Opened:
    return replace(opened, facts=facts, reasons=(*opened.reasons, reason(code)))
