"""What came of opening a sealed file: independent facts, reasons, and the verdict they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Literal

from rongchang_desk.signing.certificates import Signer

Verdict = Literal["valid", "invalid", "unknown"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file is not valid: a stable code and a Chinese message that says what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Source:
    """A further file carried inside: its name and its bytes, exactly as they were attached."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """Independent facts about a file: True, False, or None when it was not or cannot be known."""

    one_revision: bool | None = None
    """One PDF revision, one signature gap, nothing before, between or behind."""
    intact: bool | None = None
    """The digest of the signed bytes is the one in the signature."""
    signature_valid: bool | None = None
    """One well-formed PAdES signature that verifies under the key of the certificate in it."""
    chains_to_root: bool | None = None
    """The certificate was issued directly by the office's root."""
    in_validity: bool | None = None
    """Certificate and root are within their validity at the moment asked for."""
    not_revoked: bool | None = None
    """The office's list is at hand, in force, and does not revoke the certificate by then."""
    signer_allowed: bool | None = None
    """A document signer's certificate: names a unit, usages, key size, not a CA."""
    shape_ok: bool | None = None
    """The PDF has exactly the shape of a sealed file and no active content."""
    payload_ok: bool | None = None
    """The payload and all carried files could be taken out within bounds."""
    second_opinion: bool | None = None
    """pyHanko agrees."""

    def as_dict(self) -> dict[str, bool | None]:
        """The facts by name, in order."""
        return asdict(self)

    @property
    def verdict(self) -> Verdict:
        """`invalid` when any fact is False, `valid` when all are True, `unknown` otherwise."""
        values = [getattr(self, field.name) for field in fields(self)]
        if any(value is False for value in values):
            return "invalid"
        return "valid" if all(value is True for value in values) else "unknown"


@dataclass(frozen=True, slots=True)
class Opened:
    """The outcome of opening a sealed file. Only a valid one yields a payload or sources."""

    facts: Facts
    reasons: tuple[Reason, ...] = ()
    signer: Signer | None = None
    """Known as soon as the certificate is the office's, even when the file is refused."""
    payload: bytes | None = None
    payload_name: str = ""
    claimed_at: datetime | None = None
    """The signing time the signer claims (`/M`): never trusted."""
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if self.verdict != "valid" and (self.payload is not None or self.sources):
            raise ValueError("only a valid file yields its contents")

    @property
    def verdict(self) -> Verdict:
        """`valid`, `invalid` or `unknown`; `unknown` must never be shown as valid."""
        return self.facts.verdict


_ASK_AGAIN = "请让报送单位在工作台中重新导出并报送。"
_NOT_FORWARDED = "请勿用其他软件打开另存，" + _ASK_AGAIN

MESSAGES: Mapping[str, str] = {
    "too-large": "文件超过允许的大小，没有打开。请确认是否选错了文件；" + _ASK_AGAIN,
    "not-a-pdf": "这不是PDF文件，或文件开头已损坏。请确认选择的文件；" + _ASK_AGAIN,
    "file-incomplete": "文件不完整，可能拷贝或下载中断。请重新拷贝一次；仍不行时" + _ASK_AGAIN,
    "not-signed": "文件中没有工作台的签名，可能是打印件或普通PDF。" + _ASK_AGAIN,
    "not-one-revision": "文件在签名后被追加或改写过，或不是由工作台生成。" + _NOT_FORWARDED,
    "signature-invalid": "文件内容与签名不符，签名后可能被改动或损坏。" + _NOT_FORWARDED,
    "signature-malformed": "文件中的签名不是工作台的格式。" + _NOT_FORWARDED,
    "signer-unknown": "签名证书不是本办公室签发的，无法确认报送单位。"
    "请核对文件来源；若确为本区单位，请其使用入网包中的密钥重新签名报送。",
    "signer-not-allowed": "签名证书不允许用于签署月报。"
    "请联系领导小组办公室换发单位证书后重新报送。",
    "certificate-expired": "签名证书已过有效期。请办公室人员核实后决定，并为该单位换发证书。",
    "certificate-not-yet-valid": "签名证书尚未生效。请检查本机日期和时间，或联系领导小组办公室。",
    "certificate-revoked": "签名证书已被吊销。请与该单位电话核实，并为其换发证书后重新报送。",
    "revocation-unknown": "没有证书吊销列表，无法确认签名证书是否仍然有效，暂不能认定。"
    "请向领导小组办公室索取最新的吊销列表后重新查验。",
    "revocation-stale": "证书吊销列表已过期，无法确认签名证书是否仍然有效，暂不能认定。"
    "请向领导小组办公室索取最新的吊销列表后重新查验。",
    "revocation-unusable": "证书吊销列表损坏，或不是本办公室签发的，暂不能认定。"
    "请向领导小组办公室重新索取吊销列表后重新查验。",
    "trust-unusable": "办公室根证书文件无法使用，暂不能认定。请重新导入办公室导出的根证书。",
    "encrypted": "文件设置了打开或编辑密码，不予接收。" + _NOT_FORWARDED,
    "active-content": "文件中含有脚本、自动动作或外部链接，不予接收。" + _NOT_FORWARDED,
    "shape-wrong": "文件结构与工作台生成的不一致，不予接收。" + _NOT_FORWARDED,
    "page-differs": "文件中带有与页面所印文字不同的替代文字，不予接收。" + _ASK_AGAIN,
    "payload-missing": "文件中没有所需的数据附件，可能选错了文件类型。请核对文件；" + _ASK_AGAIN,
    "payload-unexpected-file": "文件中夹带了多余的附件，不予接收。" + _NOT_FORWARDED,
    "payload-too-large": "文件中的数据附件超过允许的大小，不予接收。" + _ASK_AGAIN,
    "payload-malformed": "文件中的数据附件无法读取。" + _ASK_AGAIN,
    "second-opinion-differs": "第二套查验程序不认可此签名，不予接收。"
    "请保留此文件并联系技术支持，同时" + _ASK_AGAIN,
}
"""The reasons a file is refused or left undecided, by code; codes are stable."""


def reason(code: str) -> Reason:
    """The reason with this code."""
    return Reason(code, MESSAGES[code])
