"""Taking in returns: verify, judge by the rules, store with receipt, file by file.

Every file ends as accepted, duplicate, held or refused with reasons. One bad file never
stops the batch; cancel leaves whole files taken or not taken, never halves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import incoming, judging, page_agreement
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.opening import (
    PARCEL,
    REGISTER,
    Job,
    Openers,
    Unsealed,
)
from rongchang_desk.app.outcome import Outcome, Reason, TakenIn, log_outcome
from rongchang_desk.app.running import Running
from rongchang_desk.domain.merge import Filed
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.errors import Cancelled, FoundWrong
from rongchang_desk.store import ledger, returns
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
    desk.require(Role.OFFICE)
    running = running or Running()
    found = list(incoming.found_in(paths))
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


def _contents(
    found: list[incoming.Place], running: Running, taken: TakenIn
) -> Iterator[incoming.File]:
    for index, place in enumerate(found):
        running.step(index, len(found), f"{taken.so_far()}　{place.name}")
        yield incoming.read(place)


def _unseen(desk: Desk, files: Iterable[incoming.File], taken: TakenIn) -> Iterator[incoming.File]:
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
        reasons = tuple(judging.against_rules(desk, value, signer.unit_code))
        if stale := judging.stale(value, known):
            reasons += (stale,)
    odd: tuple[str, ...] = ()
    if not reasons:
        reasons, odd = judging.against_pages(
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
            notes=(*judging.oddities(desk, value), *odd),
        )
    log_outcome(desk, outcome, hashlib.sha256(file.pdf).hexdigest())
    yield outcome
    yield from untrue


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
            reasons, _ = judging.against_pages(desk, later, (this,), printed, held.digest, signer)
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
    return judging.waiting(desk, Filed(digest, now, value), known)


def _refuse(
    desk: Desk, name: str, pdf: bytes, *reasons: Reason, unit: str = "", month: str = ""
) -> Outcome:
    """Refuse a file; `unit` is whose certificate signed it, where that is beyond doubt."""
    known = unit if desk.plan.has_unit(unit) else ""
    outcome = Outcome(name, "refused", known, month if known else "", reasons=reasons)
    log_outcome(desk, outcome, hashlib.sha256(pdf).hexdigest())
    return outcome
