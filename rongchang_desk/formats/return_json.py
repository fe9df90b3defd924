"""`return.json`: a monthly return or one record as canonical bytes, and strictly back.

The bytes are the return's identity: `digest` of them is what receipts, amendments and
merged reports name. Decoding therefore accepts one form only, the one `dumps` makes.
It judges form, never content: whether figures make sense is for `domain.checks`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from rongchang_desk.domain.monthly_return import FORMAT_VERSION, MonthlyReturn
from rongchang_desk.domain.records import KINDS, Record
from rongchang_desk.formats import canonical, strict_json
from rongchang_desk.formats.errors import FormatError
from rongchang_desk.formats.strict_json import LARGEST

__all__ = [
    "LARGEST",
    "digest",
    "dumps",
    "loads",
    "record_dumps",
    "record_loads",
    "reread",
    "schema",
]

digest = canonical.digest

_WHAT = "月报数据"
_SENDER = "报送单位"

_returns = strict_json.decoder(MonthlyReturn)
_records: dict[str, msgspec.json.Decoder[Record]] = {
    kind: strict_json.decoder(record) for kind, record in KINDS.items()
}


def dumps(value: MonthlyReturn) -> bytes:
    """The canonical bytes of a return: the payload that is signed."""
    return canonical.dumps(value)


def loads(data: bytes) -> MonthlyReturn:
    """The return that these bytes are the canonical form of.

    Raises FormatError when they are anything else: not JSON, a field missing, unknown or
    twice, a number or date in another notation, too large, or of a newer format.
    """
    try:
        value = strict_json.loads(_returns, data, _WHAT, sender=_SENDER)
    except FormatError:
        strict_json.refuse_newer(data, _WHAT, FORMAT_VERSION)
        raise
    if value.format != FORMAT_VERSION:
        strict_json.refuse_newer(data, _WHAT, FORMAT_VERSION)
        raise FormatError(f"月报数据的格式版本 {value.format} 不存在。", "请报送单位重新导出月报。")
    return value


def reread(data: bytes, named: str) -> MonthlyReturn:
    """A return that `loads` took once, by the digest it was given then.

    Unchanged bytes need not prove their form again; raises FormatError when they did change.
    """
    if digest(data) != named:
        raise FormatError(
            f"数据文件中的一份月报与登记的摘要（{named[:8].upper()}）不符，可能已损坏。",
            "请从备份恢复工作台。",
        )
    return _returns.decode(data)


def record_dumps(record: Record) -> bytes:
    """The canonical bytes of one record, the form in which the store keeps it."""
    return canonical.dumps(record)


def record_loads(kind: str, data: bytes) -> Record:
    """The record of a kind (a key of `KINDS`) that these are the canonical bytes of.

    Raises FormatError like `loads`; KeyError for a kind that does not exist.
    """
    return strict_json.loads(_records[kind], data, "记录数据", sender=_SENDER)


def schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of `return.json`, as shipped in `resources/schema/`."""
    return strict_json.schema(MonthlyReturn, f"return.json, format {FORMAT_VERSION}")
