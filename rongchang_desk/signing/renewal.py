"""What a unit takes over from the office later on: a renewed certificate, a newer revocation list.

Both are judged against the pinned root here; neither is believed because of how it came.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rongchang_desk.errors import FoundWrong
from rongchang_desk.signing.authority import Authority
from rongchang_desk.signing.certificates import fitting_name, holder, key_is_accepted
from rongchang_desk.signing.cms_signature import judge_certificate
from rongchang_desk.signing.identity import Identity
from rongchang_desk.signing.key_file import SignerKey
from rongchang_desk.signing.token import TokenKey
from rongchang_desk.signing.trust import Trust, known_list


def renew(
    authority: Authority,
    certificate: bytes,
    unit_code: str,
    unit_name: str,
    *,
    not_before: datetime,
    not_after: datetime,
) -> bytes:
    """A new certificate (DER) over the key that a unit's earlier certificate (DER) is about.

    Raises FoundWrong when the earlier one is not this unit's.
    """
    earlier = x509.load_der_x509_certificate(certificate)
    named = holder(earlier.subject)
    key = earlier.public_key()
    if named is None or named[0] != unit_code or not key_is_accepted(key):
        raise FoundWrong(
            f"登记册中的证书不是“{unit_name}”的，不能更新。", "请为该单位重新制作入网包。"
        )
    return authority.certify(
        unit_code,
        fitting_name(unit_name),
        key,  # type: ignore[arg-type]  # `key_is_accepted` lets no other kind pass
        not_before=not_before,
        not_after=not_after,
    )


def renewed(
    identity: Identity,
    certificate: bytes,
    trust: Trust,
    at: datetime,
    waiting: SignerKey | TokenKey | None = None,
) -> Identity:
    """The identity with a new certificate (DER) over its own key, or over one that is `waiting`
    for the certificate the unit asked for.

    Raises FoundWrong when the certificate is not the office's, not in force, revoked, for
    another unit or over another key.
    """
    try:
        offered = x509.load_der_x509_certificate(certificate)
        named = holder(offered.subject)
        listed = known_list(trust.root, trust.crl) if trust.crl else None
        judged = judge_certificate(certificate, trust.root, listed, at)
        keys = [identity.key] if waiting is None else [waiting, identity.key]
        wanted = _public(offered.public_key())
        key = next((key for key in keys if _public(key.public_key()) == wanted), None)
    except (ValueError, TypeError, InvalidSignature) as wrong:
        raise _unusable("无法读取") from wrong
    if judged.reasons or not judged.chains_to_root:
        raise _unusable("不是办公室签发的有效证书")
    if named is None or named[0] != identity.unit_code:
        raise _unusable("属于另一个单位")
    if key is None:
        raise _unusable("与本工作台的密钥不配")
    return replace(identity, unit_name=named[1], certificate=certificate, key=key)


def list_number(trust: Trust) -> int:
    """The number of the revocation list in `trust`; 0 without one.

    Raises ValueError when the root did not sign it or it carries no number.
    """
    if trust.crl is None:
        return 0
    known_list(trust.root, trust.crl)
    parsed = x509.load_der_x509_crl(trust.crl)
    try:
        return parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound as wrong:
        raise ValueError("a list without a number") from wrong


def _public(key: object) -> bytes:
    """A public key's DER form, to compare two."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined,no-any-return]  # any kind has it


def _unusable(why: str) -> FoundWrong:
    return FoundWrong(
        f"证书更新中的证书{why}，没有更换，原证书照旧使用。", "请向办公室重新索取证书更新文件。"
    )
