"""Whether the pages of a taken-in return agree with its data, told as a reason to refuse it.

Pages are drawn anew from the data here, in the process that trusts it; what the file's pages
hold was read by a confined worker (`documents.printed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rongchang_desk import __version__
from rongchang_desk.domain.changes import Change
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.plan import Plan

if TYPE_CHECKING:
    from rongchang_desk.documents.printed import Printed

PAGE_DIFFERS = "page-differs"
REPORT_DIFFERS = "report-differs"
"""Reason codes: of a return's pages, and of a merged report's figures."""
SOFTWARE = f"rongchang-desk {__version__}"
_MOST = 3


def get_ready() -> None:
    """Load what the first pages drawn would wait for: code and fonts. Takes about 100 ms."""
    from rongchang_desk.documents import agreement

    agreement.load_fonts()


def page_trouble(
    plan: Plan,
    value: MonthlyReturn,
    changed: Sequence[Change],
    printed: Printed,
    *,
    digest: str,
    certificate_fingerprint: str,
) -> str:
    """Why the pages do not agree with the data, in Chinese; empty when they do.

    `plan` is the one the return was made under, `changed` what an amendment's pages list.
    """
    from rongchang_desk.documents import agreement

    found = agreement.differences(
        plan,
        value,
        digest=digest,
        certificate_fingerprint=certificate_fingerprint,
        changed=changed,
        printed=printed,
    )
    if not found:
        return ""
    told = "；".join(difference.message for difference in found[:_MOST])
    more = f"（另有{len(found) - _MOST}处）" if len(found) > _MOST else ""
    return f"页面与数据不一致：{told}{more}。{_advice(value)}"


def _advice(value: MonthlyReturn) -> str:
    if value.software == SOFTWARE:
        return "请向该单位核实，退回后由其用工作台重新生成。"
    return (
        f"该月报由{value.software}生成，本工作台是{SOFTWARE}：如果该单位的版本较新，"
        "请先升级本工作台，再收一次；否则请向该单位核实，退回重新生成。"
    )
