"""What the tests of the envelope share: a throwaway district, pages, and odd ways to seal."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
from asn1crypto import cms, core
from pyhanko.pdf_utils.writer import PdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from reportlab.pdfgen.canvas import Canvas

from rongchang_desk.signing import sealing
from rongchang_desk.signing.authority import Authority, Revoked
from rongchang_desk.signing.envelope import Opened, Source, Trust, open_sealed
from rongchang_desk.signing.identity import Identity, sign_with

PASSPHRASE = "两个人的口令 2026"
ROOT_NAME = "荣昌区办公室根证书（测试）"
UNIT = ("RC-KJJ", "区科技局")
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2030, 1, 1, tzinfo=UTC)
SIGNED = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 6, tzinfo=UTC)
LIST_END = datetime(2026, 12, 6, tzinfo=UTC)
PAYLOAD = '{"month":"2026-10","unit":"RC-KJJ","说明":"本月无活动"}'.encode()


@dataclass(frozen=True)
class District:
    """The office and one unit of a throwaway district."""

    authority: Authority
    unit: Identity
    trust: Trust

    def crl(self, *revoked: Revoked, end: datetime = LIST_END) -> bytes:
        return self.authority.crl(7, revoked, this_update=NOW, next_update=end)

    def open(self, pdf: bytes, **options: Any) -> Opened:
        trust = options.pop("trust", self.trust)
        return open_sealed(pdf, trust, at=options.pop("at", NOW), **options)


def draw_pages(text: str = "RONGCHANG MONTHLY RETURN 2026-10", count: int = 2) -> bytes:
    """A small finished PDF with XMP, like the documents layer hands over."""
    drawn = BytesIO()
    canvas = Canvas(drawn, pageCompression=0)
    for number in range(count):
        canvas.drawString(72, 700, f"{text} page {number + 1}")
        canvas.showPage()
    canvas.save()
    finished = BytesIO()
    with pikepdf.open(BytesIO(drawn.getvalue())) as pdf:
        with pdf.open_metadata() as xmp:
            xmp["dc:title"] = "月报"
            xmp["pdfaid:part"] = "3"
        pdf.save(
            finished,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
        )
    return finished.getvalue()


Change = Callable[[PdfFileWriter], None]


def sign_writer(
    writer: PdfFileWriter,
    identity: Identity,
    *,
    before_digest: Change | None = None,
    certify: bool = True,
    permission: fields.MDPPerm = fields.MDPPerm.NO_CHANGES,
    subfilter: fields.SigSeedSubFilter = fields.SigSeedSubFilter.PADES,
) -> bytes:
    """Signs like `sealing`, but lets a test do what the program would never do."""

    async def sign() -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name="Signature",
            md_algorithm="sha256",
            certify=certify,
            docmdp_permissions=permission,
            subfilter=subfilter,
        )
        session = sealing._Pdf17Signer(
            metadata,
            sealing._KeySigner(identity),
            new_field_spec=fields.SigFieldSpec("Signature"),
        ).init_signing_session(writer)
        session.system_time = SIGNED
        document = session.prepare_tbs_document(None, bytes_reserved=sealing.BYTES_RESERVED)
        if before_digest is not None:
            before_digest(writer)
        prepared, output = document.digest_tbs_document()
        done = await document.perform_signature(
            prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes()
        )
        await done.post_signature_processing(output)
        return bytes(output.getvalue())

    return asyncio.run(sign())


def seal_oddly(
    pages: bytes,
    identity: Identity,
    change: Change,
    *,
    files: Sequence[tuple[str, Source]] = (("/Data", Source("return.json", PAYLOAD)),),
    **options: Any,
) -> bytes:
    """A file sealed with a genuine key after `change` was made to its structure."""
    writer = sealing._copy(pages)
    sealing._attach(writer, files, SIGNED)
    change(writer)
    return sign_writer(writer, identity, **options)


def codes(opened: Opened) -> list[str]:
    return [reason.code for reason in opened.reasons]


def gap(sealed: bytes) -> tuple[int, int]:
    """Where the gap begins and ends, as the file itself says."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", sealed)
    assert found is not None
    return int(found[1]), int(found[2])


def sign_again(data: bytes, identity: Identity, *, left_out: int = 0) -> bytes:
    """Changed bytes with a genuine signature over them: what only an insider could make.

    The last `left_out` bytes stay outside the byte range.
    """
    start = next(m.start() for m in re.finditer(rb"<[0-9A-F]{8000,}>", data))
    end = data.index(b">", start) + 1
    stated = b"[0 %d %d %d]" % (start, end, len(data) - end - left_out)
    places = list(re.finditer(rb"\[0 \d+ \d+ \d+\] *", data))
    for place in places:
        length = place.end() - place.start()
        data = data[: place.start()] + stated.ljust(length) + data[place.end() :]
    outer = cms.ContentInfo.load(bytes.fromhex(data[start + 1 : end - 1].decode()))
    info = outer["content"]["signer_infos"][0]
    digest = hashlib.sha256(data[:start] + data[end : len(data) - left_out]).digest()
    attributes = cms.CMSAttributes([item.copy() for item in info["signed_attrs"]])
    for item in attributes:
        if item["type"].native == "message_digest":
            item["values"] = [core.OctetString(digest)]
    info["signed_attrs"] = cms.CMSAttributes.load(attributes.dump(force=True))
    info["signature"] = sign_with(identity.key, info["signed_attrs"].untag().dump())
    digits = outer.dump(force=True).hex().upper().encode().ljust(end - start - 2, b"0")
    return data[: start + 1] + digits + data[end - 1 :]
