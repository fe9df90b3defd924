"""The notice 催报通知 to units whose return has not come, as an editable docx."""

from __future__ import annotations

from pathlib import Path

from rongchang_desk.app import district, twins
from rongchang_desk.app.chasing import COUNTING
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.documents.paper import Amount, Column, Grid, Paper, Text
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.errors import FoundWrong


def write(desk: Desk, month: Month, out: Path) -> Path:
    """Write the notice about a month; raises FoundWrong when nobody is missing, CannotWrite."""
    return twins.write_paper(paper(desk, month), out)


def paper(desk: Desk, month: Month) -> Paper:
    """The notice: who has not reported a month, and until when they were to.

    Raises FoundWrong when all returns of the month count.
    """
    desk.require(Role.OFFICE)
    plan, due, today = desk.plan, desk.due(month), desk.today()
    cells = district.cells(plan, district.merged(desk, month), month, due, today)
    missing = [cell for cell in cells if cell.reported not in COUNTING]
    if not missing:
        raise FoundWrong(f"{month.label}没有需要催报的单位。", "各单位的月报都已收到。")
    day = in_words(due)
    late = "已经超过" if today > due else "应于"
    words = (
        f"{month.label}月报{late}{day}"
        + ("的报送期限。" if today > due else f"前报送{plan.office_name}。")
        + f"截至目前，以下{len(missing)}个单位的月报尚未收到或尚不能计入汇总，请尽快报送。"
        "确无工作事项的，请报送零报告。"
    )
    grid = Grid(
        "催报名单",
        "尚未报送的单位",
        (
            Column("序号", "center", least=22),
            Column("单位"),
            Column("类别", "center", least=40),
            Column("情况", "center", least=60),
        ),
        tuple(
            (
                Amount(number), plan.name_of(cell.unit), plan.unit(cell.unit).kind.label,
                cell.reported.label,
            )
            for number, cell in enumerate(missing, 1)
        ),
        key=1,
    )  # fmt: skip
    return Paper(
        title=f"关于催报{month.label}月报的通知",
        addressee="有关单位",
        blocks=(Text(words), grid),
        issuer=plan.office_name,
        issued_on=in_words(today),
    )
