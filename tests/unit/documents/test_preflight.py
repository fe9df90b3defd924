"""PDFBox's preflight, an independent judge of archival PDF, on what is printed and signed.

Debian's PDFBox 2 knows PDF/A-1b only, the strictest part. Everything it finds must be one of the
allowances by which PDF/A-3 (ISO 19005-3) differs, listed here one by one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rongchang_desk.documents import archive, paper_pdf
from rongchang_desk.signing.authority import create_root, read_authority
from rongchang_desk.signing.envelope import seal
from rongchang_desk.signing.identity import Identity
from rongchang_desk.signing.key_file import LOWEST_ROUNDS
from tests.unit.documents import samples
from tests.unit.signing.samples import BEGIN, END, PASSPHRASE, PAYLOAD, ROOT_NAME, SIGNED, UNIT

JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in (
        "preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation",
        "jaxb-api",
    )
]  # fmt: skip
MISSING = [jar.name for jar in JARS if not jar.exists()]
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java runtime is installed"),
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"missing {MISSING}: libpdfbox2-java libactivation-java libjaxb-api-java",
    ),
]


@pytest.fixture(scope="module")
def identity() -> Identity:
    root = create_root(
        ROOT_NAME, not_before=BEGIN, not_after=END, passphrase=PASSPHRASE, rounds=LOWEST_ROUNDS
    )
    return read_authority(root, PASSPHRASE).issue(*UNIT, not_before=BEGIN, not_after=END)


PART_3 = "7.11.2 : Error on MetaData, part must be 1"
"""Preflight wants part 1; ours says 3, as ISO 19005-3, 6.6.4 asks."""
FILES = {
    "1.4.7 : Trailer Syntax error, EmbeddedFile entry is present in the Names dictionary",
    "1.2.9 : Body Syntax error, EmbeddedFile entry is present in a FileSpecification dictionary",
}
"""Embedded files are what part 3 adds (6.8)."""
FIELD = {
    f"5.3.1 : Invalid field value in an annotation definition, {what}"
    for what in (
        "widget annotation lacks an appearance dictionary",
        "widget annotation lacks an appearance dictionary on page 1",
    )
}
"""An annotation of no size needs no appearance (6.3.3); the signature's field shows nothing."""


CIDSET = re.compile(
    r"3\.1\.11 : Invalid Font definition, [A-Z]{6}\+DeskHei-Regular: "
    "The CIDSet entry is missing for the Composite Subset"
)
"""A chart's font: part 3 no longer asks for the set of glyphs (6.2.11.4.2)."""


def _findings(pdf: bytes, folder: Path) -> set[str]:
    path = folder / "judged.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        [
            "java", "-cp", ":".join(map(str, JARS)),
            "org.apache.pdfbox.preflight.Validator_A1b", str(path),
        ],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    said = [line for line in done.stdout.splitlines() if line.strip()]
    assert said, done.stderr
    assert "judged.pdf is" in said[0]
    return set(said[1:])


def _finished(pages: bytes) -> bytes:
    return archive.finish(
        pages, title="月报 <2026> & 附表", author="单位", created=datetime(2026, 11, 3, tzinfo=UTC)
    )


def test_a_signed_return_differs_from_pdf_a_1_only_where_pdf_a_3_allows(
    typical_pages: bytes, identity: Identity, tmp_path: Path
) -> None:
    sealed = seal(_finished(typical_pages), PAYLOAD, identity, signed_at=SIGNED)
    assert _findings(sealed, tmp_path) == {PART_3} | FILES | FIELD


def test_a_paper_with_a_chart_differs_from_pdf_a_1_only_where_pdf_a_3_allows(
    tmp_path: Path,
) -> None:
    pages = _finished(paper_pdf.render(samples.report_paper(39)))
    found = _findings(pages, tmp_path)
    assert PART_3 in found
    others = found - {PART_3}
    assert all(map(CIDSET.fullmatch, others)), others


def test_the_judge_sees_a_font_that_is_not_embedded(typical_pages: bytes, tmp_path: Path) -> None:
    spoilt = _finished(typical_pages).replace(b"/FontFile2", b"/FontFileX")
    assert any(finding.startswith("3.") for finding in _findings(spoilt, tmp_path))
