"""What came from the office and concerns a month: a line each, the pressing ones as warnings."""

from __future__ import annotations

from rongchang_desk.app import standing
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.standing import Light, Matter, Standing, State
from rongchang_desk.domain.finding import Finding, Where, hint, warning
from rongchang_desk.domain.month import Month

PLACE = "inbox"


def lines(desk: Desk, month: Month, now: Standing) -> tuple[Finding, ...]:
    """What the office answered to a month's return, whether the month is closed, and the orders
    still open; `now` is the month's standing."""
    found = [_answer(month, now)] if now.parcel is not None else []
    if now.locked:
        found.append(hint("month-closed", Where(PLACE), now.locked))
    today = desk.today()
    for matter in standing.open_matters(desk):
        found.append(_order(matter, matter.light(today)))
    return tuple(found)


def _answer(month: Month, now: Standing) -> Finding:
    assert now.parcel is not None
    where = Where(PLACE, now.parcel.id)
    which = f"{month.label}月报" + (f"第{now.revision}版" if now.revision else "")
    if now.state is State.RETURNED:
        why = "；".join(now.parcel.reasons)
        return warning("return-sent-back", where, f"办公室退回了{which}：{why}。请更正后重新报送。")
    told = "已列入办公室的通报" if now.state is State.ANNOUNCED else "办公室已收到"
    return hint("return-received", where, f"{which}{told}。")


def _order(matter: Matter, light: Light) -> Finding:
    order = matter.order
    until = f"，请于{order.due.month}月{order.due.day}日前反馈" if order.due else "，请反馈"
    urgent = {Light.OVERDUE: "（已逾期）", Light.NEAR: "（临近到期）"}.get(light, "")
    say = hint if light is Light.OPEN else warning
    return say("order-open", Where(PLACE, order.id), f"“{order.title}”{until}{urgent}。")
