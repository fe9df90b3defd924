"""Step 5: pyHanko's opinion, with the office's root and list only and nothing fetched.

pyHanko alone is not enough (it forgives unsigned trailing bytes, a gap elsewhere, a CA as
signer); after our own checks it must still agree. Any exception is a refusal.
"""

from __future__ import annotations

import logging
from datetime import datetime
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from rongchang_desk.signing import quick_hex, quick_names
from rongchang_desk.signing.certificates import DOCUMENT_SIGNING
from rongchang_desk.signing.trust import KnownList, KnownRoot

quick_hex.install()
quick_names.install()

# pyHanko 0.38 drops every option but these two on its way (`default_usage_constraints`), so one
# usage is asked for here; the forbidden ones are step 3's affair.
_USAGE = KeyUsageConstraints(
    key_usage={"non_repudiation"}, extd_key_usage={DOCUMENT_SIGNING.dotted_string}
)
# pyHanko writes a traceback for every refused file; the refusal itself is what we report.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def agrees(data: bytes, root: KnownRoot, revocations: KnownList, at: datetime) -> bool:
    """Whether pyHanko finds one valid, trusted, unrevoked signature over the whole file."""
    try:
        reader = PdfFileReader(BytesIO(data), strict=True)
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return False
        # New for each file: a context remembers certificates and paths it has seen.
        context = ValidationContext(
            trust_roots=[root.for_pyhanko],
            crls=[revocations.for_pyhanko],
            moment=at,
            allow_fetching=False,
            revocation_mode="require",
            retroactive_revinfo=True,
        )
        status = validate_pdf_signature(
            signatures[0], signer_validation_context=context, key_usage_settings=_USAGE
        )
        return bool(
            status.bottom_line
            and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
            and status.modification_level is ModificationLevel.NONE
        )
    except Exception:  # noqa: BLE001  whatever pyHanko stumbles over is a refusal
        return False
