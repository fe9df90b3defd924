"""Every kind of document, to be looked at: `./desk gallery OUT` (about two minutes).

A district of 39 units reports for three months; of what it signed, typical files are copied, and
its office issues reports, a bulletin, letters and score sheets, with their docx and xlsx twins;
some of them again after an amendment or an appeal, and at last what is kept (see `gallery_later`).
Beside them stand pages that are hard to lay out: a very long return, names with rare characters,
huge and negative numbers. Pages that cannot be made are told at the end (exit code 1).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

from rongchang_desk.app import assessment, parcels, reminder, report, twins
from rongchang_desk.app.clock import CHINA, SetClock
from rongchang_desk.app.demo import run_demo
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.report import PaperKind, Wish
from rongchang_desk.documents import archive, docx_file, paper_pdf, return_pdf, xlsx_file
from rongchang_desk.documents.paper import Amount
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import (
    Amendment,
    AmendmentKind,
    MonthlyReturn,
    Signatories,
)
from rongchang_desk.domain.period import Period
from rongchang_desk.domain.records import (
    HostRole,
    NamedValue,
    Progress,
    Reading,
    Record,
    Status,
    Training,
    Value,
)
from rongchang_desk.signing.identity import Identity
from tests.gallery_later import Later, Made
from tests.unit.documents import samples

MONTH = Month(2026, 10)
RARE = "镕喆堃昇赟鄠浐㳇𬀩"
DEMANDS = (
    "各主办单位要对照年度目标倒排进度，逐项落实责任人和完成时限。\n"
    "逾期和未报送的单位要在五个工作日内补报，并说明原因。"
)


def main(arguments: Sequence[str]) -> int:
    """Write the gallery; returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    troubles = []
    with tempfile.TemporaryDirectory(prefix="gallery-") as place:
        done = run_demo(Path(place) / "district", month=MONTH, months=3)
        passphrase = (done.folder / "passphrase.txt").read_text().strip()
        copied = _copied(done.folder, out)
        clock = SetClock(datetime(2026, 11, 20, 9, tzinfo=CHINA))
        with Desk.open(done.folder / "office", clock=clock) as office:
            later = Later(done.folder, office, clock, passphrase, MONTH)
            for name, write in chain(special_documents(), of_office(later, out)):
                try:
                    write(out / name)
                    copied += 1
                except Exception as problem:  # the others are still worth a look
                    troubles.append(f"{name}: {type(problem).__name__}: {problem}")
    for trouble in troubles:
        sys.stderr.write(f"{trouble}\n")
    sys.stdout.write(f"{copied} documents in {out}\n")
    return 1 if troubles else 0


def _copied(district: Path, out: Path) -> int:
    """Returns as units signed them: the first, the longest, a zero return and an amendment."""
    files = sorted(
        (district / "returns" / str(MONTH)).glob("*.pdf"), key=lambda f: f.stat().st_size
    )
    amended = [file for file in files if "第2版" in file.name or "_r2" in file.name]
    picked = {
        "01-return-zero.pdf": files[0],
        "02-return-typical.pdf": files[len(files) // 2],
        "03-return-longest.pdf": files[-1],
        **({"04-return-amendment.pdf": amended[0]} if amended else {}),
    }
    for name, file in picked.items():
        shutil.copyfile(file, out / name)
    return len(picked)


# -- hard to lay out -------------------------------------------------------------


def special_documents() -> Made:
    """Returns and papers that are hard to lay out; made without a district."""

    def pages(value: MonthlyReturn) -> Callable[[Path], object]:
        def write(path: Path) -> None:
            made = return_pdf.render(
                samples.plan(), value, digest=samples.DIGEST, signer=samples.SIGNER
            )
            finished = archive.finish(
                made, title=path.stem, author="gallery", created=datetime(2026, 11, 3, tzinfo=UTC)
            )
            path.write_bytes(finished)

        return write

    typical = samples.monthly_return()
    amends = Amendment(samples.DIGEST, AmendmentKind.FIGURES, f"{RARE}一栏人数统计有误，现予更正。")
    yield "11-return-60-trainings.pdf", pages(samples.monthly_return(*_trainings(60)))
    yield "12-return-60-cases.pdf", pages(samples.monthly_return(*samples.cases(60)))
    yield "13-return-endless-words.pdf", pages(samples.monthly_return(*_endless()))
    yield "14-return-zero.pdf", pages(samples.monthly_return(zero=True))
    yield "15-return-amendment.pdf", pages(samples.monthly_return(amends=amends))
    yield (
        "16-return-rare-names.pdf",
        pages(
            replace(
                samples.monthly_return(*_rare()),
                unit_name=f"{RARE}街道办事处",
                signatories=Signatories("王镕喆", "李堃昇赟", "鄠浐㳇𬀩"),
            )
        ),
    )
    yield (
        "17-return-huge-and-negative.pdf",
        pages(
            replace(
                samples.monthly_return(*_huge()),
                totals=replace(typical.totals, counted_visits=987_654_321_012),
            )
        ),
    )

    def hard_paper() -> Made:
        paper = samples.report_paper(39)
        grid = paper.grids[1]
        rows = (
            (f"{RARE}镇人民政府", Amount(-12_345), Amount(98_765_432_101), Amount(0)),
            ("名称特别长的国家知识产权强市建设试点城市工作专班办公室联合值守点", *grid.rows[0][1:]),
            *grid.rows,
        )
        notes = tuple(replace(note, row=note.row + 2) for note in grid.notes)
        hard = replace(
            paper,
            title=f"{RARE}\n" + "特别长的标题" * 9,
            blocks=(*paper.blocks[:-1], replace(grid, rows=rows, notes=notes)),
        )
        for ending, render in (("pdf", paper_pdf), ("docx", docx_file), ("xlsx", xlsx_file)):
            yield f"18-paper-hard.{ending}", _writer(render.render, hard)

    yield from hard_paper()


def _writer(render: Callable[..., bytes], value: object) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(render(value))


def _trainings(count: int) -> tuple[Record, ...]:
    return tuple(
        Training(
            f"many{n}", date(2026, 10, n % 28 + 1), f"第{n + 1}期企业知识产权管理人员培训班",
            form="线下", venue=f"{samples.plan().units[n % 39].name}会议室", lecturer="陈浐",
            role=HostRole.HOST, headcounts=(NamedValue("worker", Value.of(n * 7 % 90)),),
        )
        for n in range(count)
    )  # fmt: skip


def _endless() -> tuple[Record, ...]:
    text = "组织企业开展知识产权贯标辅导，走访企业，梳理高价值发明专利培育清单。" * 60
    return (Progress("endless", samples.MONTH, 6, Status.UNDER_WAY, text, text, Value.of(50)),)


def _rare() -> tuple[Record, ...]:
    return (
        Training(
            "rare", date(2026, 10, 9), f"{RARE}专题培训（“{RARE}”——第1期）", form="线下",
            venue=f"{RARE}大厦", lecturer=RARE, role=HostRole.HOST,
            headcounts=(NamedValue("worker", Value.of(1)),),
        ),
    )  # fmt: skip


def _huge() -> tuple[Record, ...]:
    code = samples.plan().targets[0].code
    return (
        Reading("huge", code, date(2026, 10, 31), (NamedValue("value", Value.of(10**15 - 1)),)),
        Reading("less", code, date(2026, 10, 30), (NamedValue("value", Value.of("-123456.789")),)),
    )


# -- of the office ---------------------------------------------------------------


def of_office(later: Later, out: Path) -> Made:
    """Everything an office writes, and what units answer it, in this order; `out` is where."""
    office, passphrase = later.office, later.passphrase
    identity = office.identity(passphrase)
    month = Period.of(later.month)
    wishes = {
        "21-report-month": Wish(month),
        "22-report-quarter": Wish(Period.parse("2026Q3")),
        "23-report-year": Wish(Period.parse("2026")),
        "24-bulletin": Wish(month, PaperKind.BULLETIN, "荣知强办〔2026〕5号", DEMANDS),
    }
    for name, wish in wishes.items():
        yield f"{name}.pdf", lambda p, w=wish: report.issue(office, w, identity, out=p)
        for ending in ("docx", "xlsx"):
            yield f"{name}.{ending}", lambda p, w=wish: twins.write(office, w, p)
    yield "25-reminder.docx", lambda p: reminder.write(office, later.month, p)
    yield (
        "25-reminder.pdf",
        lambda p: p.write_bytes(paper_pdf.render(reminder.paper(office, later.month))),
    )
    yield from _scores(office)
    yield from later.issued_again({
        "26-report-month-again": wishes["21-report-month"],
        "27-bulletin-again": wishes["24-bulletin"],
    })  # fmt: skip
    unit = office.plan.units[0].code
    yield from _letters(office, identity, unit, later.month)
    yield from later.matter(out / "33-supervision.pdf", unit)
    yield from later.kept()


def _letters(office: Desk, identity: Identity, unit: str, month: Month) -> Made:
    reasons = ("培训人数与签到表不符。", "“重点任务”第三项没有写明下一步工作。")
    due = date(2026, 11, 30)

    def receipt(path: Path) -> None:
        made = parcels.write_receipt(office, month, identity, path.parent / "receipts")
        shutil.copyfile(made[0].file, path)
        shutil.rmtree(path.parent / "receipts")

    yield "31-receipt.pdf", receipt
    yield (
        "32-returned.pdf",
        lambda p: parcels.write_returned(
            office, unit, reasons, identity, month=month, due=due, out=p
        ),
    )
    yield (
        "33-supervision.pdf",
        lambda p: parcels.write_supervision(
            office, unit, "加快高价值发明专利培育", DEMANDS, due, identity, reasons=reasons, out=p
        ),
    )
    yield (
        "34-reopening.pdf",
        lambda p: parcels.write_reopening(
            office, unit, month, "漏报一场培训，已核实签到材料。", identity, due=due, out=p
        ),
    )
    yield (
        "35-bulletin-letter.pdf",
        lambda p: parcels.write_bulletin(
            office, month, parcels.bulletin_draft(office, month), identity, out=p
        ),
    )


def _scores(office: Desk) -> Made:
    period = Period.parse("2026Q3")
    unit = office.plan.units[0].code
    for name, code in (("41-scores-all", ""), ("42-scores-unit", unit)):
        yield (
            f"{name}.pdf",
            lambda p, c=code: p.write_bytes(
                assessment.pages(office, assessment.assess(office, period), c)
            ),
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
