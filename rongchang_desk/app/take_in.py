"""Taking in returns: verify, judge by the rules, store with receipt, file by file.

Every file ends as accepted, duplicate, held or refused with reasons. One bad file never
stops the batch; cancel leaves whole files taken or not taken, never halves.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import page_agreement
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import read_bytes
from rongchang_desk.app.opening import (
    LARGEST,
    PARCEL,
    REGISTER,
    Job,
    Openers,
    Unsealed,
)
from rongchang_desk.app.running import Running
from rongchang_desk.app.standing import locked_for
from rongchang_desk.domain.changes import changes
from rongchang_desk.domain.checks import check_record
from rongchang_desk.domain.finding import Severity
from rongchang_desk.domain.merge import Filed, resolve
from rongchang_desk.domain.monthly_return import MonthlyReturn, total
from rongchang_desk.errors import CannotRead, FoundWrong
from rongchang_desk.store import decisions, ledger, returns
from rongchang_desk.store.keys import newest_crl

if TYPE_CHECKING:
    from rongchang_desk.documents.printed import Printed
    from rongchang_desk.signing.envelope import Opened
    from rongchang_desk.signing.identity import Identity

WORKERS = 1
"""Processes that open files: one verifies as fast as this process draws the pages anew."""

_DIED = {
    "too-slow": "文件读取超过时限，可能是恶意或严重损坏的文件。",
    "reader-died": "读取文件时占用内存过多或程序中断，可能是恶意或严重损坏的文件。",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file was refused or is held; `code` is stable, `message` Chinese."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `accepted`, `duplicate`, `held` or `refused`."""

    file: str
    outcome: str
    unit: str = ""
    month: str = ""
    revision: int = 0
    digest: str = ""
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    """Oddities that do not stop a return, for example an implausible signing time."""


@dataclass
class TakenIn:
    """The outcomes of a batch, in order of the files."""

    outcomes: list[Outcome] = field(default_factory=list)
    cancelled: bool = False

    def of(self, outcome: str) -> list[Outcome]:
        return [o for o in self.outcomes if o.outcome == outcome]

    def so_far(self) -> str:
        """The counts in words."""
        count = Counter(o.outcome for o in self.outcomes)
        return (
            f"已收 {count['accepted']} · 重复 {count['duplicate']} · "
            f"待处理 {count['held']} · 退回 {count['refused']}"
        )


@dataclass(frozen=True, slots=True)
class _File:
    """A file found: its name as shown, its bytes or why they could not be read."""

    name: str
    data: bytes
    trouble: Reason | None = None


def take_in(
    desk: Desk,
    paths: Iterable[Path],
    running: Running | None = None,
    *,
    workers: int = WORKERS,
    identity: Identity | None = None,
) -> TakenIn:
    """Take in files, folders (searched through) and zips of signed PDFs: returns, merged reports,
    evidence parcels.

    A merged report is taken in by its originals, each judged by itself. `identity` signs the
    ledger's head afterwards. When `running` is cancelled, the files taken so far stay taken
    and `cancelled` is set.
    """
    from rongchang_desk.errors import Cancelled

    desk.require(Role.OFFICE)
    running = running or Running()
    found = list(_found(paths))
    taken = TakenIn()
    with Openers(workers) as openers:
        page_agreement.get_ready()  # while the workers start
        trust = desk.trust()
        try:
            fresh = (
                Job(file.name, file.data)
                for file in _unseen(desk, _contents(found, running, taken), taken)
            )
            for opened in openers.open_all(fresh, trust, desk.now()):
                # Files that are ready together share one commit; only then are they reported.
                with desk.store.transaction():
                    settled = [
                        outcome
                        for job, unsealed in opened
                        for outcome in settle(desk, job.tag, job.pdf, unsealed, openers)
                    ]
                taken.outcomes.extend(settled)
        except Cancelled:
            taken.cancelled = True
    taken.outcomes = _with_papers_touched(desk, taken.outcomes)
    if not taken.cancelled:
        running.show(len(found), len(found), "")
    if identity is not None:
        sign_ledger(desk, identity)
    return taken


def _with_papers_touched(desk: Desk, outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes; amendments tell which numbers of which issued papers they change.

    That is domain rule 11: a bulletin may have used the old figures.
    """
    from rongchang_desk.app import issued_papers

    amendments = [o for o in outcomes if o.revision > 1 and o.outcome in ("accepted", "held")]
    if not amendments:
        return outcomes
    touched = issued_papers.touched_by(desk, (o.digest for o in amendments))
    told = {
        o.digest: tuple(paper.note() for paper in touched if paper.is_about(o.unit, o.month))
        for o in amendments
    }
    return [
        replace(o, notes=(*o.notes, *told[o.digest])) if told.get(o.digest) else o for o in outcomes
    ]


def sign_ledger(desk: Desk, identity: Identity) -> None:
    """Sign the ledger's head with the office's key, when there is one to sign."""
    from rongchang_desk.signing.identity import sign_bytes

    head = ledger.head(desk.store)
    if head is not None:
        signature = sign_bytes(identity, f"{head.seq} {head.hash}".encode())
        ledger.keep_signature(desk.store, head.seq, signature, desk.now())


# -- finding files -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file lies: on disk, or as a member of a zip."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.name} › {self.member}" if self.member else self.path.name


def _found(paths: Iterable[Path]) -> Iterator[_Place]:
    """The PDFs at the given places; anything else named outright is kept to be refused."""
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and inner.suffix.lower() in (".pdf", ".zip"):
                    yield from (
                        _in_zip(inner) if inner.suffix.lower() == ".zip" else (_Place(inner),)
                    )
        elif path.suffix.lower() == ".zip" and path.is_file():
            yield from _in_zip(path)
        else:
            yield _Place(path)


def _in_zip(path: Path) -> Iterator[_Place]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [i.filename for i in archive.infolist() if not i.is_dir()]
    except (zipfile.BadZipFile, OSError):
        yield _Place(path)
        return
    yield from (_Place(path, name) for name in members if name.lower().endswith(".pdf"))


def _contents(found: list[_Place], running: Running, taken: TakenIn) -> Iterator[_File]:
    for index, place in enumerate(found):
        running.step(index, len(found), f"{taken.so_far()}　{place.name}")
        yield _read(place)


def _read(place: _Place) -> _File:
    try:
        if not place.member:
            return _File(place.name, read_bytes(place.path, LARGEST))
        with zipfile.ZipFile(place.path) as archive:
            if archive.getinfo(place.member).file_size > LARGEST:
                return _File(place.name, b"", Reason("too-large", "压缩包里的文件太大。"))
            return _File(place.name, archive.read(place.member))
    except CannotRead as problem:
        return _File(place.name, b"", Reason("cannot-read", str(problem).replace("\n", "")))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as problem:
        del problem  # its text is English
        return _File(
            place.name, b"", Reason("cannot-read", "压缩包损坏或加了密码，不能读取其中的文件。")
        )


def _unseen(desk: Desk, files: Iterable[_File], taken: TakenIn) -> Iterator[_File]:
    """The files worth opening; those unreadable or taken before get their outcome here."""
    for file in files:
        sha256 = hashlib.sha256(file.data).hexdigest()
        if file.trouble is not None:
            outcome = Outcome(file.name, "refused", reasons=(file.trouble,))
        elif before := returns.taken_before(desk.store, sha256):
            outcome = Outcome(
                file.name, "duplicate", before.unit or "", before.month or "",
                digest=before.digest or "",
            )  # fmt: skip
        else:
            yield file
            continue
        log_outcome(desk, outcome, sha256)
        taken.outcomes.append(outcome)


# -- judging ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Offered:
    """A file being judged; `pages_again` reads the pages of one that was taken in before."""

    name: str
    pdf: bytes
    pages_again: Callable[[bytes], Printed | str]


def settle(
    desk: Desk, name: str, pdf: bytes, unsealed: Unsealed | str, openers: Openers
) -> Iterator[Outcome]:
    """Judge an opened file and store what is to be stored; call inside a transaction."""
    return _settle(desk, _Offered(name, pdf, openers.pages_again), unsealed)


def _settle(desk: Desk, file: _Offered, unsealed: Unsealed | str) -> Iterator[Outcome]:
    """Judge an opened file and store what is to be stored; call inside a transaction."""
    if isinstance(unsealed, str):
        yield _refuse(desk, file.name, file.pdf, Reason(unsealed, _DIED[unsealed]))
    elif unsealed.opened.payload_name == REGISTER:
        yield _refuse(
            desk, file.name, file.pdf, Reason("not-a-return", "这是密钥登记簿，不是月报。")
        )
    elif unsealed.opened.payload_name == PARCEL and unsealed.opened.payload is not None:
        from rongchang_desk.app import evidence_in_batch

        outcome = evidence_in_batch.outcome_of(desk, file.name, file.pdf, unsealed.opened)
        log_outcome(desk, outcome, hashlib.sha256(file.pdf).hexdigest())
        yield outcome
    elif unsealed.opened.payload_name != "report.json" or unsealed.opened.payload is None:
        yield from _judge_valid(desk, file, unsealed.opened, unsealed.printed)
    else:
        yield from _settle_report(desk, file, unsealed)


def _settle_report(desk: Desk, file: _Offered, unsealed: Unsealed) -> Iterator[Outcome]:
    """The outcomes of a report's originals; the report's own only when its figures are false.

    Its figures are never used. Where returns behind them are not at hand, the last outcome says
    that they were not recomputed.
    """
    from rongchang_desk.app import report_agreement

    outcomes: list[Outcome] = []
    for one in unsealed.originals:
        inner = replace(file, name=f"{file.name} › {one.source.name}", pdf=one.source.data)
        outcomes += _judge_valid(desk, inner, one.opened, one.printed)
    assert unsealed.opened.payload is not None
    made = report_agreement.recount_at_desk(desk, unsealed.opened.payload, unsealed.originals)
    if made.unchecked and outcomes:
        outcomes[-1] = replace(outcomes[-1], notes=(*outcomes[-1].notes, made.unchecked))
    yield from outcomes
    if made.trouble:
        reason = Reason(page_agreement.REPORT_DIFFERS, made.trouble)
        yield _refuse(desk, file.name, file.pdf, reason)


def _judge_valid(
    desk: Desk, file: _Offered, opened: Opened, printed: Printed | None
) -> Iterator[Outcome]:
    from rongchang_desk.app import expired

    if expired.is_only_expired(opened):
        yield expired.hold(desk, file.name, file.pdf, opened)
    elif opened.payload is None or printed is None:
        unit = opened.signer.unit_code if opened.signer else ""
        yield _refuse(desk, file.name, file.pdf, *_reasons(opened), unit=unit)
    else:
        yield from _judge(desk, file, opened, printed)


def _reasons(opened: Opened) -> tuple[Reason, ...]:
    return tuple(Reason(reason.code, reason.message) for reason in opened.reasons)


def _judge(desk: Desk, file: _Offered, opened: Opened, printed: Printed) -> Iterator[Outcome]:
    """The file's outcome, then those of returns held for it whose pages turn out to differ."""
    from rongchang_desk.formats import return_json

    assert opened.payload is not None
    assert opened.signer is not None
    try:
        value = return_json.loads(opened.payload)
    except FoundWrong as problem:
        yield _refuse(
            desk, file.name, file.pdf, Reason("payload-malformed", problem.message),
            unit=opened.signer.unit_code,
        )  # fmt: skip
        return
    digest = return_json.digest(opened.payload)
    signer = opened.signer
    known = returns.received_of(desk.store, value.unit, value.month)
    repeated = returns.has_received(desk.store, digest)
    reasons: tuple[Reason, ...] = ()
    if not repeated:
        stale = _stale(value, known)
        reasons = (*_against_rules(desk, value, signer.unit_code), *((stale,) if stale else ()))
    odd: tuple[str, ...] = ()
    if not reasons:
        reasons, odd = _against_pages(
            desk, value, known, printed, digest, signer.certificate_sha256
        )
    if reasons:
        unit, month = signer.unit_code, str(value.month)
        yield _refuse(desk, file.name, file.pdf, *reasons, unit=unit, month=month)
        return
    outcome = Outcome(file.name, "duplicate", value.unit, str(value.month), value.revision, digest)
    untrue: list[Outcome] = []
    if not repeated:
        waiting = _keep(desk, file, opened, value, known)
        untrue = list(_no_longer_held(desk, file, value, digest, known))
        outcome = replace(
            outcome,
            outcome="held" if waiting else "accepted",
            reasons=waiting,
            notes=(*_oddities(desk, value), *odd),
        )
    log_outcome(desk, outcome, hashlib.sha256(file.pdf).hexdigest())
    yield outcome
    yield from untrue


def _against_pages(
    desk: Desk,
    value: MonthlyReturn,
    known: Iterable[Filed],
    printed: Printed,
    digest: str,
    signer: str,
) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
    """Why a return is refused for its pages, and what is odd about them.

    An amendment lists what it changes: while its predecessor has not come it cannot be judged,
    and is held. One that lists nothing was made at a desk that had lost the predecessor; its own
    figures still have to agree.
    """
    plan = desk.plan_of(value.plan_digest)
    assert plan is not None  # a return of an unknown plan was refused before
    fixed = partial(
        page_agreement.page_trouble,
        plan,
        value,
        printed=printed,
        digest=digest,
        certificate_fingerprint=signer,
    )
    if value.amends is None:
        trouble = fixed(changed=())
        return ((Reason(page_agreement.PAGE_DIFFERS, trouble),), ()) if trouble else ((), ())
    wanted = value.amends.predecessor
    before = next((f.monthly_return for f in known if f.digest == wanted), None)
    if before is None:
        return (), ()
    trouble = fixed(changed=changes(plan, before, value))
    if not trouble:
        return (), ()
    if not fixed(changed=()):
        return (), ("页面没有列出更正内容，请对照前一版查看。",)
    return (Reason(page_agreement.PAGE_DIFFERS, trouble),), ()


def _no_longer_held(
    desk: Desk, file: _Offered, value: MonthlyReturn, digest: str, known: Iterable[Filed]
) -> Iterator[Outcome]:
    """Give up the amendments of this return that came before it, if their pages differ."""
    this = Filed(digest, desk.now(), value)
    for held in [one for one in known if one.predecessor == digest]:
        pdf = returns.original(desk.store, held.digest)
        name, signer = returns.received_file(desk.store, held.digest)
        printed = file.pages_again(pdf)
        reasons: tuple[Reason, ...]
        if isinstance(printed, str):
            reasons = (Reason(printed, _DIED[printed]),)
        else:
            later = held.monthly_return
            reasons, _ = _against_pages(desk, later, (this,), printed, held.digest, signer)
        if reasons:
            returns.take_back(desk.store, held.digest)
            unit, month = value.unit, str(value.month)
            yield _refuse(desk, name, pdf, *reasons, unit=unit, month=month)


def _keep(
    desk: Desk,
    file: _Offered,
    opened: Opened,
    value: MonthlyReturn,
    known: tuple[Filed, ...],
) -> tuple[Reason, ...]:
    """Store a return with its receipt; why it does not count yet, empty when it does."""
    from rongchang_desk.formats import return_json

    assert opened.payload is not None
    assert opened.signer is not None
    digest = return_json.digest(opened.payload)
    signer = opened.signer.certificate_sha256
    now = desk.now()
    returns.receive(
        desk.store,
        value,
        digest=digest,
        payload=opened.payload,
        pdf=file.pdf,
        file_name=file.name,
        signer_sha256=signer,
        now=now,
    )
    if not ledger.has_receipt(desk.store, digest):
        ledger.append(
            desk.store,
            received_at=now,
            digest=digest,
            signer_sha256=signer,
            crl_number=newest_crl(desk.store)[0],
        )
    return _waiting(desk, Filed(digest, now, value), known)


def _against_rules(desk: Desk, value: MonthlyReturn, signer: str) -> Iterator[Reason]:
    """What the return itself breaks: whose it is, of which plan, whether its figures hold.

    It is judged by the plan it was made under: an older one of ours stays understood.
    """
    if value.plan != desk.plan.code:
        yield Reason(
            "wrong-plan",
            f"这是另一个方案（{value.plan}）的月报，本工作台的方案是 {desk.plan.code}。",
        )
        return
    plan = desk.plan_of(value.plan_digest)
    if plan is None:
        yield Reason("wrong-plan", "月报所用的任务包版本本办公室没有发布过。请核对该单位的任务包。")
        return
    if value.unit != signer or not plan.has_unit(value.unit):
        who = plan.name_of(signer)
        yield Reason(
            "wrong-unit",
            f"月报写的是“{plan.name_of(value.unit)}”，签名却是“{who}”的。请退回核实。",
        )
        return
    if not plan.covers(value.month):
        yield Reason("month-outside-plan", f"{value.month.label}不在方案实施期内。")
    if value.month.first_day > desk.today():
        yield Reason("month-not-begun", f"{value.month.label}还没有开始，请核对月份和电脑时间。")
    locked = locked_for(desk, value.unit, value.month)
    if locked:
        yield Reason("month-locked", f"{locked}如确需补报，请先给该单位开具补报许可。")
    if value.totals != total(plan, value.records) or value.zero != value.records.is_empty():
        yield Reason("totals-differ", "月报所载合计与明细不符，请退回该单位重新生成。")
    ids = [record.id for record in value.records.all()]
    if len(set(ids)) != len(ids):
        yield Reason("payload-malformed", "月报内有编号重复的记录，请退回该单位重新生成。")
    wrong = [
        finding.message
        for record in value.records.all()
        for finding in check_record(plan, value.unit, record, desk.today())
        if finding.severity is Severity.ERROR
    ]
    strays = [r for r in value.records.all() if r.month != value.month]
    if strays:
        wrong.append(f"有 {len(strays)} 条记录的日期不在{value.month.label}。")
    if wrong:
        more = f"（另有 {len(wrong) - 3} 处）" if len(wrong) > 3 else ""
        yield Reason("records-wrong", f"月报内容有误：{'；'.join(wrong[:3])}{more}")


def _stale(value: MonthlyReturn, known: tuple[Filed, ...]) -> Reason | None:
    """Why a revision can never fit the ledger: its number does not follow its predecessor's."""
    if value.amends is None:
        fits = value.revision == 1
    else:
        before = next((filed for filed in known if filed.digest == value.amends.predecessor), None)
        fits = value.revision > 1 and (
            before is None or before.monthly_return.revision + 1 == value.revision
        )
    if fits:
        return None
    return Reason(
        "stale-revision",
        f"第 {value.revision} 版与它所更正的前一版不衔接，请该单位在原工作台上重新生成更正版。",
    )


def _waiting(desk: Desk, one: Filed, known: tuple[Filed, ...]) -> tuple[Reason, ...]:
    """Why a return does not count yet beside those known of its month; empty when it does."""
    resolved = resolve((*known, one), decisions.decisions(desk.store))
    if any(filed.digest == one.digest for filed in resolved.held):
        return (Reason("predecessor-missing", "所更正的前一版还没有收到，收到后自动衔接。"),)
    for fork in resolved.forks:
        if one.digest in fork.digests:
            return (
                Reason(
                    "revision-conflict",
                    f"该单位{one.month.label}有 {len(fork.digests)} 个互相冲突的版本，"
                    "需要办公室认定以哪一版为准；认定前都不计入汇总。",
                ),
            )
    return ()


def _oddities(desk: Desk, value: MonthlyReturn) -> Iterator[str]:
    """Implausible signing times: shown, never trusted (domain rule 13)."""
    from datetime import datetime

    try:
        claimed = datetime.fromisoformat(value.signed_at)
        if claimed.tzinfo is None:
            raise ValueError
    except ValueError:
        yield "月报所载签名时间写法不规范。"
        return
    if claimed > desk.now():
        yield f"签名时间 {value.signed_at} 晚于收到时间，该单位电脑时钟可能不准。"
    elif claimed.date() < value.month.first_day:
        yield f"签名时间 {value.signed_at} 早于{value.month.label}，该单位电脑时钟可能不准。"


def _refuse(
    desk: Desk, name: str, pdf: bytes, *reasons: Reason, unit: str = "", month: str = ""
) -> Outcome:
    """Refuse a file; `unit` is whose certificate signed it, where that is beyond doubt."""
    known = unit if desk.plan.has_unit(unit) else ""
    outcome = Outcome(name, "refused", known, month if known else "", reasons=reasons)
    log_outcome(desk, outcome, hashlib.sha256(pdf).hexdigest())
    return outcome


def log_outcome(desk: Desk, outcome: Outcome, sha256: str) -> None:
    """Enter what became of a file (known by the SHA-256 of its bytes) in the intake log."""
    returns.log_intake(
        desk.store,
        returns.IntakeRow(
            desk.now().isoformat(timespec="seconds"),
            outcome.file,
            sha256,
            outcome.outcome,
            outcome.digest or None,
            outcome.unit or None,
            outcome.month or None,
            tuple((reason.code, reason.message) for reason in outcome.reasons),
        ),
    )
