"""What speaks against a return: the rules, the pages, and the versions already known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from rongchang_desk.app import page_agreement
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.outcome import Reason
from rongchang_desk.app.standing import locked_for
from rongchang_desk.domain.changes import changes
from rongchang_desk.domain.checks import check_record
from rongchang_desk.domain.finding import Severity
from rongchang_desk.domain.merge import Filed, resolve
from rongchang_desk.domain.monthly_return import MonthlyReturn, total
from rongchang_desk.store import decisions

if TYPE_CHECKING:
    from rongchang_desk.documents.printed import Printed


def against_rules(desk: Desk, value: MonthlyReturn, signer: str) -> Iterator[Reason]:
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


def stale(value: MonthlyReturn, known: tuple[Filed, ...]) -> Reason | None:
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


def waiting(desk: Desk, one: Filed, known: tuple[Filed, ...]) -> tuple[Reason, ...]:
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


def oddities(desk: Desk, value: MonthlyReturn) -> Iterator[str]:
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


def against_pages(
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
