"""One throwaway district for all tests of the envelope: root, unit, list, pages, sealed file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from rongchang_desk.signing.authority import Authority, create_root, read_authority
from rongchang_desk.signing.envelope import Trust, seal
from rongchang_desk.signing.identity import Identity
from rongchang_desk.signing.key_file import LOWEST_ROUNDS
from tests.unit.signing.samples import (
    BEGIN,
    END,
    LIST_END,
    PASSPHRASE,
    PAYLOAD,
    ROOT_NAME,
    SIGNED,
    UNIT,
    District,
    draw_pages,
)


@pytest.fixture(scope="session")
def root_file() -> bytes:
    return create_root(
        ROOT_NAME,
        not_before=BEGIN,
        not_after=datetime(2040, 1, 1, tzinfo=UTC),
        passphrase=PASSPHRASE,
        rounds=LOWEST_ROUNDS,
    )


@pytest.fixture(scope="session")
def district(root_file: bytes) -> District:
    authority = read_authority(root_file, PASSPHRASE)
    unit = authority.issue(*UNIT, not_before=BEGIN, not_after=END)
    crl = authority.crl(1, (), this_update=BEGIN, next_update=LIST_END)
    return District(authority, unit, Trust(authority.root_der, crl))


@pytest.fixture(scope="session")
def pages() -> bytes:
    return draw_pages()


@pytest.fixture(scope="session")
def sealed(district: District, pages: bytes) -> bytes:
    return seal(pages, PAYLOAD, district.unit, signed_at=SIGNED)


@pytest.fixture(scope="session")
def other_authority() -> Authority:
    """Another office's root, with the same name as ours."""
    file = create_root(
        ROOT_NAME,
        not_before=BEGIN,
        not_after=datetime(2040, 1, 1, tzinfo=UTC),
        passphrase=PASSPHRASE,
        rounds=LOWEST_ROUNDS,
    )
    return read_authority(file, PASSPHRASE)


@pytest.fixture(scope="session")
def rsa_unit(district: District) -> Identity:
    """A unit whose token only does RSA, with the smallest key accepted."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    certificate = district.authority.certify(
        *UNIT, key.public_key(), not_before=BEGIN, not_after=END
    )
    return Identity(*UNIT, certificate, district.authority.root_der, key)
