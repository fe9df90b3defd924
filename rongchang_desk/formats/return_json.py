"""`return.json`: a monthly return or one record as canonical bytes, and strictly back.

The bytes are the return's identity: `digest` of them is what receipts, amendments and
merged reports name. Decoding therefore accepts one form only, the one `dumps` makes.
It judges form, never content: whether figures make sense is for `domain.checks`.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import FORMAT_VERSION, MonthlyReturn
from rongchang_desk.domain.records import KINDS, Record
from rongchang_desk.formats import canonical
from rongchang_desk.formats.errors import FormatError

LARGEST = 8 * 1024 * 1024
"""Bytes a payload may have; a full month of a busy unit takes well under 1 MiB."""

digest = canonical.digest

_T = TypeVar("_T")


class _Version(msgspec.Struct):
    format: int


def _decode_ours(wanted: type, value: object) -> object:
    if wanted is Month and isinstance(value, str):
        return Month.parse(value)
    raise ValueError(f"not a {wanted.__name__}")


def _decoder(wanted: type[_T]) -> msgspec.json.Decoder[_T]:
    return msgspec.json.Decoder(wanted, dec_hook=_decode_ours)


_returns = _decoder(MonthlyReturn)
_records: dict[str, msgspec.json.Decoder[Record]] = {
    kind: _decoder(record) for kind, record in KINDS.items()
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
        value = _strict(_returns, data, "月报数据")
    except FormatError:
        _refuse_newer(data)
        raise
    if value.format != FORMAT_VERSION:
        _refuse_newer(data)
        raise FormatError(f"月报数据的格式版本 {value.format} 不存在。", "请报送单位重新导出月报。")
    return value


def record_dumps(record: Record) -> bytes:
    """The canonical bytes of one record, the form in which the store keeps it."""
    return canonical.dumps(record)


def record_loads(kind: str, data: bytes) -> Record:
    """The record of a kind (a key of `KINDS`) that these are the canonical bytes of.

    Raises FormatError like `loads`; KeyError for a kind that does not exist.
    """
    return _strict(_records[kind], data, "记录数据")


def schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of `return.json`, as shipped in `resources/schema/`.

    Every field is always present and nothing else may be: the canonical form has no options.
    What the fields mean is said where they are defined, in `domain`.
    """
    made = msgspec.json.schema(MonthlyReturn, schema_hook=_describe)
    for definition in made["$defs"].values():
        definition.pop("description", None)
        if definition.get("type") == "object":
            definition["required"] = sorted(definition["properties"])
            definition["additionalProperties"] = False
            for described in definition["properties"].values():
                described.pop("default", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"return.json, format {FORMAT_VERSION}",
        **made,
    }


def _strict(decoder: msgspec.json.Decoder[_T], data: bytes, what: str) -> _T:
    if len(data) > LARGEST:
        raise FormatError(
            f"{what}有 {len(data):,} 字节，超过上限 {LARGEST:,} 字节。",
            "请报送单位核对后重新导出。",
        )
    again = "文件可能被改动或损坏，请报送单位重新导出。"
    try:
        value = decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise FormatError(f"{what}的内容不符合格式要求（{_place(wrong)}）。", again) from wrong
    try:
        same = canonical.dumps(value) == data
    except FormatError as wrong:
        raise FormatError(f"{what}的内容不符合格式要求：{wrong.message}", again) from wrong
    if not same:
        raise FormatError(
            f"{what}不是规范形式：有重复、多余或缺少的字段，或数值、日期的写法不同。", again
        )
    return value


def _place(wrong: Exception) -> str:
    """Where in the document it went wrong, e.g. `$.trainings[0].day`, without English prose."""
    place = re.search(r"at `([^`]*)`$", str(wrong))
    missing = re.search(r"missing required field `([^`]*)`", str(wrong))
    if missing:
        return f"缺少字段 {missing[1]}"
    return f"位置 {place[1]}" if place else "不是完整的 JSON"


def _refuse_newer(data: bytes) -> None:
    """Raises FormatError when the data call themselves of a format newer than this program's."""
    if len(data) > LARGEST:
        return
    try:
        version = msgspec.json.decode(data, type=_Version).format
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return
    if version > FORMAT_VERSION:
        raise FormatError(
            f"月报数据由更新版本的程序生成（格式 {version}，本程序支持到 {FORMAT_VERSION}）。",
            "请把本机的程序更新到最新版本后再打开。",
        )


def _describe(wanted: type) -> dict[str, Any]:
    if wanted is Month:
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
    raise NotImplementedError(f"no schema for {wanted.__name__}")
