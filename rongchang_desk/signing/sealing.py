"""Writing a sealed file: finished pages, payload and carried files under one signature.

pyHanko writes everything in one revision. Two of its habits are switched off here, in one
place each: it would lift the file to PDF 2.0 for ECDSA (PDF/A-3 wants 1.x), and it would
rewrite XMP and Info.
"""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Sequence
from datetime import datetime
from hashlib import md5
from io import BytesIO
from typing import Any

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_date, pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter, PdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers import constants
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from rongchang_desk.signing.attachments import deflate
from rongchang_desk.signing.copying import writer_of
from rongchang_desk.signing.identity import Identity, sign_with
from rongchang_desk.signing.raw_file import cut
from rongchang_desk.signing.structure import is_plain_name
from rongchang_desk.signing.verdict import Source

FIELD_NAME = "Signature"
BYTES_RESERVED = 8192
"""Hex digits kept for the signature: fixed, which spares pyHanko a dry run."""

_KINDS = {"json": "application/json", "pdf": "application/pdf"}


def seal(
    pages: bytes,
    payload: bytes,
    identity: Identity,
    *,
    signed_at: datetime,
    payload_name: str = "return.json",
    sources: Sequence[Source] = (),
) -> bytes:
    """The signed PDF: `pages` with `payload` (and `sources`) attached, in one revision.

    `pages` is a finished PDF with neither forms nor attachments; its XMP, Info and file ID stay
    as they are. `signed_at` (aware) becomes the claimed time `/M`. Raises ValueError when the
    pages are not of that kind or a name is no plain file name or occurs twice.
    """
    if signed_at.tzinfo is None:
        raise ValueError("the signing time needs a time zone")
    names = [payload_name, *(source.name for source in sources)]
    if len(set(names)) != len(names) or not all(map(is_plain_name, names)):
        raise ValueError("attached files need different, plain names")
    writer = _copy(pages)
    _attach(
        writer,
        [("/Data", Source(payload_name, payload)), *(("/Source", source) for source in sources)],
        signed_at,
    )
    output = BytesIO()
    # The coroutine yields nothing: asyncio.run makes a text of the finished task and its result
    # (signal.getsignal looks for its handler among an enumeration), four times the file's size.
    asyncio.run(_sign(writer, identity, signed_at, output))
    sealed = output.getvalue()
    cut(sealed)  # what we would refuse ourselves must never leave
    return sealed


def _copy(pages: bytes) -> PdfFileWriter:
    writer = writer_of(pages)
    _keep_metadata(writer)
    return writer


def _keep_metadata(writer: PdfFileWriter) -> None:
    """XMP and Info stay as they were written; pyHanko has no public switch for it."""
    writer._update_meta = lambda: None  # type: ignore[method-assign]  # see above


def _attach(writer: PdfFileWriter, files: Sequence[tuple[str, Source]], modified: datetime) -> None:
    specifications = {
        source.name: writer.add_object(_file_specification(writer, relationship, source, modified))
        for relationship, source in files
    }
    ordered = sorted(specifications, key=_written)
    tree = generic.ArrayObject()
    for name in ordered:
        tree += [_text(name), specifications[name]]
    if "/Names" not in writer.root:
        writer.root[pdf_name("/Names")] = _dictionary({})
    names = writer.root["/Names"]
    names[pdf_name("/EmbeddedFiles")] = _dictionary({pdf_name("/Names"): tree})
    writer.root[pdf_name("/AF")] = generic.ArrayObject(specifications[name] for name in ordered)


def _dictionary(entries: dict[Any, Any]) -> generic.DictionaryObject:
    return generic.DictionaryObject(entries)  # type: ignore[no-untyped-call]  # pyHanko's


def _written(name: str) -> bytes:
    """A text string as it will stand in the file: a name tree is sorted by these bytes."""
    if name.isascii():
        return name.encode("ascii")
    return codecs.BOM_UTF16_BE + name.encode("utf-16-be")


def _text(name: str) -> generic.TextStringObject:
    text = generic.TextStringObject(name)
    if not name.isascii():
        text.force_output_encoding = generic.TextStringEncoding.UTF16BE
    return text


def _file_specification(
    writer: PdfFileWriter, relationship: str, source: Source, modified: datetime
) -> generic.DictionaryObject:
    kind = _KINDS.get(source.name.rpartition(".")[2].lower(), "application/octet-stream")
    stream = writer.add_object(
        generic.StreamObject(
            dict_data={
                pdf_name("/Type"): pdf_name("/EmbeddedFile"),
                pdf_name("/Subtype"): pdf_name("/" + kind),
                pdf_name("/Filter"): pdf_name("/FlateDecode"),
                pdf_name("/Params"): _dictionary(
                    {
                        pdf_name("/Size"): generic.NumberObject(  # type: ignore[no-untyped-call]  # pyHanko's
                            len(source.data)
                        ),
                        pdf_name("/ModDate"): pdf_date(modified),
                        pdf_name("/CheckSum"): generic.ByteStringObject(
                            md5(source.data, usedforsecurity=False).digest()
                        ),
                    }
                ),
            },
            encoded_data=deflate(source.data),
        )
    )
    return _dictionary(
        {
            pdf_name("/Type"): pdf_name("/Filespec"),
            pdf_name("/F"): _text(source.name),
            pdf_name("/UF"): _text(source.name),
            pdf_name("/AFRelationship"): pdf_name(relationship),
            pdf_name("/EF"): _dictionary({pdf_name("/F"): stream, pdf_name("/UF"): stream}),
        }
    )


class _KeySigner(signers.Signer):
    """pyHanko's signer over an identity's key object; only the signer's certificate goes in."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(identity.certificate), embed_roots=False
        )

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: ARG002  pyHanko's signature
    ) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(digest_algorithm)
        return sign_with(self._identity.key, data)


class _Pdf17Signer(signers.PdfSigner):
    """A signer that declares PAdES as an extension of PDF 1.7 and stays with 1.7."""

    def register_extensions(
        self,
        pdf_out: BasePdfFileWriter,
        *,
        md_algorithm: str,  # noqa: ARG002  pyHanko's signature
    ) -> None:
        pdf_out.register_extension(constants.ESIC_EXTENSION_1)


async def _sign(
    writer: PdfFileWriter, identity: Identity, signed_at: datetime, output: BytesIO
) -> None:
    """Write the signed file into `output`."""
    signer = _Pdf17Signer(
        signers.PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
        ),
        _KeySigner(identity),
        new_field_spec=fields.SigFieldSpec(FIELD_NAME),
    )
    session = signer.init_signing_session(writer)
    session.system_time = signed_at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=BYTES_RESERVED)
    prepared, _ = document.digest_tbs_document(output=output)
    done: Any = await document.perform_signature(
        document_digest=prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes()
    )
    await done.post_signature_processing(output)
