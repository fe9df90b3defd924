"""The register of keys on paper: what closes it never stands on a page alone."""

from __future__ import annotations

import pytest

from rongchang_desk.documents import register_pdf
from tests.unit.documents import samples
from tests.unit.documents.reading import page_texts


@pytest.mark.parametrize("count", [1, *range(4, 42)])
def test_the_signature_has_two_keys_for_company(count: int) -> None:
    line = register_pdf.Line(
        "区市场监管局", "D01", "1f", samples.DIGEST, "入网包", "2026-01-05", "2028-01-05", "有效"
    )
    pages = page_texts(
        register_pdf.render(
            samples.plan(), [line] * count, moment="2026年11月2日", root_sha256=samples.DIGEST,
            list_number=3, ledger=None, digest=samples.DIGEST, signer=samples.SIGNER,
        )
    )  # fmt: skip
    assert "电子签名" in pages[-1]
    assert pages[-1].count("入网包") >= min(2, count)
    assert sum(page.count("入网包") for page in pages) == count
