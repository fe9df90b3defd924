"""Merged reports whose figures are not those of their returns, signed by the office's own key."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from rongchang_desk.app import intake, record, report, sending_back
from rongchang_desk.app.clock import SetClock
from rongchang_desk.app.inspect import inspect_file
from rongchang_desk.documents import archive
from rongchang_desk.domain.period import Period
from rongchang_desk.domain.records import NamedValue, Training, Value
from rongchang_desk.formats import canonical
from rongchang_desk.signing.envelope import seal
from tests.district import MONTH, PASSPHRASE, PLAN_FILE, District, at

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def district(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for all stories: a false report changes nothing in it."""
    folder = tmp_path_factory.mktemp("reported") / "district"
    shutil.copytree(founded, folder)
    made = District(folder, SetClock(at(2)))
    yield made
    made.close()


@pytest.fixture(scope="module")
def issued(district: District) -> Path:
    """The office's report on two units, one of them with an amendment."""
    first = district.report("A1", district.training("A1", 10))
    told = record.of_month(district.desk("A1"), MONTH).trainings[0]
    assert isinstance(told, Training)
    heads = (NamedValue("worker", Value.of(Decimal(11))),)
    district.record("A1", replace(told, headcounts=heads))
    district.take(first, district.export("A1", amend="少计一人"), district.report("A2"))
    office = district.office
    wish = report.Wish(Period.of(MONTH))
    out = district.folder / "report.pdf"
    return report.issue(office, wish, office.identity(PASSPHRASE), out=out).file


def falsified(district: District, issued: Path, change: Change) -> Path:
    """The report with a changed payload, signed with the office's real key."""
    from rongchang_desk.signing.envelope import Source

    office = district.office
    with pikepdf.open(issued) as pdf:
        inside = {n: pdf.attachments[n].get_file().read_bytes() for n in pdf.attachments}
    payload = json.loads(inside.pop("report.json"))
    change(payload)
    pages = report.draft(office, report.Wish(Period.of(MONTH)))
    finished = archive.finish(pages, title="报告", author="办公室", created=office.now())
    file = district.folder / "falsified.pdf"
    file.write_bytes(
        seal(
            finished, canonical.dumps(payload), office.identity(PASSPHRASE),
            payload_name="report.json", signed_at=office.now(),
            sources=[Source(name, data) for name, data in inside.items()],
        )
    )  # fmt: skip
    return file


def reached(payload: dict[str, Any]) -> dict[str, Any]:
    """The first figure with a value."""
    return next(figure for figure in payload["figures"] if figure["value"] is not None)


def test_an_honest_report_says_what_its_returns_say(district: District, issued: Path) -> None:
    taken = district.take(issued)
    assert {o.outcome for o in taken.outcomes} == {"duplicate"}
    root, clock = district.folder / "root.pem", SetClock(district.clock())
    seen = inspect_file(issued, root, plan_file=PLAN_FILE, clock=clock)
    assert (seen.verdict, seen.facts["figures_agree"], seen.reasons) == ("valid", True, ())


def more_visits(payload: dict[str, Any]) -> None:
    reached(payload)["value"] = "777"


def one_more_unit(payload: dict[str, Any]) -> None:
    payload["units_reported"] += 1


def nobody_missing(payload: dict[str, Any]) -> None:
    payload["missing"] = []


def a_printed_number(payload: dict[str, Any]) -> None:
    row = next(row for row in payload["printed"] if row[3] == "11")
    row[3] = "777"


def a_dropped_number(payload: dict[str, Any]) -> None:
    del payload["printed"][-1]


def a_dropped_target(payload: dict[str, Any]) -> None:
    del payload["figures"][0]


def another_fingerprint(payload: dict[str, Any]) -> None:
    payload["fingerprint"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (more_visits, ("报告为777", "重算为11")),
        (one_more_unit, ("已报单位数，报告为3，重算为2",)),
        (nobody_missing, ("未报单位，报告为无",)),
        (a_printed_number, ("报告为777，重算为11",)),
        (a_dropped_number, ("报告为空",)),
        (a_dropped_target, ("缺少指标",)),
        (another_fingerprint, ("汇总指纹不符",)),
    ],
)
def test_falsified_figures_are_reported_with_both_values(
    district: District, issued: Path, change: Change, words: tuple[str, ...]
) -> None:
    file = falsified(district, issued, change)
    taken = district.take(file)
    assert [o.outcome for o in taken.outcomes] == ["duplicate"] * 3 + ["refused"]
    (reason,) = taken.outcomes[-1].reasons
    assert (taken.outcomes[-1].file, reason.code) == ("falsified.pdf", "report-differs")
    assert all(word in reason.message for word in words), reason.message
    office = district.office
    shown = intake.batch(office, taken)[-1]
    assert shown.unit == office.plan.office_name
    assert reason.message in shown.reasons
    assert shown not in sending_back.wanted(office, intake.log(office)).unknown


def test_inspect_recomputes_a_report_from_the_originals_inside(
    district: District, issued: Path
) -> None:
    file = falsified(district, issued, more_visits)
    root, clock = district.folder / "root.pem", SetClock(district.clock())
    seen = inspect_file(file, root, plan_file=PLAN_FILE, clock=clock)
    assert (seen.verdict, seen.facts["figures_agree"], seen.payload) == ("invalid", False, None)
    assert seen.reasons[0][0] == "report-differs"


def test_a_report_that_rests_on_returns_not_at_hand_is_not_called_false(
    district: District, issued: Path
) -> None:
    def leave_one_out(payload: dict[str, Any]) -> None:
        payload["lineage"].append({**payload["lineage"][0], "digest": "0" * 64})

    file = falsified(district, issued, leave_one_out)
    taken = district.take(file)
    assert {o.outcome for o in taken.outcomes} == {"duplicate"}
    assert "没有重算" in taken.outcomes[-1].notes[-1]
    root, clock = district.folder / "root.pem", SetClock(district.clock())
    seen = inspect_file(file, root, plan_file=PLAN_FILE, clock=clock)
    assert (seen.verdict, seen.facts["figures_agree"]) == ("valid", None)
    assert seen.reasons[0][0] == "report-unchecked"
