"""Opening hostile files in worker processes with memory and time limits.

The parent never parses a PDF: it sends bytes and receives an `Unsealed`. A worker that dies
or hangs costs only the file it was busy with.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from rongchang_desk.documents.printed import Printed
    from rongchang_desk.signing.envelope import Opened, Source, Trust

LARGEST = 512 * 1024 * 1024
"""Bytes of the largest file taken in: a merged report with all its originals."""

REGISTER = "register.json"
"""What the office's signed register of keys carries inside."""

PARCEL = "parcel.json"
"""What a parcel carries inside."""

MEMORY = 3 * 1024 * 1024 * 1024
"""Bytes of address space a worker may use."""

SECONDS = 60.0
"""Time one file may take before its worker is stopped."""

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Original:
    """A return inside a merged report: the file, what came out of it, and what its pages hold."""

    source: Source
    opened: Opened
    printed: Printed | None


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What came out of a file, and out of each original inside a report.

    `printed` is what the pages of a valid return hold; None for any other file.
    """

    opened: Opened
    printed: Printed | None = None
    originals: tuple[Original, ...] = ()


def unseal(pdf: bytes, trust: Trust, at: datetime) -> Unsealed:
    """Open a return, or a merged report with the originals it carries, each by itself.

    A file that the office signed is read as a report or as its register of keys, any other as a
    unit's return or its parcel (evidence, with the files). Never raises on bad input.
    """
    from rongchang_desk.signing.certificates import OFFICE_CODE
    from rongchang_desk.signing.envelope import open_sealed

    opened = open_sealed(pdf, trust, at=at, max_size=LARGEST)
    if opened.signer is None or opened.signer.unit_code != OFFICE_CODE:
        if [reason.code for reason in opened.reasons] == ["payload-missing"]:
            parcel = open_sealed(
                pdf, trust, at=at, payload_name=PARCEL, max_size=LARGEST, allow_sources=True
            )
            opened = parcel if parcel.payload is not None else opened
            return Unsealed(opened)
        return Unsealed(opened, pages_of(pdf, opened))
    report = open_sealed(
        pdf,
        trust,
        at=at,
        payload_name="report.json",
        max_size=LARGEST,
        max_payload=64 * 1024 * 1024,
        allow_sources=True,
    )
    if [reason.code for reason in report.reasons] == ["payload-missing"]:
        register = open_sealed(pdf, trust, at=at, payload_name=REGISTER)
        if register.payload is not None:
            return Unsealed(register)
    originals = []
    for source in report.sources:
        inner = open_sealed(source.data, trust, at=at)
        originals.append(Original(source, inner, pages_of(source.data, inner)))
    return Unsealed(replace(report, sources=()), originals=tuple(originals))


def pages_of(pdf: bytes, opened: Opened) -> Printed | None:
    """What the pages of a valid file hold; None when it is not valid."""
    return read_pages(pdf) if opened.payload is not None else None


def read_pages(pdf: bytes) -> Printed:
    """What the pages of a file that was found valid hold."""
    from rongchang_desk.documents import printed

    return printed.read(pdf)


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """A file to open; `tag` comes back with the outcome."""

    tag: T
    pdf: bytes


class Openers:
    """A few worker processes that open files; 0 workers means in this very process.

    Use in a `with` block. Workers start with it, so that they import what they need while
    the caller finds and reads the first files.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def open_all(
        self, jobs: Iterable[Job[T]], trust: Trust, at: datetime
    ) -> Iterator[tuple[tuple[Job[T], Unsealed | str], ...]]:
        """Outcomes in the order of the jobs: an `Unsealed`, or the code of why there is none.

        They come as many at once as are ready, at least one: where the caller is the slower
        side (a disk that syncs slowly), it can deal with several in one go. The codes are
        `too-slow` and `reader-died`. At most a few files are in memory at once.
        """
        if self._workers == 0:
            for job in jobs:
                yield ((job, unseal(job.pdf, trust, at)),)
            return
        waiting: deque[tuple[Job[T], Future[Unsealed]]] = deque()
        feed = iter(jobs)
        while True:
            for job in islice(feed, self._workers + 2 - len(waiting)):
                waiting.append((job, self._submit(unseal, job.pdf, trust, at)))
            if not waiting:
                return
            ready = [self._first(waiting, trust, at)]
            while waiting and waiting[0][1].done():
                ready.append(self._first(waiting, trust, at))
            yield tuple(ready)

    def pages_again(self, pdf: bytes) -> Printed | str:
        """What the pages of a file taken in before hold, or the code of why that is unknown."""
        if self._workers == 0:
            return read_pages(pdf)
        try:
            return self._submit(read_pages, pdf).result(timeout=SECONDS)
        except FutureTimeout:
            return "too-slow"
        except BrokenProcessPool:
            return "reader-died"

    def _first(
        self, waiting: deque[tuple[Job[T], Future[Unsealed]]], trust: Trust, at: datetime
    ) -> tuple[Job[T], Unsealed | str]:
        """Take the first job out of the queue, with its outcome."""
        job, future = waiting.popleft()
        try:
            return job, future.result(timeout=SECONDS)
        except (BrokenProcessPool, FutureTimeout) as problem:
            self._stop()
            outcome = self._alone(job.pdf, trust, at, problem)
            again = [(j, self._submit(unseal, j.pdf, trust, at)) for j, _ in waiting]
            waiting.clear()
            waiting.extend(again)
            return job, outcome

    def _alone(self, pdf: bytes, trust: Trust, at: datetime, problem: Exception) -> Unsealed | str:
        """Open a file by itself after its pool broke: another file may have been the cause."""
        if isinstance(problem, FutureTimeout):
            return "too-slow"
        try:
            return self._submit(unseal, pdf, trust, at).result(timeout=SECONDS)
        except BrokenProcessPool:
            self._stop()
            return "reader-died"
        except FutureTimeout:
            self._stop()
            return "too-slow"

    def _submit(self, work: Callable[P, R], *words: P.args, **named: P.kwargs) -> Future[R]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_confine,
                initargs=(MEMORY,),
            )
        try:
            return self._pool.submit(work, *words, **named)
        except BrokenProcessPool:  # a worker died meanwhile: the files it had say so themselves
            self._stop()
            return self._submit(work, *words, **named)

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> Openers:
        for _ in range(self._workers):
            self._submit(_import_beforehand)  # a pool starts a worker with each of its first jobs
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        # Workers keep nothing: no need to wait until they have tidied up.
        self._stop()


def _import_beforehand() -> None:
    """Import in a worker what the first file would wait for."""
    import rongchang_desk.documents.printed
    import rongchang_desk.signing.envelope  # noqa: F401


def _confine(memory: int) -> None:
    """Limit this worker's memory where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
