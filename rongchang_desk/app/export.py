"""From a month's records to a signed return: check, compose, render, seal, write, keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk import __version__
from rongchang_desk.app import drafts, record
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import ready_to_appear, write_whole
from rongchang_desk.app.regain import must_be_on_the_books
from rongchang_desk.app.running import Running
from rongchang_desk.app.standing import month_locked
from rongchang_desk.domain.changes import Change, changes
from rongchang_desk.domain.checks import check_month
from rongchang_desk.domain.finding import Finding, Severity, has_errors
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import (
    Amendment,
    AmendmentKind,
    MonthlyReturn,
    compose,
    file_name,
    same_content,
)
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.store import audit
from rongchang_desk.store import returns as stored

if TYPE_CHECKING:
    from rongchang_desk.signing.identity import Identity


class ReturnBlocked(FoundWrong):
    """The month has errors; `findings` holds all of them."""

    def __init__(self, month: Month, findings: tuple[Finding, ...]) -> None:
        errors = [f for f in findings if f.severity is Severity.ERROR]
        listed = "\n".join(f"  · {f.message}" for f in errors[:8])
        more = f"\n  …… 另有 {len(errors) - 8} 项" if len(errors) > 8 else ""
        super().__init__(
            f"{month.label}的月报有 {len(errors)} 处错误，没有生成：\n{listed}{more}",
            "请逐项更正后再生成。",
        )
        self.findings = findings


@dataclass(frozen=True, slots=True)
class AmendmentWish:
    """Why the clerk wants a new revision."""

    kind: AmendmentKind
    reason: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A return ready to be signed, with its canonical payload and pages."""

    monthly_return: MonthlyReturn
    payload: bytes
    digest: str
    pages: bytes


@dataclass(frozen=True, slots=True)
class Exported:
    """A signed return that was written; `again` when an unchanged month was written again."""

    file: Path
    unit: str
    month: Month
    revision: int
    digest: str
    size: int
    again: bool = False


def check(desk: Desk, month: Month) -> tuple[Finding, ...]:
    """All findings about a month, in order."""
    desk.require(Role.UNIT)
    sheet = record.month_sheet(desk, month)
    found = check_month(
        desk.plan,
        desk.unit_code,
        month,
        record.of_month(desk, month),
        desk.today(),
        zero_stated=sheet.zero_stated,
        signatories=sheet.signatories,
        last_month=record.of_month(desk, month.previous).readings,
        year_ago=record.of_month(desk, Month(month.year - 1, month.month)).readings,
    )
    return (*drafts.findings(desk, month), *found)


def draft(desk: Desk, month: Month, wish: AmendmentWish | None = None) -> MonthlyReturn:
    """The month's return as it would be signed now.

    When nothing changed since the last signed revision, it is that very revision, under
    whatever plan file it was made; then neither an error nor an open draft blocks it, unless
    `wish` asks for something new. Raises ReturnBlocked with all findings, UsageError when a
    changed month needs an amendment's kind and reason, has nothing to amend, or is closed;
    and when the folder of exports holds revisions that the books lacked.
    """
    must_be_on_the_books(desk, month)
    findings = check(desk, month)
    closed = month_locked(desk, month)
    issued = stored.issued(desk.store, month)
    last = issued[-1] if issued else None
    unchanged = last is not None and is_unchanged(desk, last.monthly_return)
    if last is not None and unchanged and wish is None:
        return last.monthly_return
    if has_errors(findings) and not closed:
        raise ReturnBlocked(month, findings)
    if closed and not unchanged:
        raise UsageError(
            closed,
            "确需补报或更正的，请向办公室申请该月的“补报许可”文件，在本工作台打开后再生成。",
        )
    sheet = record.month_sheet(desk, month)

    def composed(revision: int, amends: Amendment | None) -> MonthlyReturn:
        return compose(
            desk.plan,
            desk.plan_digest,
            desk.unit,
            month,
            record.of_month(desk, month),
            revision=revision,
            amends=amends,
            signed_at=desk.now().isoformat(timespec="seconds"),
            software=f"rongchang-desk {__version__}",
            signatories=sheet.signatories,
            explanations=sheet.explanations,
        )

    if last is None:
        if wish is not None:
            raise UsageError(
                f"{month.label}还没有生成过月报，没有可更正的版本。", "请直接生成，不选更正类型。"
            )
        return composed(1, None)
    if unchanged:
        return last.monthly_return
    if wish is None:
        raise UsageError(
            f"{month.label}已生成第 {last.monthly_return.revision} 版，内容此后有改动。",
            "请选择更正类型（数据更正、文字更正或补充）并写明原因，生成新的一版。",
        )
    if not wish.reason.strip():
        raise UsageError("请写明更正原因。", "原因会印在月报上，供办公室和领导查看。")
    return composed(
        last.monthly_return.revision + 1,
        Amendment(last.digest, wish.kind, wish.reason.strip()),
    )


def is_unchanged(desk: Desk, last: MonthlyReturn) -> bool:
    """Whether the month's stored records still say what its last signed return says; texts that
    are drafts are not stored and do not count."""
    sheet = record.month_sheet(desk, last.month)
    now = compose(
        desk.plan,
        last.plan_digest,
        desk.unit,
        last.month,
        record.of_month(desk, last.month),
        revision=0,
        amends=None,
        signed_at="",
        software="",
        signatories=sheet.signatories,
        explanations=sheet.explanations,
    )
    return same_content(now, last)


def prepare(desk: Desk, month: Month, wish: AmendmentWish | None = None) -> Prepared:
    """The draft with its payload and finished pages, unsigned; raises as `draft` does."""
    value = draft(desk, month, wish)
    return _laid_out(desk, value)


def changed(desk: Desk, value: MonthlyReturn) -> tuple[Change, ...]:
    """What an amendment changes against its predecessor; empty for a first return, and for one
    whose predecessor was lost with a damaged store."""
    if value.amends is None:
        return ()
    known = {i.digest: i.monthly_return for i in stored.issued(desk.store, value.month)}
    before = known.get(value.amends.predecessor)
    if before is None:
        return ()
    return changes(desk.plan_of(value.plan_digest) or desk.plan, before, value)


def export(
    desk: Desk,
    month: Month,
    identity: Identity,
    *,
    out: Path | None = None,
    wish: AmendmentWish | None = None,
    running: Running | None = None,
) -> Exported:
    """Sign a month's return and write it, by default into the desk's 报出 folder.

    An unchanged month is written again byte for byte; when another version of the program laid it
    out otherwise, the same data get new pages, which an office of this version can compare.
    Raises as `draft` does, and CannotWrite; what could not be stored does not appear as a file.
    """
    running = running or Running()
    running.step(0, 3, "检查")
    value = draft(desk, month, wish)
    target = out or desk.exports / file_name(value)
    already = {i.digest: i for i in stored.issued(desk.store, month)}
    from rongchang_desk.formats import return_json

    payload = return_json.dumps(value)
    digest = return_json.digest(payload)
    if digest in already:
        pdf = stored.issued_pdf(desk.store, digest)
        if _is_of_another_layout(desk, value, digest, pdf):
            pdf = _sealed(desk, _laid_out(desk, value), identity)
            with ready_to_appear(target, pdf), desk.store.transaction():
                stored.issue_again(desk.store, digest, pdf)
                audit.note(desk.store, desk.now(), "return-laid-out-again", f"{month} {digest}")
        else:
            write_whole(target, pdf)
        return Exported(target, value.unit, month, value.revision, digest, len(pdf), again=True)
    running.step(1, 3, "排版")
    prepared = _laid_out(desk, value)
    running.step(2, 3, "签名")
    pdf = _sealed(desk, prepared, identity)
    # The row first, then the file's name: a file that left the desk is always on its books.
    with ready_to_appear(target, pdf), desk.store.transaction():
        stored.issue(desk.store, prepared.payload, pdf, desk.now())
        audit.note(desk.store, desk.now(), "return-issued", f"{month} r{value.revision} {digest}")
    running.show(3, 3, "完成")
    return Exported(target, value.unit, month, value.revision, digest, len(pdf))


def _is_of_another_layout(desk: Desk, value: MonthlyReturn, digest: str, pdf: bytes) -> bool:
    """Whether a return of another version of the program has pages that this one would not make."""
    from rongchang_desk.app.opening import read_pages
    from rongchang_desk.app.page_agreement import SOFTWARE, page_trouble
    from rongchang_desk.signing.certificates import fingerprint

    if value.software == SOFTWARE:
        return False
    trouble = page_trouble(
        desk.plan_of(value.plan_digest) or desk.plan,
        value,
        changed(desk, value),
        read_pages(pdf),
        digest=digest,
        certificate_fingerprint=fingerprint(desk.certificate()),
    )
    return bool(trouble)


def issued(desk: Desk, month: Month) -> tuple[stored.Issued, ...]:
    """The month's signed returns, first revision first."""
    return stored.issued(desk.store, month)


def issued_pdf(desk: Desk, digest: str) -> bytes:
    """The signed file of one of the desk's own returns, byte for byte; KeyError for another."""
    return stored.issued_pdf(desk.store, digest)


def write_again(desk: Desk, digest: str, out: Path) -> Path:
    """Write one of the desk's own signed returns to a place, byte for byte as it was issued.

    Raises CannotWrite; KeyError for a digest that is not the desk's own.
    """
    write_whole(out, stored.issued_pdf(desk.store, digest))
    return out


def _laid_out(desk: Desk, value: MonthlyReturn) -> Prepared:
    from rongchang_desk.documents import archive, return_pdf
    from rongchang_desk.formats import return_json
    from rongchang_desk.signing.certificates import fingerprint

    payload = return_json.dumps(value)
    digest = return_json.digest(payload)
    pages = return_pdf.render(
        desk.plan_of(value.plan_digest) or desk.plan,
        value,
        digest=digest,
        signer=return_pdf.SignerBlock(
            unit_name=value.unit_name,
            signed_at=value.signed_at,
            certificate_fingerprint=fingerprint(desk.certificate()),
        ),
        changed=changed(desk, value),
    )
    finished = archive.finish(
        pages,
        title=file_name(value).removesuffix(".pdf"),
        author=value.unit_name,
        created=desk.now(),
    )
    return Prepared(value, payload, digest, finished)


def _sealed(desk: Desk, prepared: Prepared, identity: Identity) -> bytes:
    from rongchang_desk.signing.envelope import seal

    if identity.unit_code != desk.unit_code:
        raise UsageError(
            f"密钥属于“{identity.unit_name}”，不是本单位的。", "请使用本单位入网时的密钥。"
        )
    return seal(prepared.pages, prepared.payload, identity, signed_at=desk.now())
