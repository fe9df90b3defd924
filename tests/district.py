"""A small district for tests: an office and its units, with real keys and a clock that stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from rongchang_desk.app import enrol, export, record
from rongchang_desk.app import take_in as taking
from rongchang_desk.app.clock import CHINA, SetClock
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.outcome import TakenIn
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import AmendmentKind, Signatories
from rongchang_desk.domain.records import (
    HostRole,
    NamedValue,
    Progress,
    Record,
    Status,
    Training,
    Value,
)
from rongchang_desk.store.records import MonthSheet

PASSPHRASE = "正确的口令 correct"
MONTH = Month(2026, 10)
PLAN_FILE = Path(__file__).parent / "data" / "linhe.toml"
NAMES = Signatories("张镕", "李喆", "王堃")


def at(day: int, hour: int = 9, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


def without_c1() -> bytes:
    """The small plan's file after a reform: 河西镇 reports no more from October 2026."""
    code = b'code = "C1"\n'
    return PLAN_FILE.read_bytes().replace(code, code + b'until = "2026-09"\n', 1)


@dataclass
class District:
    """An office and its unit desks below one folder; desks are opened on first use."""

    folder: Path
    clock: SetClock
    _open: dict[str, Desk] = field(default_factory=dict)

    @classmethod
    def found(cls, folder: Path) -> District:
        """Make the office and a desk for every unit of the small plan."""
        clock = SetClock(at(2))
        with enrol.create_office(
            folder / "office", PASSPHRASE, plan_file=PLAN_FILE.read_bytes(), clock=clock
        ) as office:
            codes = [unit.code for unit in office.plan.units]
            kits = enrol.enrol(office, codes, PASSPHRASE, folder / "kits")
            enrol.export_root(office, folder / "root.pem")
        for kit in kits:
            enrol.join(folder / kit.unit, kit.path, kit.password, PASSPHRASE, clock=clock).close()
        return cls(folder, clock)

    def desk(self, code: str) -> Desk:
        """The desk of a unit, or of the office."""
        if code not in self._open:
            self._open[code] = Desk.open(self.folder / code, clock=self.clock)
        return self._open[code]

    @property
    def office(self) -> Desk:
        return self.desk("office")

    def close(self) -> None:
        for desk in self._open.values():
            desk.close()
        self._open.clear()

    def record(self, code: str, *records: Record, month: Month = MONTH) -> None:
        """Store records and name the people."""
        desk = self.desk(code)
        for one in records:
            findings = record.save(desk, one)
            assert not [f for f in findings if f.severity == "error"], findings
        empty = record.of_month(desk, month).is_empty()
        record.save_month_sheet(desk, month, MonthSheet(NAMES, empty))

    def export(self, code: str, *, month: Month = MONTH, amend: str = "") -> Path:
        """Sign the unit's month into the folder of returns."""
        desk = self.desk(code)
        wish = export.AmendmentWish(AmendmentKind.FIGURES, amend) if amend else None
        value = export.draft(desk, month, wish)
        out = self.folder / "returns" / f"{code}_{month}_r{value.revision}.pdf"
        return export.export(desk, month, desk.identity(PASSPHRASE), out=out, wish=wish).file

    def report(self, code: str, *records: Record) -> Path:
        """Record and sign in one go."""
        self.record(code, *(records or (self.progress(code),)))
        return self.export(code)

    def take(self, *paths: Path, workers: int = 0) -> TakenIn:
        """Take files in, by default within this process."""
        return taking.take_in(self.office, paths, workers=workers)

    def progress(self, code: str, done: str = "按计划推进。") -> Progress:
        desk = self.desk(code)
        task = desk.plan.tasks_of(code)[0]
        return Progress(
            desk.new_id(), MONTH, task.no, Status.UNDER_WAY, done, "继续推进。", Value.of(50)
        )

    def training(
        self,
        code: str,
        workers: int = 30,
        *,
        topic: str = "专利培训",
        host: str = "",
        day: int = 15,
        venue: str = "会议室",
    ) -> Training:
        return Training(
            self.desk(code).new_id(),
            date(2026, 10, day),
            topic,
            form="面授",
            venue=venue,
            role=HostRole.CO_HOST if host else HostRole.HOST,
            host=host,
            headcounts=() if host else (NamedValue("worker", Value.of(Decimal(workers))),),
        )
