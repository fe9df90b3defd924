"""Pages we make agree with their data, whatever it is; one changed figure never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rongchang_desk.app.clock import CHINA
from rongchang_desk.documents import agreement, archive, printed, return_pdf
from rongchang_desk.domain.changes import Change, changes
from rongchang_desk.domain.monthly_return import MonthlyReturn, Signatories, total
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    NamedValue,
    Records,
    Value,
)
from rongchang_desk.formats import return_json
from tests import strategies
from tests.unit.documents import samples

PRINT = "ab" * 32
words = st.text("张镕喆𬀩㳇知识产权 培训、（）(\\)-12,3.5%aZ\n", max_size=40).map(str.strip)
quick = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])


def printed_pages(
    plan: Plan, value: MonthlyReturn, digest: str, changed: tuple[Change, ...] = ()
) -> printed.Printed:
    """The pages of a value as a file holds them."""
    signer = return_pdf.SignerBlock(value.unit_name, value.signed_at, PRINT)
    pages = return_pdf.render(plan, value, digest=digest, signer=signer, changed=changed)
    created = datetime(2026, 11, 3, tzinfo=CHINA)
    return printed.read(archive.finish(pages, title="月报", author="单位", created=created))


def differences(
    plan: Plan, value: MonthlyReturn, shown: MonthlyReturn, changed: tuple[Change, ...] = ()
) -> tuple[agreement.Difference, ...]:
    """What differs between a value and pages that show another under its digest."""
    digest = return_json.digest(return_json.dumps(value))
    return agreement.differences(
        plan, value, digest=digest, certificate_fingerprint=PRINT, changed=changed,
        printed=printed_pages(plan, shown, digest, changed),
    )  # fmt: skip


@quick
@given(data=st.data())
def test_any_return_agrees_with_the_pages_we_make_of_it(linhe: Plan, data: st.DataObject) -> None:
    value = data.draw(strategies.monthly_returns(linhe, words))
    earlier = data.draw(strategies.monthly_returns(linhe, words))
    listed = changes(linhe, earlier, value) if value.amends else ()
    assert differences(linhe, value, value, listed) == ()


def _values_changed(value: MonthlyReturn) -> Iterator[MonthlyReturn]:
    """The return with one headcount, reading or name changed, each in turn."""
    for place, training in enumerate(value.trainings):
        for at, named in enumerate(training.headcounts):
            heads = list(training.headcounts)
            heads[at] = NamedValue(named.code, _other(named.value))
            sessions = list(value.trainings)
            sessions[place] = replace(training, headcounts=tuple(heads))
            yield replace(value, trainings=tuple(sessions))
    for place, event in enumerate(value.publicity):
        events = list(value.publicity)
        events[place] = replace(event, reach=_other(event.reach))
        yield replace(value, publicity=tuple(events))
    for place, reading in enumerate(value.readings):
        for at, named in enumerate(reading.values):
            parts = list(reading.values)
            parts[at] = NamedValue(named.code, _other(named.value))
            readings = list(value.readings)
            readings[place] = replace(reading, values=tuple(parts))
            yield replace(value, readings=tuple(readings))


def _other(value: Value) -> Value:
    """Another of the four states, or a number one higher."""
    if value.number is not None:
        return Value.of(value.number + 1)
    return Value.of(0) if value == NOT_APPLICABLE else NOT_APPLICABLE


@quick
@given(data=st.data())
def test_one_figure_changed_in_the_data_is_always_seen(linhe: Plan, data: st.DataObject) -> None:
    shown = data.draw(strategies.monthly_returns(linhe, words).filter(lambda v: not v.amends))
    others = [
        other for other in _values_changed(shown)
        if not _is_unprinted(linhe, shown, other)
    ]  # fmt: skip
    assume(others)
    value = data.draw(st.sampled_from(others))
    assert differences(linhe, value, shown)


def _is_unprinted(plan: Plan, one: MonthlyReturn, other: MonthlyReturn) -> bool:
    """Whether both are printed alike: a co-host's and a foreign register's unreported figures."""
    return printed_pages(plan, one, "00" * 32) == printed_pages(plan, other, "00" * 32)


def _training(value: MonthlyReturn, heads: Value) -> MonthlyReturn:
    """The sample with one training whose only headcount is given."""
    first = value.trainings[0]
    session = replace(first, headcounts=(NamedValue(first.headcounts[0].code, heads),))
    return replace(value, trainings=(session, *value.trainings[1:]))


STATES = {
    "a number": Value.of(12),
    "zero": Value.of(0),
    "a negative number": Value.of(-7),
    "decimals": Value.of(Decimal("12.50")),
    "not applicable": NOT_APPLICABLE,
    "not reported": NOT_REPORTED,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("other", STATES)
def test_the_states_of_a_value_agree_with_themselves_only(state: str, other: str) -> None:
    plan = samples.plan()
    value = _training(samples.monthly_return(), STATES[state])
    shown = _training(samples.monthly_return(), STATES[other])
    found = differences(plan, value, shown)
    assert (found == ()) == (state == other), [one.message for one in found]


@pytest.mark.parametrize("rows", [0, 1, 100])
def test_long_and_empty_returns_agree(rows: int) -> None:
    plan = samples.plan()
    value = samples.monthly_return(*samples.cases(rows)) if rows else samples.monthly_return()
    assert differences(plan, value, value) == ()
    nothing = Records((), (), (), (), (), ())
    zero = replace(
        value, zero=True, progress=(), readings=(), trainings=(), publicity=(), entries=(),
        problems=(), totals=total(plan, nothing),
    )  # fmt: skip
    assert differences(plan, zero, zero) == ()


@pytest.mark.parametrize("name", ["𬀩㳇", "镕喆堃昇赟", "Ö·O’Neill", "欧阳（代）"])
def test_rare_names_agree_and_another_name_does_not(name: str) -> None:
    plan = samples.plan()
    value = replace(samples.monthly_return(), signatories=Signatories(name, "李喆", "王堃"))
    assert differences(plan, value, value) == ()
    other = replace(value, signatories=Signatories("某某", "李喆", "王堃"))
    (found,) = differences(plan, value, other)
    assert name in found.data
    assert "某某" in found.shown


def test_data_that_cannot_be_printed_agrees_with_no_page() -> None:
    plan = samples.plan()
    shown = samples.monthly_return()
    value = replace(shown, signatories=Signatories("𠮷\U0001f600", "", ""))
    (found,) = differences(plan, value, shown)
    assert "印不出" in found.message


def test_what_cannot_be_read_is_foreign_and_never_raises() -> None:
    assert printed.read(b"").foreign
    assert printed.read(b"%PDF-1.7\n%%EOF").foreign
