"""What follows the first papers of a district, for the gallery: papers issued again after an
amendment, a score after an appeal, the letters of a matter to its end, keys, and acceptance.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from rongchang_desk.app import (
    assessment,
    binder,
    export,
    key_document,
    parcel_opening,
    parcels,
    record,
    report,
    supervision,
    twins,
)
from rongchang_desk.app import take_in as taking
from rongchang_desk.app.clock import SetClock
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.report import Wish
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import AmendmentKind
from rongchang_desk.domain.period import Period
from rongchang_desk.domain.records import NamedValue, Progress, Status, Training, Value

Made = Iterator[tuple[str, Callable[[Path], object]]]
"""File names, and what writes each; they are written in this order."""


@dataclass(frozen=True)
class Later:
    """A district made by `demo` with its open office, after its month was first reported on."""

    folder: Path
    office: Desk
    clock: SetClock
    passphrase: str
    month: Month

    def issued_again(self, wishes: dict[str, Wish]) -> Made:
        """Papers once more after a unit amended its month, and its score after an appeal."""
        period = Period.parse(f"{self.month.year}Q{(self.month.month + 2) // 3}")
        identity = self.office.identity(self.passphrase)
        with self._unit(self._amending()) as unit:
            frozen = assessment.freeze(
                self.office, assessment.assess(self.office, period), "office"
            )
            self._amend(unit)
            code = unit.unit_code
        appeal = assessment.raise_appeal(
            self.office, frozen.digest, code, "progress", "", "李明", "滞后的任务已经更正。"
        )
        assessment.answer_appeal(
            self.office, appeal.id, upheld=True, answer="按更正后的月报重新计分。", by="王芳"
        )
        for name, wish in wishes.items():
            yield (
                f"{name}.pdf",
                lambda p, w=wish: report.issue(self.office, w, identity, out=p),
            )
            for ending in ("docx", "xlsx"):
                yield f"{name}.{ending}", lambda p, w=wish: twins.write(self.office, w, p)
        scores = {"43-scores-all-after-appeal": "", "44-scores-unit-after-appeal": code}
        for name, of in scores.items():
            yield (
                f"{name}.pdf",
                lambda p, c=of: p.write_bytes(
                    assessment.pages(self.office, assessment.assess(self.office, period), c)
                ),
            )

    def matter(self, order: Path, unit: str) -> Made:
        """A supervision order to its end, the answer to a problem, and what goes to units else."""
        office = self.office
        identity = office.identity(self.passphrase)
        with self._unit(unit) as desk:
            own = desk.identity(self.passphrase)
            given = parcel_opening.open_parcel(desk, order).parcel.id
            due = office.today() + timedelta(days=7)

            def of_unit(write: Callable[[Path], object]) -> Callable[[Path], object]:
                return lambda p: (write(p), parcel_opening.open_feedback(office, p))

            def of_office(write: Callable[[Path], object]) -> Callable[[Path], object]:
                return lambda p: (write(p), parcel_opening.open_parcel(desk, p))

            feedback = "已走访企业12家，建立高价值发明专利培育清单，新增申请3件。"
            later = due + timedelta(days=14)
            yield (
                "36-extension.pdf",
                of_unit(
                    lambda p: supervision.ask_for_time(
                        desk, given, "两家企业的数据尚待核实。", later, own, out=p
                    )
                ),
            )
            yield (
                "36-extension-answered.pdf",
                of_office(
                    lambda p: supervision.answer_request(office, given, "", later, identity, out=p)
                ),
            )
            yield (
                "37-feedback.pdf",
                of_unit(lambda p: parcels.write_feedback(desk, given, feedback, own, out=p)),
            )
            yield (
                "38-once-more.pdf",
                of_office(
                    lambda p: supervision.ask_again(
                        office, given, "请补充培育清单和企业名称。", later, identity, out=p
                    )
                ),
            )
            yield (
                "37-feedback-again.pdf",
                of_unit(lambda p: parcels.write_feedback(desk, given, feedback, own, out=p)),
            )
            yield (
                "38-closed.pdf",
                of_office(lambda p: supervision.close(office, given, "", identity, out=p)),
            )
        (problem, *_) = [c for c in supervision.cases(office) if c.problem is not None]
        yield (
            "39-problem-answered.pdf",
            lambda p: supervision.answer_problem(
                office, problem.id, "已商有关部门，请按季度报送需求清单。", identity, out=p
            ),
        )
        yield (
            "39-renewal.pdf",
            lambda p: parcels.write_renewal(office, unit, self.passphrase, out=p),
        )

    def kept(self) -> Made:
        """Sheets of passwords, the register of keys, evidence, and the indices of the binder."""
        identity = self.office.identity(self.passphrase)
        evidence = sorted((self.folder / "evidence").glob("*材料包*.pdf"))
        yield "51-evidence.pdf", lambda p: shutil.copyfile(evidence[0], p)
        (slips,) = (self.folder / "kits" / "口令条").glob("*.pdf")
        yield "52-slips.pdf", lambda p: shutil.copyfile(slips, p)
        yield "53-key-register.pdf", lambda p: key_document.export(self.office, identity, p)
        bound = binder.bind(self.office, self.folder / "binder").folder
        whole = bound / binder.INDEX
        tasks = sorted(bound.glob("*/目录.pdf"), key=lambda file: file.stat().st_size)
        yield "54-binder.pdf", lambda p: shutil.copyfile(whole, p)
        yield "54-binder-longest-task.pdf", lambda p: shutil.copyfile(tasks[-1], p)
        yield "54-binder-shortest-task.pdf", lambda p: shutil.copyfile(tasks[0], p)

    def _unit(self, code: str) -> Desk:
        return Desk.open(self.folder / "units" / code, clock=self.clock)

    def _amending(self) -> str:
        """A unit that held a training and tells of a task behind its time, in the month."""
        for unit in self.office.plan.units:
            with self._unit(unit.code) as desk:
                found = record.of_month(desk, self.month)
                sent = export.issued(desk, self.month)
                if sent and found.trainings and self._behind(found.progress):
                    return unit.code
        raise AssertionError("no unit of the demonstration can amend")

    def _behind(self, told: tuple[Progress, ...]) -> list[Progress]:
        return [one for one in told if one.status is Status.BEHIND]

    def _amend(self, unit: Desk) -> None:
        """The unit corrects headcounts and a status; the office takes the revision in."""
        found = record.of_month(unit, self.month)
        session = next(one for one in found.trainings if one.headcounts)
        counted = [NamedValue(v.code, Value.of(41)) for v in session.headcounts]
        self._keep(unit, replace(session, headcounts=tuple(counted)))
        self._keep(unit, replace(self._behind(found.progress)[0], status=Status.UNDER_WAY))
        permit = self.folder / "amended" / "补报许可.pdf"
        permit.parent.mkdir()
        office, due = self.office, self.office.today() + timedelta(days=7)
        parcels.write_reopening(
            office, unit.unit_code, self.month, "人数统计有误。",
            office.identity(self.passphrase), due=due, out=permit,
        )  # fmt: skip
        parcel_opening.open_parcel(unit, permit)
        self.clock.now += timedelta(days=4)
        wish = export.AmendmentWish(AmendmentKind.FIGURES, "人数和任务状态统计有误，现予更正。")
        sent = export.export(
            unit, self.month, unit.identity(self.passphrase),
            out=permit.with_name("更正.pdf"), wish=wish,
        )  # fmt: skip
        done = taking.take_in(self.office, [sent.file], workers=0)
        assert len(done.of("accepted")) == 1, done

    @staticmethod
    def _keep(unit: Desk, made: Training | Progress) -> None:
        findings = [one for one in record.save(unit, made) if one.severity == "error"]
        assert not findings, findings
