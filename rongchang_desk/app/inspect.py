"""Looking at one signed file with nothing but the exported root: what holds and what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rongchang_desk.app.clock import Clock, system_clock
from rongchang_desk.app.files import read_bytes
from rongchang_desk.app.opening import LARGEST, Job, Openers

if TYPE_CHECKING:
    from rongchang_desk.signing.envelope import Opened

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
            what = "汇总报告" if self.payload.get("kind") == "report" else "月报"
            unit = self.payload.get("unit_name", self.payload.get("issuer", ""))
            lines.append(f"内容：{unit} {self.payload.get('month', '')} {what}")
        return lines


def inspect_file(
    file: Path, trust_file: Path, crl_file: Path | None = None, *, clock: Clock = system_clock
) -> Seen:
    """Verify a return or merged report against an exported root.

    The revocation list is the one in the exported file, or `crl_file`; without any the verdict
    cannot be better than unknown. Raises CannotRead, FoundWrong for an unusable root file.
    """
    from rongchang_desk.signing.trust import Trust

    trust = Trust.from_pem(read_bytes(trust_file, 32 * 1024 * 1024))
    if crl_file is not None:
        trust = Trust(trust.root, read_bytes(crl_file, 32 * 1024 * 1024))
    pdf = read_bytes(file, LARGEST)
    with Openers(1) as openers:
        (((_, unsealed),),) = openers.open_all((Job(file.name, pdf),), trust, clock())
    if isinstance(unsealed, str):
        return Seen(
            "invalid",
            {},
            ((unsealed, "文件不能安全读取，可能是恶意或严重损坏的文件。"),),
            None,
            None,
        )
    return _seen(unsealed.opened)


def _seen(opened: Opened) -> Seen:
    payload = json.loads(opened.payload) if opened.payload is not None else None
    return Seen(
        opened.verdict,
        {field.name: getattr(opened.facts, field.name) for field in fields(opened.facts)},
        tuple((reason.code, reason.message) for reason in opened.reasons),
        (opened.signer.unit_code, opened.signer.unit_name) if opened.signer else None,
        payload,
    )
