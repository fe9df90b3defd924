"""A sealed file opens for whom it should, and every tampered twin is refused."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta, timezone
from io import BytesIO

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from rongchang_desk.errors import FoundWrong
from rongchang_desk.signing.authority import Authority, Revoked
from rongchang_desk.signing.certificates import OFFICE_CODE
from rongchang_desk.signing.envelope import Opened, Source, Trust, seal
from rongchang_desk.signing.identity import Identity
from rongchang_desk.signing.verdict import MESSAGES, Facts
from tests.unit.signing.samples import (
    BEGIN,
    END,
    NOW,
    PAYLOAD,
    SIGNED,
    UNIT,
    District,
    codes,
    draw_pages,
    gap,
    seal_oddly,
    sign_again,
)


def refused(opened: Opened, code: str) -> bool:
    """Refused for this reason, with nothing handed out."""
    return (
        opened.verdict == "invalid"
        and code in codes(opened)
        and opened.payload is None
        and opened.sources == ()
    )


def test_a_sealed_file_opens_with_its_payload_and_its_signer(
    district: District, sealed: bytes
) -> None:
    opened = district.open(sealed)
    assert opened.verdict == "valid"
    assert opened.reasons == ()
    assert opened.payload == PAYLOAD
    assert opened.payload_name == "return.json"
    assert opened.claimed_at == SIGNED
    assert opened.signer is not None
    assert (opened.signer.unit_code, opened.signer.unit_name) == UNIT
    assert opened.signer.not_after == END
    assert set(opened.facts.as_dict().values()) == {True}


def test_an_rsa_token_s_file_opens_too(
    district: District, rsa_unit: Identity, pages: bytes
) -> None:
    opened = district.open(seal(pages, PAYLOAD, rsa_unit, signed_at=SIGNED))
    assert opened.verdict == "valid"
    assert opened.payload == PAYLOAD


def test_the_office_s_parcels_open_under_their_own_name(district: District, pages: bytes) -> None:
    office = district.authority.issue(
        OFFICE_CODE, "领导小组办公室", not_before=BEGIN, not_after=END
    )
    parcel = seal(pages, b"{}", office, signed_at=SIGNED, payload_name="parcel.json")
    assert district.open(parcel, payload_name="parcel.json").payload == b"{}"
    assert refused(district.open(parcel), "payload-missing")


def test_the_claimed_time_keeps_its_zone(district: District, pages: bytes) -> None:
    china = datetime(2026, 11, 5, 17, 30, tzinfo=timezone(timedelta(hours=8)))
    opened = district.open(seal(pages, PAYLOAD, district.unit, signed_at=china))
    assert opened.claimed_at == china
    assert opened.claimed_at is not None
    assert opened.claimed_at.utcoffset() == timedelta(hours=8)


# --- what sealing leaves alone -------------------------------------------------------------


def test_sealing_keeps_xmp_info_and_file_id_and_stays_with_pdf_1_7(
    pages: bytes, sealed: bytes
) -> None:
    assert sealed.startswith(b"%PDF-1.7\n")
    with pikepdf.open(BytesIO(pages)) as before, pikepdf.open(BytesIO(sealed)) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert dict(after.docinfo) == dict(before.docinfo)
        assert [bytes(item) for item in after.trailer.ID] == [
            bytes(item) for item in before.trailer.ID
        ]
        assert len(after.pages) == len(before.pages)
        for old, new in zip(before.pages, after.pages, strict=True):
            assert new.Contents.read_raw_bytes() == old.Contents.read_raw_bytes()


def test_a_sealed_file_is_one_revision_without_object_streams(sealed: bytes) -> None:
    assert sealed.count(b"%%EOF") == sealed.count(b"startxref") == 1
    assert b"/ObjStm" not in sealed
    assert b"/XRef" not in sealed
    assert b"/Prev" not in sealed


@pytest.mark.parametrize("name", ["", "a/b", "..", "a\nb", "x" * 201, " a", "return.json"])
def test_sources_need_plain_and_different_names(
    district: District, pages: bytes, name: str
) -> None:
    with pytest.raises(ValueError, match="names"):
        seal(pages, PAYLOAD, district.unit, signed_at=SIGNED, sources=[Source(name, b"")])


def test_pages_that_already_carry_something_are_not_sealed(
    district: District, sealed: bytes
) -> None:
    with pytest.raises(ValueError, match="plain"):
        seal(sealed, PAYLOAD, district.unit, signed_at=SIGNED)


def test_a_signing_time_without_a_zone_is_a_mistake(district: District, pages: bytes) -> None:
    with pytest.raises(ValueError, match="time zone"):
        seal(pages, PAYLOAD, district.unit, signed_at=SIGNED.replace(tzinfo=None))


# --- files inside ------------------------------------------------------------------------


def test_a_merged_report_carries_the_originals_byte_for_byte(
    district: District, pages: bytes, sealed: bytes
) -> None:
    # A sealed PDF inside shows its own %PDF-, startxref and %%EOF unless it is packed with care.
    noise = bytes(range(256)) * 3 + b"%PDF-1.7\nstartxref\n%%EOF/ByteRange"
    sources = (
        Source("RC-KJJ-2026-10-第1版.pdf", sealed),
        Source("b.pdf", noise),
        Source("空.bin", b""),
    )
    merged = seal(pages, b"{}", district.unit, signed_at=SIGNED, sources=sources)
    opened = district.open(merged, allow_sources=True)
    assert opened.verdict == "valid"
    assert opened.payload == b"{}"
    assert sorted(opened.sources, key=lambda s: s.name) == sorted(sources, key=lambda s: s.name)
    inner = next(source.data for source in opened.sources if source.data == sealed)
    assert district.open(inner).payload == PAYLOAD


def test_a_return_that_carries_another_file_is_refused(
    district: District, pages: bytes, sealed: bytes
) -> None:
    merged = seal(
        pages, PAYLOAD, district.unit, signed_at=SIGNED, sources=[Source("a.pdf", sealed)]
    )
    assert refused(district.open(merged), "payload-unexpected-file")


@pytest.mark.parametrize("seed", range(3))
def test_incompressible_sources_full_of_marks_survive(
    district: District, pages: bytes, seed: int
) -> None:
    generator = random.Random(seed)
    marks = (b"%PDF-", b"startxref", b"%%EOF", b"/ByteRange")
    data = b"".join(
        generator.randbytes(generator.randrange(400)) + generator.choice(marks) for _ in range(200)
    )
    merged = seal(
        pages, b"{}", district.unit, signed_at=SIGNED, sources=[Source("random.bin", data)]
    )
    assert district.open(merged, allow_sources=True).sources == (Source("random.bin", data),)


def test_carried_files_have_a_bound_together(district: District, pages: bytes) -> None:
    zeros = [Source(f"{number}.bin", bytes(400_000)) for number in range(3)]
    merged = seal(pages, b"{}", district.unit, signed_at=SIGNED, sources=zeros)
    assert district.open(merged, allow_sources=True, max_size=1_200_000).verdict == "valid"
    small = district.open(merged, allow_sources=True, max_size=1_199_999)
    assert refused(small, "payload-too-large")


# --- changed bytes -----------------------------------------------------------------------


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_a_flipped_byte_in_the_pages_is_refused(district: District, sealed: bytes) -> None:
    opened = district.open(flip(sealed, sealed.index(b"RONGCHANG")))
    assert refused(opened, "signature-invalid")
    assert opened.facts.intact is False
    assert opened.facts.signature_valid is True


def test_a_flipped_byte_in_the_payload_is_refused(district: District, sealed: bytes) -> None:
    stream = sealed.index(b"stream\n", sealed.index(b"/EmbeddedFile\n")) + 20
    assert refused(district.open(flip(sealed, stream)), "signature-invalid")


@pytest.mark.parametrize(
    "tail", [b"\n", b" ", b"\0", b"%%EOF\n", b"x" * 5000, b"\nstartxref\n0\n%%EOF\n"]
)
def test_trailing_bytes_are_refused(district: District, sealed: bytes, tail: bytes) -> None:
    assert refused(district.open(sealed + tail), "not-one-revision")


@pytest.mark.parametrize("front", [b"\n", b"%PDF-1.4\n", b"MZ"])
def test_bytes_before_the_header_are_refused(
    district: District, sealed: bytes, front: bytes
) -> None:
    assert district.open(front + sealed).verdict == "invalid"


def test_an_appended_update_is_refused(district: District, sealed: bytes) -> None:
    start = int(sealed.split(b"startxref\n")[1].split()[0])
    body = b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    update = (
        body
        + b"xref\n1 1\n%010d 00000 n \n" % len(sealed)
        + b"trailer\n<< /Size 2 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
        % (start, len(sealed) + len(body))
    )
    assert refused(district.open(sealed + update), "not-one-revision")


def test_a_second_signature_is_refused(district: District, sealed: bytes) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    from rongchang_desk.signing.sealing import _KeySigner

    other = district.authority.issue("RC-JW", "区教委", not_before=BEGIN, not_after=END)
    metadata = signers.PdfSignatureMetadata(
        field_name="Second", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    signer = signers.PdfSigner(metadata, _KeySigner(other))
    signer._enforce_certification_constraints = lambda reader: None  # a forger would not care
    twice = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(sealed))).getvalue()
    assert twice.startswith(sealed)
    assert refused(district.open(twice), "not-one-revision")


@pytest.mark.parametrize(("first", "second"), [(-1, 0), (0, 1), (1, 0), (-9, 3)])
def test_a_gap_elsewhere_than_the_contents_is_refused(
    district: District, sealed: bytes, first: int, second: int
) -> None:
    start, end = gap(sealed)
    old = b"/ByteRange [0 %d %d %d]" % (start, end, len(sealed) - end)
    new = b"/ByteRange [0 %d %d %d]" % (start + first, end + second, len(sealed) - end - second)
    assert len(old) == len(new)
    assert refused(district.open(sealed.replace(old, new)), "not-one-revision")


def test_something_hidden_in_the_padding_is_refused(district: District, sealed: bytes) -> None:
    _, end = gap(sealed)
    hidden = sealed[: end - 3] + b"41" + sealed[end - 1 :]
    opened = district.open(hidden)
    assert refused(opened, "signature-malformed")


@pytest.mark.parametrize("digits", [b"0 ", b"00", b"0g", b"\n0"])
def test_the_gap_is_exactly_one_string_of_hex_digits(
    district: District, sealed: bytes, digits: bytes
) -> None:
    _, end = gap(sealed)
    changed = district.open(sealed[: end - 3] + digits + sealed[end - 1 :])
    if digits == b"00":
        assert changed.verdict == "valid"
    else:
        assert refused(changed, "not-one-revision")


def test_lower_case_digits_in_the_gap_are_refused(district: District, sealed: bytes) -> None:
    start, end = gap(sealed)
    lower = sealed[:start] + sealed[start:end].lower() + sealed[end:]
    assert refused(district.open(lower), "not-one-revision")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_change_of_one_byte_ever_opens_with_another_payload(
    district: District, sealed: bytes, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    value = data.draw(st.integers(0, 255))
    opened = district.open(sealed[:place] + bytes([value]) + sealed[place + 1 :])
    assert opened.payload in (None, PAYLOAD)
    assert value == sealed[place] or opened.verdict == "invalid"


@settings(max_examples=100, deadline=None)
@given(noise=st.binary(max_size=300), keep=st.integers(1, 300))
def test_noise_is_refused_and_never_raises(
    district: District, sealed: bytes, noise: bytes, keep: int
) -> None:
    assert district.open(noise).verdict == "invalid"
    assert district.open(sealed[:keep] + noise + sealed[-keep:]).verdict == "invalid"


@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.8, 0.999])
def test_a_truncated_file_is_refused_as_incomplete(
    district: District, sealed: bytes, part: float
) -> None:
    assert refused(district.open(sealed[: int(len(sealed) * part)]), "file-incomplete")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", "月报".encode()])
def test_what_is_no_pdf_is_told_so(district: District, data: bytes) -> None:
    assert refused(district.open(data), "not-a-pdf")


def test_an_unsigned_pdf_is_told_so(district: District, pages: bytes) -> None:
    assert refused(district.open(pages), "not-signed")


def test_a_huge_file_is_refused_unread(district: District, sealed: bytes) -> None:
    opened = district.open(sealed, max_size=len(sealed) - 1)
    assert refused(opened, "too-large")
    assert opened.facts.one_revision is None
    assert district.open(sealed, max_size=len(sealed)).verdict == "valid"


def test_a_payload_that_inflates_hugely_is_refused(district: District, pages: bytes) -> None:
    bomb = seal(pages, bytes(9 * 1024 * 1024), district.unit, signed_at=SIGNED)
    assert len(bomb) < 100_000
    assert refused(district.open(bomb), "payload-too-large")
    assert district.open(bomb, max_payload=9 * 1024 * 1024).verdict == "valid"


# --- trust and time ----------------------------------------------------------------------


def test_another_office_s_root_of_the_same_name_is_not_ours(
    district: District, other_authority: Authority, pages: bytes, sealed: bytes
) -> None:
    stranger = other_authority.issue(*UNIT, not_before=BEGIN, not_after=END)
    opened = district.open(seal(pages, PAYLOAD, stranger, signed_at=SIGNED))
    assert refused(opened, "signer-unknown")
    assert opened.signer is None
    assert opened.facts.signature_valid is True
    assert opened.facts.chains_to_root is False
    assert refused(
        district.open(sealed, trust=Trust(other_authority.root_der, district.trust.crl)),
        "signer-unknown",
    )


def test_before_and_after_its_validity_a_certificate_does_not_count(
    district: District, sealed: bytes
) -> None:
    trust = Trust(district.trust.root, district.crl(end=END + timedelta(days=30)))
    assert district.open(sealed, trust=trust, at=END).verdict == "valid"
    late = district.open(sealed, trust=trust, at=END + timedelta(seconds=1))
    assert refused(late, "certificate-expired")
    assert late.facts.in_validity is False
    assert late.signer is not None
    early = district.open(sealed, trust=trust, at=BEGIN - timedelta(seconds=1))
    assert refused(early, "certificate-not-yet-valid")


def test_without_a_revocation_list_nothing_is_ever_valid(district: District, sealed: bytes) -> None:
    opened = district.open(sealed, trust=Trust(district.authority.root_der))
    assert opened.verdict == "unknown"
    assert codes(opened) == ["revocation-unknown"]
    assert opened.facts.not_revoked is None
    assert opened.payload is None
    assert opened.signer is not None


def test_a_list_that_ended_decides_nothing(district: District, sealed: bytes) -> None:
    ended = Trust(district.trust.root, district.crl(end=NOW + timedelta(days=1)))
    assert district.open(sealed, trust=ended, at=NOW + timedelta(days=1)).verdict == "valid"
    opened = district.open(sealed, trust=ended, at=NOW + timedelta(days=2))
    assert opened.verdict == "unknown"
    assert codes(opened) == ["revocation-stale"]
    assert opened.payload is None


def test_a_list_of_another_root_decides_nothing(
    district: District, other_authority: Authority, sealed: bytes
) -> None:
    foreign = other_authority.crl(1, this_update=BEGIN, next_update=END)
    for crl in (foreign, b"noise", b""):
        opened = district.open(sealed, trust=Trust(district.trust.root, crl))
        assert opened.verdict == "unknown"
        assert codes(opened) == ["revocation-unusable"]


def test_an_unusable_root_decides_nothing(district: District, sealed: bytes) -> None:
    for root in (b"noise", district.unit.certificate):
        opened = district.open(sealed, trust=Trust(root, district.trust.crl))
        assert opened.verdict == "unknown"
        assert codes(opened) == ["trust-unusable"]
        assert opened.payload is None


def test_a_revoked_key_no_longer_counts_but_old_returns_do(
    district: District, sealed: bytes
) -> None:
    signer = district.open(sealed).signer
    assert signer is not None
    trust = Trust(district.trust.root, district.crl(Revoked(signer.serial, NOW)))
    opened = district.open(sealed, trust=trust, at=NOW)
    assert refused(opened, "certificate-revoked")
    assert opened.facts.not_revoked is False
    # Received before the key was revoked: judged at its receipt time with today's list.
    assert district.open(sealed, trust=trust, at=NOW - timedelta(days=1)).verdict == "valid"
    other = Trust(district.trust.root, district.crl(Revoked(signer.serial + 1, NOW)))
    assert district.open(sealed, trust=other).verdict == "valid"


def test_the_moment_needs_a_zone(district: District, sealed: bytes) -> None:
    with pytest.raises(ValueError, match="time zone"):
        district.open(sealed, at=datetime(2026, 11, 6))  # noqa: DTZ001  that is the point


def test_the_exported_trust_comes_back_with_and_without_the_list(district: District) -> None:
    assert Trust.from_pem(district.trust.to_pem()) == district.trust
    alone = Trust(district.trust.root)
    assert Trust.from_pem(alone.to_pem()) == alone == Trust.from_pem(district.authority.root_pem)


def test_a_file_without_exactly_one_root_is_no_trust(
    district: District, other_authority: Authority
) -> None:
    two = district.authority.root_pem + other_authority.root_pem
    unit = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    only_list = district.trust.to_pem()[len(district.authority.root_pem) :]
    for data in (b"", b"noise", two, unit, only_list, b"-----BEGIN X-----\n-----END X-----"):
        with pytest.raises(FoundWrong):
            Trust.from_pem(data)


# --- the verdict itself ------------------------------------------------------------------


def test_the_verdict_is_valid_only_when_every_fact_is_true() -> None:
    names = list(Facts().as_dict())
    good = dict.fromkeys(names, True)
    assert Facts(**good).verdict == "valid"
    for name in names:
        assert Facts(**{**good, name: None}).verdict == "unknown"
        assert Facts(**{**good, name: False}).verdict == "invalid"
    assert Facts().verdict == "unknown"


def test_every_message_is_chinese_and_says_what_to_do() -> None:
    for code, message in MESSAGES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert message.endswith("。")
        assert "请" in message
        assert not re.search(r"[A-Za-z]{4,}", message)


def test_files_of_several_units_stay_apart_when_opened_in_turn(
    district: District, pages: bytes
) -> None:
    """Nothing remembered from one file (or unit) leaks into the next."""
    units = [
        district.authority.issue(f"RC-{n}", f"单位{n}", not_before=BEGIN, not_after=END)
        for n in range(3)
    ]
    files = [seal(pages, b"%d" % n, unit, signed_at=SIGNED) for n, unit in enumerate(units)]
    for _ in range(3):
        for n, file in enumerate(files):
            opened = district.open(file)
            assert opened.payload == b"%d" % n
            assert opened.signer is not None
            assert opened.signer.unit_code == f"RC-{n}"


def test_text_with_marks_in_the_payload_does_no_harm(district: District) -> None:
    payload = '{"标题":"%%EOF startxref /ByteRange %PDF-1.7"}'.encode()
    sealed = seal(draw_pages("plain"), payload, district.unit, signed_at=SIGNED)
    assert district.open(sealed).payload == payload


# --- what an insider with a genuine key could try on the raw bytes --------------------------


def test_bytes_signed_again_unchanged_still_open(district: District, sealed: bytes) -> None:
    """The twin of the refusals below."""
    assert district.open(sign_again(sealed, district.unit)).payload == PAYLOAD


@pytest.mark.parametrize("mark", ["%PDF-", "startxref", "%%EOF", "/ByteRange"])
def test_a_mark_that_stands_twice_is_refused_though_signed(district: District, mark: str) -> None:
    twice = draw_pages(f"RONGCHANG {mark} again")
    assert mark.encode() in twice
    odd = seal_oddly(twice, district.unit, lambda writer: None)
    assert refused(district.open(odd), "not-one-revision")
    with pytest.raises(Exception, match="not-one-revision"):
        seal(twice, PAYLOAD, district.unit, signed_at=SIGNED)


@pytest.mark.parametrize("tail", [b"\n\n", b"%hidden", b"\0"])
def test_signed_bytes_behind_the_end_are_refused(
    district: District, sealed: bytes, tail: bytes
) -> None:
    assert refused(district.open(sign_again(sealed + tail, district.unit)), "not-one-revision")


@pytest.mark.parametrize("left_out", [1, 6, 100])
def test_a_byte_range_that_leaves_out_the_end_is_refused(
    district: District, sealed: bytes, left_out: int
) -> None:
    odd = sign_again(sealed, district.unit, left_out=left_out)
    assert refused(district.open(odd), "not-one-revision")


def test_a_gap_that_is_not_called_contents_is_refused(district: District, sealed: bytes) -> None:
    odd = sign_again(sealed.replace(b"/Contents <3", b"/Contentz <3"), district.unit)
    assert refused(district.open(odd), "not-one-revision")


def test_a_stored_source_shows_no_marks_of_its_own(district: District, pages: bytes) -> None:
    noise = random.Random(1).randbytes
    data = noise(90_000) + b"%%EOF" + noise(90_000) + b"%PDF-1.7" + noise(90_000)
    merged = seal(pages, b"{}", district.unit, signed_at=SIGNED, sources=[Source("n.bin", data)])
    assert district.open(merged, allow_sources=True).sources[0].data == data


def test_when_pyhanko_disagrees_nothing_is_handed_out(
    district: District, sealed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rongchang_desk.signing.envelope.agrees", lambda *given: False)
    opened = district.open(sealed)
    assert refused(opened, "second-opinion-differs")
    assert opened.facts.second_opinion is False


def test_contents_cannot_be_put_into_an_outcome_that_is_not_valid() -> None:
    with pytest.raises(ValueError, match="only a valid file"):
        Opened(Facts(one_revision=True), payload=b"{}")
    with pytest.raises(ValueError, match="only a valid file"):
        Opened(Facts(one_revision=False), sources=(Source("a", b""),))


def test_a_list_with_limits_we_do_not_know_decides_nothing(
    district: District, sealed: bytes
) -> None:
    authority = district.authority
    root = x509.load_der_x509_certificate(authority.root_der)
    limits = x509.IssuingDistributionPoint(
        full_name=None, relative_name=None, only_contains_user_certs=False,
        only_contains_ca_certs=True, only_some_reasons=None, indirect_crl=False,
        only_contains_attribute_certs=False,
    )  # fmt: skip
    limited = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(BEGIN)
        .next_update(END)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(limits, critical=True)
        .sign(authority.key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    opened = district.open(sealed, trust=Trust(district.trust.root, limited))
    assert opened.verdict == "unknown"
    assert codes(opened) == ["revocation-unusable"]
