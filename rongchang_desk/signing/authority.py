"""The office's authority: makes the root, issues and revokes certificates.

Every extension of a certificate is set here; nothing is ever copied from a request except
its public key. Whether a unit may have a certificate is the office's decision, made before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from rongchang_desk.errors import CannotRead, FoundWrong
from rongchang_desk.signing.certificates import (
    DOCUMENT_SIGNING,
    EMAIL_PROTECTION,
    fingerprint,
    holder,
    key_is_accepted,
    subject_name,
)
from rongchang_desk.signing.identity import Identity
from rongchang_desk.signing.key_file import (
    KDF_ROUNDS,
    SignerKey,
    read_key_file,
    write_key_file,
)

__all__ = ["LOST", "SUPERSEDED", "Authority", "Revoked", "create_root", "read_authority"]

LOST = x509.ReasonFlags.key_compromise
SUPERSEDED = x509.ReasonFlags.superseded
"""Why a certificate was revoked, as a revocation list says it."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """One line of the revocation list: serial, since when (aware), and why."""

    serial: int
    when: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


def create_root(
    name: str,
    *,
    not_before: datetime,
    not_after: datetime,
    passphrase: str,
    rounds: int = KDF_ROUNDS,
) -> bytes:
    """A new root under a passphrase, as PKCS#12: P-256, a CA that issues end certificates only.

    `not_after` should lie past the plan's end, so that old returns stay verifiable.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    return write_key_file(key, certificate, [], passphrase, rounds=rounds)


def read_authority(p12: bytes, passphrase: str) -> Authority:
    """The authority in a root's PKCS#12 file.

    Raises WrongPassphrase, or CannotRead when the file is damaged or is no root.
    """
    key, certificate, _ = read_key_file(p12, passphrase)
    try:
        is_root = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        is_root = False
    if not is_root or certificate.subject != certificate.issuer:
        raise CannotRead(
            "这不是办公室的根密钥文件。", "请选择办公室初始化时生成的根密钥文件后重试。"
        )
    return Authority(certificate.public_bytes(Encoding.DER), key)


@dataclass(frozen=True, slots=True)
class Authority:
    """The office's root with its private key, opened for issuing."""

    root_der: bytes
    key: SignerKey = field(repr=False, compare=False)

    @property
    def root_pem(self) -> bytes:
        """The root certificate as PEM text."""
        return self._root.public_bytes(Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root certificate, 64 hex digits: printed on paper for every unit."""
        return fingerprint(self.root_der)

    def issue(
        self, unit_code: str, unit_name: str, *, not_before: datetime, not_after: datetime
    ) -> Identity:
        """A new P-256 key and its certificate for a unit (or for `OFFICE_CODE`)."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.certify(
            unit_code, unit_name, key.public_key(), not_before=not_before, not_after=not_after
        )
        return Identity(unit_code, unit_name, certificate, self.root_der, key)

    def certify(
        self,
        unit_code: str,
        unit_name: str,
        public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        *,
        not_before: datetime,
        not_after: datetime,
    ) -> bytes:
        """A certificate (DER) over a key that the unit holds itself.

        Raises FoundWrong for a key that is neither P-256 nor RSA of 3072 bits or more, and
        ValueError for a code or name that cannot stand in a certificate.
        """
        if not key_is_accepted(public_key):
            raise FoundWrong(
                "密钥不符合要求，未签发证书。",
                "请使用 P-256 椭圆曲线密钥；只支持 RSA 的介质请使用 3072 位及以上密钥。",
            )
        root = self._root
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject_name(unit_code, unit_name))
            .issuer_name(root.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(min(not_after, root.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                _key_usage(digital_signature=True, content_commitment=True), critical=True
            )
            .add_extension(
                x509.ExtendedKeyUsage([DOCUMENT_SIGNING, EMAIL_PROTECTION]), critical=False
            )
            .add_extension(
                # Without a distribution point pyHanko silently ignores a revocation list.
                x509.CRLDistributionPoints([_distribution_point(self.fingerprint)]),
                critical=False,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(self._authority_identifier(), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return certificate.public_bytes(Encoding.DER)

    def issue_from_request(
        self,
        request: bytes,
        unit_code: str,
        unit_name: str,
        *,
        not_before: datetime,
        not_after: datetime,
    ) -> bytes:
        """A certificate (DER) for a request (PKCS#10, PEM or DER) that names this very unit.

        Code and name are the register's. Only the public key is taken from the request. Raises
        FoundWrong when the request is unreadable, its signature does not prove possession of
        the key, or its subject names another unit.
        """
        try:
            pem = request.lstrip().startswith(b"-----")
            parsed = x509.load_pem_x509_csr(request) if pem else x509.load_der_x509_csr(request)
            key = parsed.public_key()
            proven = parsed.is_signature_valid
            named = holder(parsed.subject)
        except Exception as error:  # hostile bytes: unknown curves, bad ASN.1, odd versions
            raise FoundWrong(
                "证书申请文件无法读取，未签发证书。", "请让报送单位重新生成申请文件后再报来。"
            ) from error
        if not proven or not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise FoundWrong(
                "证书申请的签名无效，不能证明申请单位持有该密钥，未签发证书。",
                "请让报送单位重新生成申请文件，并核对指纹。",
            )
        if named != (unit_code, unit_name):
            raise FoundWrong(
                f"证书申请写明的单位与名册中的“{unit_name}”（{unit_code}）不一致，未签发证书。",
                "请核对申请文件来自哪个单位，必要时让其按名册上的代码和名称重新申请。",
            )
        return self.certify(unit_code, unit_name, key, not_before=not_before, not_after=not_after)

    def crl(
        self,
        number: int,
        revoked: Sequence[Revoked] = (),
        *,
        this_update: datetime,
        next_update: datetime,
    ) -> bytes:
        """The signed revocation list (DER); `number` must grow from list to list."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._root.subject)
            .last_update(this_update)
            .next_update(next_update)
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(self._authority_identifier(), critical=False)
        )
        for line in revoked:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(line.serial)
                .revocation_date(line.when)
            )
            if line.reason is not x509.ReasonFlags.unspecified:  # RFC 5280, 5.3.1: leave it out
                entry = entry.add_extension(x509.CRLReason(line.reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    @property
    def _root(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.root_der)

    def _authority_identifier(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
            self._root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        )


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _distribution_point(root_fingerprint: str) -> x509.DistributionPoint:
    """A name, not an address: the list travels by file, nothing is ever fetched."""
    name = f"urn:rongchang-desk:{root_fingerprint[:16]}:crl"
    return x509.DistributionPoint([x509.UniformResourceIdentifier(name)], None, None, None)
