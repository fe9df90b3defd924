"""Looking at one signed file with nothing but the exported root: what holds and what it says.

The pages of a return are compared with its data when its plan is at hand (by default the one
that comes with the program), an amendment's only beside the revision it amends.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rongchang_desk.app.clock import Clock, system_clock
from rongchang_desk.app.files import read_bytes
from rongchang_desk.app.opening import LARGEST, Job, Openers, Unsealed
from rongchang_desk.app.page_agreement import PAGE_DIFFERS, REPORT_DIFFERS, page_trouble
from rongchang_desk.domain.changes import changes
from rongchang_desk.errors import FoundWrong

if TYPE_CHECKING:
    from rongchang_desk.domain.monthly_return import MonthlyReturn
    from rongchang_desk.signing.envelope import Opened
    from rongchang_desk.signing.trust import Trust

_FACTS = {
    "one_revision": "文件只有一版，没有追加内容",
    "intact": "签名后没有改动",
    "signature_valid": "签名有效",
    "chains_to_root": "证书由办公室签发",
    "in_validity": "证书在有效期内",
    "not_revoked": "证书没有吊销",
    "signer_allowed": "证书可用于签署月报",
    "shape_ok": "文件结构符合规定",
    "payload_ok": "内嵌数据完好",
    "second_opinion": "第二种方法查验一致",
    "pages_agree": "页面与内嵌数据一致",
    "figures_agree": "汇总数字与所据月报重算的一致",
}
_VERDICTS = {"valid": "有效", "invalid": "无效", "unknown": "不能判定"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in a file: verdict, facts, reasons and the payload when valid."""

    verdict: str
    facts: dict[str, bool | None]
    reasons: tuple[tuple[str, str], ...]
    signer: tuple[str, str] | None
    payload: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "facts": self.facts,
            "reasons": [{"code": code, "message": message} for code, message in self.reasons],
            "signer": {"unit": self.signer[0], "name": self.signer[1]} if self.signer else None,
            "payload": self.payload,
        }

    def lines(self) -> list[str]:
        """The same for a person."""
        marks = {True: "√", False: "×", None: "？"}
        lines = [f"结论：{_VERDICTS[self.verdict]}"]
        if self.signer:
            lines.append(f"签名单位：{self.signer[1]}（{self.signer[0]}）")
        lines += [
            f"  {marks[value]} {_FACTS.get(name, name)}" for name, value in self.facts.items()
        ]
        lines += [f"  · {message}" for _, message in self.reasons]
        if self.payload:
            kinds = {"report": "汇总报告", "key-register": "密钥登记簿"}
            what = kinds.get(str(self.payload.get("kind", "")), "月报")
            unit = self.payload.get("unit_name", self.payload.get("issuer", ""))
            lines.append(f"内容：{unit} {self.payload.get('month', '')} {what}")
        return lines


def inspect_file(
    file: Path,
    trust_file: Path,
    crl_file: Path | None = None,
    *,
    plan_file: Path | None = None,
    before_file: Path | None = None,
    clock: Clock = system_clock,
) -> Seen:
    """Verify a return or merged report against an exported root.

    The revocation list is the one in the exported file, or `crl_file`; without any the verdict
    cannot be better than unknown. `plan_file` is the plan the return was made under, when it is
    not the shipped one, `before_file` the return that it amends. Raises CannotRead, FoundWrong
    for an unusable root file.
    """
    from rongchang_desk.signing.trust import Trust

    trust = Trust.from_pem(read_bytes(trust_file, 32 * 1024 * 1024))
    if crl_file is not None:
        trust = Trust(trust.root, read_bytes(crl_file, 32 * 1024 * 1024))
    unsealed = _opened(file, trust, clock)
    if isinstance(unsealed, str):
        return Seen(
            "invalid",
            {},
            ((unsealed, "文件不能安全读取，可能是恶意或严重损坏的文件。"),),
            None,
            None,
        )
    seen = _seen(unsealed.opened)
    if unsealed.opened.payload is not None and unsealed.opened.payload_name == "report.json":
        return _with_figures(seen, unsealed, _plan_body(plan_file))
    if unsealed.printed is None:
        return seen
    before = _opened(before_file, trust, clock) if before_file else None
    return _with_pages(seen, unsealed, _plan_body(plan_file), before)


def _opened(file: Path, trust: Trust, clock: Clock) -> Unsealed | str:
    pdf = read_bytes(file, LARGEST)
    with Openers(1) as openers:
        (((_, unsealed),),) = openers.open_all((Job(file.name, pdf),), trust, clock())
    return unsealed


def _plan_body(plan_file: Path | None) -> bytes:
    from rongchang_desk import assets
    from rongchang_desk.app.enrol import DEFAULT_PLAN

    if plan_file is None:
        return assets.resource("plans", DEFAULT_PLAN).read_bytes()
    return read_bytes(plan_file, 32 * 1024 * 1024)


def _with_pages(
    seen: Seen, unsealed: Unsealed, plan_body: bytes, before: Unsealed | str | None
) -> Seen:
    """What was seen, and whether the pages agree with the data as far as that can be known."""
    from rongchang_desk.formats import plan_toml, return_json

    opened = unsealed.opened
    assert opened.payload is not None
    assert opened.signer is not None
    assert unsealed.printed is not None

    def told(agree: bool | None, code: str, message: str) -> Seen:
        return _also(seen, "pages_agree", agree, code, message)

    try:
        value = return_json.loads(opened.payload)
    except FoundWrong as problem:
        return told(False, "payload-malformed", problem.message)
    plan = plan_toml.loads(plan_body)
    if plan_toml.digest_of(plan) != value.plan_digest:
        return told(
            None, "pages-unchecked",
            "没有核对页面与数据：手头没有这份月报所用的任务包，请用 --plan 给出。",
        )  # fmt: skip
    earlier = _amended(value, before)
    if value.amends is not None and earlier is None:
        return told(
            None, "pages-unchecked",
            "没有核对页面与数据：更正版须与前一版对照，请用 --before 给出所更正的前一版。",
        )  # fmt: skip
    trouble = page_trouble(
        plan,
        value,
        changes(plan, earlier, value) if earlier else (),
        unsealed.printed,
        digest=return_json.digest(opened.payload),
        certificate_fingerprint=opened.signer.certificate_sha256,
    )
    return told(not trouble, PAGE_DIFFERS, trouble)


def _also(seen: Seen, fact: str, holds: bool | None, code: str, message: str) -> Seen:
    """What was seen, with one more fact; a false one makes the file invalid."""
    return replace(
        seen,
        verdict="invalid" if holds is False else seen.verdict,
        facts={**seen.facts, fact: holds},
        reasons=(*seen.reasons, (code, message)) if message else seen.reasons,
        payload=None if holds is False else seen.payload,
    )


def _with_figures(seen: Seen, unsealed: Unsealed, plan_body: bytes) -> Seen:
    """What was seen of a report, and whether its figures are those of the originals inside."""
    from rongchang_desk.app import report_agreement
    from rongchang_desk.formats import plan_toml

    assert unsealed.opened.payload is not None
    stated = report_agreement.read(unsealed.opened.payload)
    plan = plan_toml.loads(plan_body)
    if stated is None or plan_toml.digest_of(plan) != stated.plan_digest:
        why = "没有重算汇总报告的数字：手头没有它所用的任务包，请用 --plan 给出。"
        return _also(seen, "figures_agree", None, "report-unchecked", why)
    made = report_agreement.recount(plan, stated, report_agreement.values_of(unsealed.originals))
    if made.lacking:
        return _also(seen, "figures_agree", None, "report-unchecked", made.unchecked)
    trouble = made.trouble
    return _also(seen, "figures_agree", not trouble, REPORT_DIFFERS, trouble)


def _amended(value: MonthlyReturn, before: Unsealed | str | None) -> MonthlyReturn | None:
    """The return that another amends, when the file given is a valid one and just that."""
    from rongchang_desk.formats import return_json

    if value.amends is None or not isinstance(before, Unsealed) or before.opened.payload is None:
        return None
    if return_json.digest(before.opened.payload) != value.amends.predecessor:
        return None
    return return_json.loads(before.opened.payload)


def _seen(opened: Opened) -> Seen:
    payload = json.loads(opened.payload) if opened.payload is not None else None
    return Seen(
        opened.verdict,
        {field.name: getattr(opened.facts, field.name) for field in fields(opened.facts)},
        tuple((reason.code, reason.message) for reason in opened.reasons),
        (opened.signer.unit_code, opened.signer.unit_name) if opened.signer else None,
        payload,
    )
