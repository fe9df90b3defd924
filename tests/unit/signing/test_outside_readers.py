"""Programs that are not ours agree: pdfsig finds signature and certificate good, qpdf no fault."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rongchang_desk.signing.authority import Authority, create_root, read_authority
from rongchang_desk.signing.envelope import Source, seal
from rongchang_desk.signing.identity import Identity, write_identity
from rongchang_desk.signing.key_file import LOWEST_ROUNDS
from tests.unit.signing.samples import PASSPHRASE, PAYLOAD, ROOT_NAME, SIGNED, UNIT, District


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="module")
def authority_of_today() -> Authority:
    """pdfsig judges by the machine's clock, so these certificates are valid around now."""
    now = datetime.now(UTC)
    file = create_root(
        ROOT_NAME,
        not_before=now - timedelta(days=2),
        not_after=now + timedelta(days=20),
        passphrase=PASSPHRASE,
        rounds=LOWEST_ROUNDS,
    )
    return read_authority(file, PASSPHRASE)


@pytest.fixture(scope="module")
def unit_of_today(authority_of_today: Authority) -> Identity:
    now = datetime.now(UTC)
    return authority_of_today.issue(
        *UNIT, not_before=now - timedelta(days=1), not_after=now + timedelta(days=10)
    )


@pytest.fixture
def trusting(tmp_path: Path, authority_of_today: Authority) -> str:
    """An NSS store that trusts the office's root for signing."""
    store = tmp_path / "nss"
    store.mkdir()
    root = tmp_path / "root.pem"
    root.write_bytes(authority_of_today.root_pem)
    run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
    run("certutil", "-A", "-d", f"sql:{store}", "-n", "office", "-t", "CT,C,C", "-i", root)
    return str(store)


@needs("pdfsig", "certutil")
def test_pdfsig_finds_signature_and_certificate_good(
    tmp_path: Path, trusting: str, unit_of_today: Identity, pages: bytes
) -> None:
    file = tmp_path / "return.pdf"
    file.write_bytes(seal(pages, PAYLOAD, unit_of_today, signed_at=datetime.now(UTC)))
    told = run("pdfsig", "-nssdir", f"sql:{trusting}", file)
    assert "Signature Validation: Signature is Valid." in told
    assert "Certificate Validation: Certificate is Trusted." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


@needs("pdfsig", "certutil")
def test_pdfsig_finds_a_changed_page_and_a_stranger(
    tmp_path: Path, trusting: str, unit_of_today: Identity, district: District, pages: bytes
) -> None:
    sealed = seal(pages, PAYLOAD, unit_of_today, signed_at=datetime.now(UTC))
    file = tmp_path / "return.pdf"
    file.write_bytes(sealed.replace(b"RONGCHANG", b"rongchang", 1))
    told = run("pdfsig", "-nssdir", f"sql:{trusting}", file)
    assert "Signature is Valid" not in told
    file.write_bytes(seal(pages, PAYLOAD, district.unit, signed_at=SIGNED))
    told = run("pdfsig", "-nssdir", f"sql:{trusting}", file)
    assert "Certificate is Trusted" not in told


@needs("qpdf")
def test_qpdf_finds_no_fault(tmp_path: Path, district: District, pages: bytes) -> None:
    file = tmp_path / "merged.pdf"
    source = Source("RC-KJJ-2026-10-第1版.pdf", pages)
    file.write_bytes(seal(pages, PAYLOAD, district.unit, signed_at=SIGNED, sources=[source]))
    told = run("qpdf", "--check", file)
    assert "No syntax or stream encoding errors found" in told
    assert "WARNING" not in told
    listed = run("qpdf", "--list-attachments", file)
    assert "return.json" in listed
    assert "RC-KJJ-2026-10-第1版.pdf" in listed


@needs("qpdf")
def test_qpdf_reads_the_payload_out_unchanged(tmp_path: Path, sealed: bytes) -> None:
    file = tmp_path / "return.pdf"
    file.write_bytes(sealed)
    shown = subprocess.run(
        ["qpdf", "--show-attachment=return.json", str(file)], capture_output=True, check=True
    )
    assert shown.stdout == PAYLOAD


@needs("openssl")
def test_openssl_opens_a_key_file_with_its_passphrase_only(
    tmp_path: Path, district: District
) -> None:
    file = tmp_path / "unit.p12"
    file.write_bytes(write_identity(district.unit, "Passphrase 1", rounds=LOWEST_ROUNDS))
    told = run("openssl", "pkcs12", "-in", file, "-info", "-noout", "-passin", "pass:Passphrase 1")
    assert f"MAC: sha256, Iteration {LOWEST_ROUNDS}" in told
    assert told.count(f"PBES2, PBKDF2, AES-256-CBC, Iteration {LOWEST_ROUNDS}") == 2
    assert "Mac verify error" in run(
        "openssl", "pkcs12", "-in", file, "-noout", "-passin", "pass:Passphrase 2"
    )
