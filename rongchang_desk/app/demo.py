"""A whole district on one machine: the real path for every unit, with invented records.

Nothing is cut short: the functions called here are those behind the window. Only the clock
and the seeds are held, so that the same seed gives the same fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from rongchang_desk import assets
from rongchang_desk.app import (
    demo_evidence,
    demo_records,
    district,
    enrol,
    evidence_sending,
    export,
    parcel_opening,
    record,
    report,
    report_grids,
)
from rongchang_desk.app import take_in as taking
from rongchang_desk.app.clock import CHINA, SetClock, id_maker
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import Reported, grouped
from rongchang_desk.app.files import make_folder, write_secret
from rongchang_desk.app.running import Running
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import AmendmentKind, file_name
from rongchang_desk.domain.period import Period
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Progress, Status
from rongchang_desk.errors import UsageError
from rongchang_desk.store import records as stored
from rongchang_desk.store.records import MonthSheet

if TYPE_CHECKING:
    from rongchang_desk.signing.identity import Identity

_PASSPHRASE = "rongchang-demo-passphrase"  # noqa: S105  # printed into DIR/passphrase.txt
_DEFAULT_MONTH = Month(2026, 10)
_EVERY = 7  # of that many units one sends evidence files in the last month


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """What the demonstration made."""

    folder: Path
    months: tuple[Month, ...]
    units: int
    returns: int
    reports: tuple[Path, ...]
    fingerprint: str
    statuses: tuple[district.Status, ...]
    plan: Plan

    def as_json(self) -> dict[str, Any]:
        last = self.statuses[-1]
        return {
            "dir": str(self.folder),
            "months": [str(month) for month in self.months],
            "units": self.units,
            "returns": self.returns,
            "reported": len(last.reported),
            "late": last.counted(Reported.LATE),
            "missing": list(last.missing),
            "reports": [str(path) for path in self.reports],
            "fingerprint": self.fingerprint,
        }

    def summary(self) -> str:
        """A few lines for the person who ran it."""
        last = self.statuses[-1]
        lines = [
            f"演示数据已建好：{self.folder}",
            f"  方案　　　{self.plan.title}",
            f"  单位　　　{self.units} 个，{len(self.months)} 个月，签名月报 {self.returns} 份",
            f"  {last.month.label}　按时 {last.counted(Reported.ON_TIME)}，"
            f"迟报 {last.counted(Reported.LATE)}，未报 {len(last.missing)}"
            + (f"（{'、'.join(map(self.plan.name_of, last.missing))}）" if last.missing else ""),
        ]
        for figure in last.figures:
            target = self.plan.target(figure.target)
            value = report_grids.value_text(target, figure) or "—"
            lines.append(f"    [{figure.state.label}] {target.title} {value}")
        lines += [
            f"  汇总报告　{self.reports[-1]}",
            f"  汇总指纹　{grouped(self.fingerprint)}",
            f"  口令　　　{self.folder / 'passphrase.txt'}",
            "打开办公室工作台：./desk " + str(self.folder / "office"),
            "打开一个单位的工作台：./desk " + str(self.folder / "units" / self.plan.units[0].code),
        ]
        return "\n".join(lines)


def run_demo(
    folder: Path,
    *,
    month: Month | None = None,
    units: int | None = None,
    months: int = 1,
    seed: int = 2026,
    plan_file: bytes | None = None,
    running: Running | None = None,
) -> Demonstrated:
    """Set up a district in an empty folder and let it report for some months.

    Raises UsageError when the folder is not empty or the months lie outside the plan.
    """
    from rongchang_desk.formats import plan_toml

    body = plan_file or assets.resource("plans", enrol.DEFAULT_PLAN).read_bytes()
    plan = plan_toml.loads(body)
    last = month or min(_DEFAULT_MONTH, plan.last_month)
    span = last.plus(1 - months).until(last)
    if not (plan.covers(span[0]) and plan.covers(last)):
        raise UsageError(
            f"{span[0].label}至{last.label}超出方案实施期"
            f"（{plan.first_month.label}至{plan.last_month.label}）。",
            "请改用 --month 和 --months 指定期内的月份。",
        )
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"“{folder}”不是空文件夹。", "请换一个空文件夹，或新的文件夹名。")
    make_folder(folder)
    stage = _Stage(folder, plan, span, plan.units[:units], seed, running or Running())
    stage.set_up(body)
    try:
        for at in span:
            stage.report_month(at)
        return stage.finished()
    finally:
        stage.close()


class _Stage:
    """The district while the demonstration runs."""

    def __init__(
        self,
        folder: Path,
        plan: Plan,
        months: tuple[Month, ...],
        units: Iterable[Any],
        seed: int,
        running: Running,
    ) -> None:
        self.folder = folder
        self.plan = plan
        self.months = months
        self.units = tuple(unit.code for unit in units)
        self.seed = seed
        self.running = running
        # When the return of the month before the first one is no longer due.
        self.clock = SetClock(_at(months[0], 20, 9))
        self.desks: dict[str, Desk] = {}
        self.identities: dict[str, Identity] = {}
        self.returns = 0
        self.reports: list[Path] = []
        self.statuses: list[district.Status] = []
        self.done = 0
        self.total = len(self.units) * (1 + len(months))

    def step(self, what: str) -> None:
        self.running.step(self.done, self.total, what)
        self.done += 1

    def set_up(self, plan_file: bytes) -> None:
        """The office, its kits, and a desk for every unit."""
        write_secret(self.folder / "passphrase.txt", f"{_PASSPHRASE}\n".encode())
        self.office = enrol.create_office(
            self.folder / "office", _PASSPHRASE, plan_file=plan_file, clock=self.clock,
            new_id=id_maker(self.clock, Random(f"{self.seed}:office")),
        )  # fmt: skip
        self.office_identity = self.office.identity(_PASSPHRASE)
        kits = enrol.enrol(self.office, self.units, _PASSPHRASE, self.folder / "kits")
        enrol.export_root(self.office, self.folder / "root.pem")
        for kit in kits:
            self.step(f"建立工作台 {kit.name}")
            desk = enrol.join(
                self.folder / "units" / kit.unit, kit.path, kit.password, _PASSPHRASE,
                clock=self.clock, new_id=id_maker(self.clock, Random(f"{self.seed}:{kit.unit}")),
            )  # fmt: skip
            self.desks[kit.unit] = desk
            self.identities[kit.unit] = desk.identity(_PASSPHRASE)

    def report_month(self, month: Month) -> None:
        """One month: records, returns, take-in on time and late, an amendment, the report."""
        random = Random(f"{self.seed}:{month}:order")
        roles = self._roles(random)
        joints = demo_records.joint_activities(month, self.units, self.seed)
        due = self.office.due(month)
        inbox = self.folder / "returns" / str(month)
        last = month == self.months[-1]
        for position, code in enumerate(self.units):
            self.step(f"{month.label} {self.plan.name_of(code)}")
            if roles.get(code) == "missing" and last:
                self._record(code, month, joints, zero=False)
                continue
            days_late = 3 if roles.get(code) == "late" else -1 - position % 3
            self.clock.now = datetime.combine(
                due + timedelta(days=days_late), time(9 + position % 8, position % 60), CHINA
            )
            self._record(code, month, joints, zero=roles.get(code) == "zero")
            self._export(code, month, inbox)
        self._take_in(month, [c for c in self.units if roles.get(c) != "late"], due, 16)
        self._take_in(
            month, [c for c in self.units if roles.get(c) == "late"], due + timedelta(days=4), 9
        )
        amended = next((c for c in self.units if roles.get(c) == "amended"), None)
        if amended is not None:
            self.clock.now = datetime.combine(due + timedelta(days=5), time(10), CHINA)
            self._amend(amended, month, inbox)
        self.clock.now = datetime.combine(due + timedelta(days=6), time(9), CHINA)
        if last:
            self._send_evidence(month)
        issued = report.issue(
            self.office, report.Wish(Period.of(month)), self.office_identity,
            out=self.folder / "reports" / f"{month}.pdf",
        )  # fmt: skip
        self.reports.append(issued.file)
        self.statuses.append(district.status(self.office, month))

    def _roles(self, random: Random) -> dict[str, str]:
        """Who is late, silent, has nothing to report, or amends: one unit in about ten each."""
        quiet = [
            c for c in self.units
            if not self.plan.targets_of(c) and all(t.lead != c for t in self.plan.tasks)
        ]  # fmt: skip
        random.shuffle(quiet)
        tenth = max(1, len(self.units) // 13) if len(self.units) >= 5 else 0
        roles: dict[str, str] = {}
        for role, count in (("late", tenth), ("zero", tenth), ("missing", tenth - 1)):
            for _ in range(count):
                if quiet:
                    roles[quiet.pop()] = role
        if quiet and len(self.units) >= 3:
            roles[quiet.pop()] = "amended"
        return roles

    def _record(
        self, code: str, month: Month, joints: list[demo_records.Joint], *, zero: bool
    ) -> None:
        desk = self.desks[code]
        people = demo_records.signatories(desk.unit, self.seed)
        if not zero:
            for made in demo_records.month_records(
                desk.plan, desk.unit, month, self.seed, desk.new_id
            ):
                _saved(desk, made)
            for joint in joints:
                if code in joint.units:
                    _saved(
                        desk,
                        demo_records.joint_record(desk.plan, joint, code, self.seed, desk.new_id),
                    )
        if month == self.months[-1] and code in self.units[::_EVERY]:
            demo_evidence.attach(desk, month, self.seed, self.folder / "evidence")
        zero = record.of_month(desk, month).is_empty()
        record.save_month_sheet(desk, month, MonthSheet(people, zero))

    def _export(self, code: str, month: Month, inbox: Path) -> None:
        desk = self.desks[code]
        value = export.draft(desk, month)
        export.export(desk, month, self.identities[code], out=inbox / file_name(value))
        self.returns += 1

    def _amend(self, code: str, month: Month, inbox: Path) -> None:
        """A clerk corrects a task's progress and sends a second revision."""
        desk = self.desks[code]
        told = [r for r in stored.of_month(desk.store, month) if isinstance(r, Progress)]
        if not told:
            return
        first = told[0]
        status = Status.UNDER_WAY if first.status is Status.NOT_APPLICABLE else first.status
        _saved(desk, replace(first, status=status, done=f"{first.done}补充报送：已完成资料归档。"))
        wish = export.AmendmentWish(AmendmentKind.ADDITION, "补充本月工作情况")
        value = export.draft(desk, month, wish)
        export.export(desk, month, self.identities[code], out=inbox / file_name(value), wish=wish)
        self.returns += 1
        self._take(inbox, [file_name(value)])

    def _send_evidence(self, month: Month) -> None:
        """Some units send what their returns list, and the office takes it."""
        for code in self.units[::_EVERY]:
            what = evidence_sending.listed(self.desks[code], month)
            if what and what.files:
                out = self.folder / "evidence" / f"{self.plan.name_of(code)}_{month}_佐证材料包.pdf"
                evidence_sending.send(self.desks[code], month, self.identities[code], out=out)
                parcel_opening.open_feedback(self.office, out)

    def _take_in(self, month: Month, codes: list[str], day: Any, hour: int) -> None:
        self.clock.now = datetime.combine(day, time(hour), CHINA)
        inbox = self.folder / "returns" / str(month)
        names = {self.plan.name_of(code) for code in codes}
        files = [
            path.name for path in sorted(inbox.glob("*.pdf")) if path.name.split("_")[0] in names
        ]
        self._take(inbox, files)

    def _take(self, inbox: Path, files: list[str]) -> None:
        if not files:
            return
        done = taking.take_in(
            self.office, [inbox / name for name in files], identity=self.office_identity
        )
        bad = done.of("refused") + done.of("held")
        if bad:  # a demonstration that fails must say so, never pass in silence
            raise AssertionError(f"demo return not accepted: {bad[0]}")

    def finished(self) -> Demonstrated:
        return Demonstrated(
            self.folder, self.months, len(self.units), self.returns, tuple(self.reports),
            self.statuses[-1].fingerprint, tuple(self.statuses), self.plan,
        )  # fmt: skip

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()
        self.office.close()


def _saved(desk: Desk, made: Any) -> None:
    from rongchang_desk.domain.finding import has_errors

    findings = record.save(desk, made)
    if has_errors(findings):
        raise AssertionError(f"demo record refused: {findings}")


def _at(month: Month, day: int, hour: int) -> datetime:
    return datetime(month.year, month.month, day, hour, tzinfo=CHINA)
