"""The yardstick: plain pyHanko validation of the files below a folder, in one process.

    python plain_pyhanko.py ROOT.pem FOLDER   (ROOT.pem holds the root and its revocation list)

Prints one JSON object: how many files have one `valid`, trusted signature, and the `seconds` it
took to read and judge them all. It runs in a process of its own, where nothing of ours is.
"""

from __future__ import annotations

import json
import sys
import time
from io import BytesIO
from pathlib import Path

from asn1crypto import crl, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def read_trust(path: Path) -> tuple[x509.Certificate, crl.CertificateList]:
    """The root and the revocation list in a PEM file."""
    (_, _, root), (_, _, revocations) = pem.unarmor(path.read_bytes(), multiple=True)
    return x509.Certificate.load(root), crl.CertificateList.load(revocations)


def is_valid(data: bytes, root: x509.Certificate, revocations: crl.CertificateList) -> bool:
    """pyHanko's verdict about one file, with a validation context of its own."""
    context = ValidationContext(
        trust_roots=[root],
        crls=[revocations],
        allow_fetching=False,
        revocation_mode="require",
    )
    reader = PdfFileReader(BytesIO(data))
    status = validate_pdf_signature(
        reader.embedded_signatures[0], signer_validation_context=context
    )
    return bool(status.bottom_line)


def main(trust_file: str, folder: str) -> None:
    """Validate every file and print the outcome."""
    root, revocations = read_trust(Path(trust_file))
    files = sorted(Path(folder).rglob("*.pdf"))
    begin = time.perf_counter()
    valid = sum(is_valid(path.read_bytes(), root, revocations) for path in files)
    print(json.dumps({"valid": valid, "seconds": time.perf_counter() - begin}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
