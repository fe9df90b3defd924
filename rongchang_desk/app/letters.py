"""Letters 往来文件 on their way out: composed, laid out, signed, stored and written whole, in that
order. What each kind says is for `app.parcels` and `app.supervision`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import paper_fonts
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import ready_to_appear, write_whole
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.domain.parcel import (
    EVERYBODY,
    FORMAT_VERSION,
    LIST_FILE,
    OFFICE,
    Parcel,
    ParcelKind,
)
from rongchang_desk.errors import UsageError
from rongchang_desk.store import audit, keys
from rongchang_desk.store import parcels as stored

if TYPE_CHECKING:
    from rongchang_desk.signing.envelope import Source
    from rongchang_desk.signing.identity import Identity


@dataclass(frozen=True, slots=True)
class Written:
    """A signed parcel that was written; `again` when an earlier one was written once more."""

    parcel: Parcel
    file: Path
    digest: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """What a parcel says, before number, time and signature."""

    kind: ParcelKind
    addressee: str
    title: str
    text: str
    month: Month | None = None
    answers: str = ""
    revision: int = 0
    reasons: tuple[str, ...] = ()
    due: date | None = None


def issued(desk: Desk) -> tuple[Parcel, ...]:
    """The parcels this desk has issued, newest first."""
    return tuple(reversed(stored.issued(desk.store)))


def issued_pdf(desk: Desk, parcel_id: str) -> bytes:
    """An issued parcel's file as it was signed; KeyError for another's."""
    return stored.issued_pdf(desk.store, parcel_id)


def outbox(desk: Desk) -> Path:
    """The folder that parcels go to unless told otherwise."""
    return desk.exports / "来往件" if desk.role is Role.OFFICE else desk.exports


def write_again(desk: Desk, parcel_id: str, out: Path) -> Path:
    """Write an issued parcel once more, byte for byte; CannotWrite, KeyError for another's."""
    write_whole(out, stored.issued_pdf(desk.store, parcel_id))
    return out


def file_name(desk: Desk, parcel: Parcel) -> str:
    """A clear name for a parcel's file, e.g. `区科技局_2026-10_回执_20261102001.pdf`."""
    everybody = {EVERYBODY: "各单位", OFFICE: desk.unit.name if desk.role is Role.UNIT else ""}
    who = everybody.get(parcel.addressee) or desk.plan.name_of(parcel.addressee)
    month = f"_{parcel.month}" if parcel.month else ""
    return f"{who}{month}_{parcel.kind.label}_{parcel.sequence}.pdf"


def write(
    desk: Desk,
    identity: Identity,
    letter: Letter,
    out: Path | None = None,
    *,
    folder: Path | None = None,
    files: tuple[Source, ...] = (),
    also: Callable[[Parcel], object] | None = None,
    newest_list: bytes = b"",
    keep_file: bool = True,
) -> Written:
    """Sign a letter, store it together with what it changes here (`also`), and write its file.

    Without `keep_file` only its data stay here: what it carries is in the desk anyway.
    """
    from rongchang_desk.formats import parcel_json
    from rongchang_desk.signing.certificates import fingerprint
    from rongchang_desk.signing.envelope import seal

    parcel = _numbered(desk, letter)
    payload = parcel_json.dumps(parcel)
    digest = parcel_json.digest(payload)
    pdf = seal(
        pages_of(desk, parcel, digest, fingerprint(identity.certificate)),
        payload,
        identity,
        payload_name="parcel.json",
        signed_at=parcel.issued_at,
        sources=(*files, *_newest_list(desk, newest_list)),
    )
    target = out or (folder or outbox(desk)) / file_name(desk, parcel)
    # The row first, then the file's name: a file that left the desk is always on its books.
    with ready_to_appear(target, pdf), desk.store.transaction():
        stored.issue(desk.store, parcel, payload, pdf if keep_file else b"")
        audit.note(desk.store, desk.now(), "parcel-issued", f"{parcel.kind} {parcel.sequence}")
        if also is not None:
            also(parcel)
    return Written(parcel, target, digest)


def again(desk: Desk, parcel: Parcel, folder: Path) -> Written:
    """Write an issued parcel once more into a folder, under its own name."""
    from rongchang_desk.formats import parcel_json

    target = write_again(desk, parcel.id, folder / file_name(desk, parcel))
    return Written(parcel, target, parcel_json.digest(parcel_json.dumps(parcel)), again=True)


def _numbered(desk: Desk, letter: Letter) -> Parcel:
    office = desk.role is Role.OFFICE
    now = desk.now()
    return Parcel(
        format=FORMAT_VERSION,
        kind=letter.kind,
        id=desk.new_id(),
        sequence=_next_sequence(desk, now),
        plan=desk.plan.code,
        issuer=OFFICE if office else desk.unit_code,
        issuer_name=desk.plan.office_name if office else desk.unit.name,
        addressee=letter.addressee,
        issued_at=now,
        month=letter.month,
        answers=letter.answers,
        revision=letter.revision,
        title=letter.title,
        text="\n".join(filter(None, (line.strip() for line in letter.text.split("\n")))),
        reasons=letter.reasons,
        due=letter.due,
    )


def _next_sequence(desk: Desk, now: datetime) -> int:
    """The next number: day of issue and three digits, and always above the last one.

    Starting from the day, an office restored from an older backup does not repeat numbers that
    units have seen, which they would take for stale.
    """
    return max(stored.last_sequence(desk.store) + 1, int(f"{now:%Y%m%d}") * 1000 + 1)


def pages_of(desk: Desk, parcel: Parcel, digest: str, certificate: str) -> bytes:
    """The pages of a parcel with this digest, unsigned; `certificate` is its signer's (SHA-256)."""
    from rongchang_desk.documents import archive, parcel_pdf

    signer = parcel_pdf.SignerBlock(
        parcel.issuer_name,
        parcel.issued_at.isoformat(timespec="seconds"),
        certificate,
    )
    with paper_fonts.applied(desk):
        pages = parcel_pdf.render(desk.plan, parcel, digest=digest, signer=signer)
    return archive.finish(
        pages,
        title=file_name(desk, parcel).removesuffix(".pdf"),
        author=parcel.issuer_name,
        created=parcel.issued_at,
    )


def _newest_list(desk: Desk, newer: bytes = b"") -> Iterator[Source]:
    """The office's newest revocation list, which rides along in all its parcels."""
    from rongchang_desk.signing.envelope import Source

    if desk.role is Role.OFFICE:
        der = newer or keys.newest_crl(desk.store)[1]
        if der:
            yield Source(LIST_FILE, der)


def moment(at: datetime) -> str:
    """A time as letters say it: 2026年11月2日9时05分."""
    return f"{in_words(at)}{at.hour}时{at:%M}分"


def require_key(desk: Desk, role: Role, identity: Identity) -> None:
    """Raise UsageError when a key is not this desk's own, or the desk of the other kind."""
    desk.require(role)
    if identity.unit_code != (OFFICE if role is Role.OFFICE else desk.unit_code):
        raise UsageError(
            f"密钥属于“{identity.unit_name}”，不是本工作台的。", "请使用本工作台自己的密钥和口令。"
        )


def require_unit(desk: Desk, unit: str) -> None:
    """Raise UsageError for a unit the plan does not have."""
    if not desk.plan.has_unit(unit):
        raise UsageError(
            f"方案中没有代码为“{unit}”的单位。",
            f"可用代码：{'、'.join(u.code for u in desk.plan.units)}。",
        )


def require_month(desk: Desk, month: Month) -> None:
    """Raise UsageError for a month the plan does not cover."""
    if not desk.plan.covers(month):
        raise UsageError(f"{month.label}不在方案实施期内。", "请核对月份。")
