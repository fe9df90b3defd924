"""Evidence from a unit to the office: what travels, what is taken, what is refused by name."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from rongchang_desk.app import evidence, evidence_sending, intake, record, sending_back
from rongchang_desk.app.correspondence import letters, pdf_of
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.evidence_taking import UNLISTED
from rongchang_desk.app.letters import Letter, pages_of, write
from rongchang_desk.app.parcel_opening import ParcelRefused, open_feedback, open_parcel
from rongchang_desk.app.running import Running
from rongchang_desk.domain.parcel import OFFICE, ParcelKind
from rongchang_desk.domain.records import Evidence, Training
from rongchang_desk.errors import Cancelled, FoundWrong, UsageError
from rongchang_desk.formats import parcel_json
from rongchang_desk.signing import identity, key_file
from rongchang_desk.signing.envelope import Source, open_sealed, seal
from rongchang_desk.store import evidence as contents
from tests.district import MONTH, PASSPHRASE, District
from tests.unit.documents.reading import all_text

_read_once = cache(key_file.read_key_file)


@pytest.fixture(autouse=True)
def _keys_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow derivation is the same for the same file and passphrase."""
    monkeypatch.setattr(identity, "read_key_file", _read_once)


PHOTO, SHEET = b"\xff\xd8 a photo of the meeting", "签到表".encode() * 50


def with_files(district: District, code: str, **files: bytes) -> Training:
    """A training with files of these stems and contents."""
    added = []
    for stem, body in files.items():
        path = district.folder / f"{stem}.jpg"
        path.write_bytes(body)
        added.append(evidence.add(district.desk(code), path))
    return replace(district.training(code), evidence=tuple(added))


def send(district: District, code: str = "A1", **wish: object) -> evidence_sending.Sent:
    desk = district.desk(code)
    key = desk.identity(PASSPHRASE)
    return evidence_sending.send(desk, MONTH, key, **wish)  # type: ignore[arg-type]


def held(desk: Desk) -> set[str]:
    return {one.name for one in contents.kept(desk.store)}


@pytest.fixture
def reported(district: District) -> District:
    """A1's signed return lists a photo and a sheet; the office has it."""
    district.take(district.report("A1", with_files(district, "A1", 照片=PHOTO, 签到=SHEET)))
    return district


def letter(district: District, code: str, *files: Source, signer: str = "") -> Path:
    """An evidence parcel made by hand, as an altered program might make one."""
    desk = district.desk(code)
    words = Letter(ParcelKind.EVIDENCE, OFFICE, "材料", "附上。", month=MONTH, answers="ab" * 32)
    made = write(desk, desk.identity(PASSPHRASE), words, files=files)
    if signer:
        other = district.desk(signer).identity(PASSPHRASE)
        opened = open_sealed(
            made.file.read_bytes(), district.office.trust(), at=district.clock(),
            payload_name="parcel.json", allow_sources=True,
        )  # fmt: skip
        assert opened.payload is not None
        pages = pages_of(desk, made.parcel, made.digest, "")
        made.file.write_bytes(
            seal(pages, opened.payload, other, signed_at=district.clock(),
                 payload_name="parcel.json", sources=files)
        )  # fmt: skip
    return made.file


def refused(district: District, file: Path) -> set[str]:
    """The codes of a refusal that changed nothing, both ways in."""
    before = held(district.office)
    with pytest.raises(ParcelRefused) as refusal:
        open_feedback(district.office, file)
    (outcome,) = district.take(file).outcomes
    assert outcome.outcome == "refused"
    assert held(district.office) == before
    return {finding.code for finding in refusal.value.findings}


def test_what_the_return_lists_travels_and_is_stored_under_its_hash(reported: District) -> None:
    sent = send(reported)
    (made,) = sent.parcels
    assert (sent.files, sent.missing) == (2, ())
    assert "2026-10_佐证材料包_" in made.file.name
    done = open_feedback(reported.office, made.file)
    assert "新收 2 件" in done.what
    assert not done.again
    for body in (PHOTO, SHEET):
        assert contents.body(reported.office.store, hashlib.sha256(body).hexdigest()) == body


def test_opened_twice_changes_nothing(reported: District) -> None:
    file = send(reported).parcels[0].file
    assert reported.take(file).of("accepted")
    before = reported.office.store.rows("SELECT * FROM evidence")
    again = open_feedback(reported.office, file)
    assert again.again
    assert "已有 2 件" in again.what
    assert [o.outcome for o in reported.take(file).outcomes] == ["duplicate"]
    assert reported.office.store.rows("SELECT * FROM evidence") == before


def test_taking_in_tells_the_counts_and_keeps_returns_apart(reported: District) -> None:
    file = send(reported).parcels[0].file
    taken = reported.take(file)
    (entry,) = intake.batch(reported.office, taken)
    assert entry.reasons == ("佐证材料包：新收 2 件。",)
    assert not entry.is_return
    assert entry.unit == reported.office.plan.name_of("A1")
    assert all(c.entry.is_return for c in sending_back.candidates(reported.office))


def test_a_parcel_before_its_return_is_refused_asks_for_no_slip_and_is_taken_later(
    district: District,
) -> None:
    returned = district.report("A1", with_files(district, "A1", 照片=PHOTO))
    file = send(district).parcels[0].file
    assert refused(district, file) == {"no-return"}
    (entry, *_) = intake.log(district.office)
    found = sending_back.wanted(district.office, [entry])
    assert (found.wanted, found.unknown) == ((), ())
    district.take(returned)
    assert district.take(file).of("accepted")
    assert held(district.office) == {"照片.jpg"}


def test_files_of_a_superseded_return_are_still_taken(reported: District) -> None:
    file = send(reported).parcels[0].file
    desk = reported.desk("A1")
    (one,) = record.of_month(desk, MONTH).trainings
    reported.record("A1", replace(one, evidence=one.evidence[:1]))
    reported.take(reported.export("A1", amend="去掉一件材料"))
    assert "新收 2 件" in open_feedback(reported.office, file).what


def test_what_no_return_lists_is_refused_by_name_and_the_rest_is_taken(
    reported: District,
) -> None:
    file = letter(reported, "A1", Source("1_照片.jpg", PHOTO), Source("2_夹带.jpg", b"other"))
    (outcome,) = reported.take(file).outcomes
    assert outcome.outcome == "accepted"
    assert [r.code for r in outcome.reasons] == ["evidence-parcel", UNLISTED]
    assert "2_夹带.jpg" in outcome.reasons[1].message
    assert held(reported.office) == {"照片.jpg"}


def test_a_parcel_of_strange_files_only_is_refused(reported: District) -> None:
    file = letter(reported, "A1", Source("夹带.jpg", b"other"))
    assert refused(reported, file) == {UNLISTED}
    assert refused(reported, letter(reported, "A1")) == {"missing-file"}


def test_another_units_files_and_another_units_signature_are_refused(reported: District) -> None:
    assert refused(reported, letter(reported, "B1", Source("照片.jpg", PHOTO))) == {"no-return"}
    forged = letter(reported, "A1", Source("照片.jpg", PHOTO), signer="B1")
    assert refused(reported, forged) == {"wrong-issuer"}


def test_an_altered_parcel_is_refused(reported: District) -> None:
    file = send(reported).parcels[0].file
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    assert refused(reported, file) <= {"signature-invalid", "not-one-revision"}


def test_a_unit_does_not_open_evidence(reported: District) -> None:
    file = send(reported).parcels[0].file
    with pytest.raises(ParcelRefused) as refusal:
        open_parcel(reported.desk("B1"), file)
    assert {f.code for f in refusal.value.findings} == {"wrong-issuer"}


def test_a_file_damaged_at_the_office_is_mended_by_the_parcel(reported: District) -> None:
    file = send(reported).parcels[0].file
    open_feedback(reported.office, file)
    with reported.office.store.transaction():
        reported.office.store.connection.execute("UPDATE evidence SET body = x'00'")
    assert "新收 2 件" in open_feedback(reported.office, file).what
    assert evidence.content(reported.office, Evidence("照片.jpg", 1, _sha(PHOTO))) == PHOTO


def _sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def test_missing_and_damaged_files_are_told_by_name(reported: District) -> None:
    store = reported.desk("A1").store
    with store.transaction():
        store.connection.execute("DELETE FROM evidence WHERE name = '照片.jpg'")
    sent = send(reported)
    assert (sent.files, sent.missing) == (1, ("照片.jpg",))
    with store.transaction():
        store.connection.execute("UPDATE evidence SET body = x'00'")
    with pytest.raises(FoundWrong, match=r"照片\.jpg、签到\.jpg"):
        send(reported)


def test_only_the_newest_signed_return_says_what_travels(district: District) -> None:
    with pytest.raises(FoundWrong, match="还没有生成"):
        send(district)
    district.report("A1")
    with pytest.raises(FoundWrong, match="没有列出"):
        send(district)
    district.record("A1", with_files(district, "A1", 照片=PHOTO))
    with pytest.raises(FoundWrong, match="没有列出"):
        send(district)  # recorded, but not signed
    district.export("A1", amend="补充材料")
    assert send(district).files == 1


def test_a_large_month_travels_in_several_parcels(district: District, tmp_path: Path) -> None:
    body = bytes(range(256)) * 3000
    files = {f"照片{n}": body + bytes([n]) for n in range(3)}
    district.take(district.report("A1", with_files(district, "A1", **files)))
    sent = send(district, out=tmp_path / "材料.pdf", most=1)
    assert [p.file.name for p in sent.parcels] == ["材料.pdf", "材料_2.pdf", "材料_3.pdf"]
    assert "第2包，共3包" in sent.parcels[1].parcel.title
    assert "照片1.jpg" in all_text(sent.parcels[1].file.read_bytes())
    taken = district.take(*(p.file for p in reversed(sent.parcels)))
    assert len(taken.of("accepted")) == 3
    assert len(held(district.office)) == 3
    with pytest.raises(UsageError, match="1 到 200"):
        send(district, most=201)


def test_a_cancelled_export_leaves_whole_parcels(district: District, tmp_path: Path) -> None:
    files = {f"照片{n}": bytes([n]) * 800_000 for n in range(2)}
    district.report("A1", with_files(district, "A1", **files))

    class Stop(Running):
        def show(self, done: int, total: int, what: str) -> None:
            if done == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        send(district, out=tmp_path / "材料.pdf", most=1, running=Stop())
    assert [p.name for p in tmp_path.glob("材料*")] == ["材料.pdf"]


def test_the_letter_is_read_again_though_the_files_are_kept_once(reported: District) -> None:
    file = send(reported).parcels[0].file
    open_feedback(reported.office, file)
    (row,) = [r for r in letters(reported.office, MONTH).rows if r.incoming]
    assert "照片.jpg" in all_text(pdf_of(reported.office, row))
    assert row.parcel == parcel_json.loads(parcel_json.dumps(row.parcel))
    assert reported.office.store.row("SELECT sum(length(pdf)) FROM opened_parcel") == (0,)
