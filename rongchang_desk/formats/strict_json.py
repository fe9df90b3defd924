"""Strict JSON: exactly the canonical bytes of one of our dataclasses, and nothing else.

What `return_json` and `parcel_json` share: decoding that accepts one form only, refusals in
Chinese that name the place, and the schema. It knows no kind of document.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from rongchang_desk.domain.month import Month
from rongchang_desk.formats import canonical
from rongchang_desk.formats.errors import FormatError

LARGEST = 8 * 1024 * 1024
"""Bytes a payload may have; a full month of a busy unit takes well under 1 MiB."""

T = TypeVar("T")


class _Version(msgspec.Struct):
    format: int


def decoder(wanted: type[T]) -> msgspec.json.Decoder[T]:
    """A decoder for `loads`."""
    return msgspec.json.Decoder(wanted, dec_hook=_decode_ours)


def loads(decoder: msgspec.json.Decoder[T], data: bytes, what: str, *, sender: str) -> T:
    """The value that these bytes are the canonical form of; raises FormatError.

    `what` the document is and whom to ask for another one (`sender`) go into the message.
    """
    if len(data) > LARGEST:
        raise FormatError(
            f"{what}有 {len(data):,} 字节，超过上限 {LARGEST:,} 字节。",
            f"请{sender}核对后重新导出。",
        )
    again = f"文件可能被改动或损坏，请{sender}重新导出。"
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


def refuse_newer(data: bytes, what: str, newest: int) -> None:
    """Raise FormatError when the data call themselves of a format newer than this program's."""
    if len(data) > LARGEST:
        return
    try:
        version = msgspec.json.decode(data, type=_Version).format
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return
    if version > newest:
        raise FormatError(
            f"{what}由更新版本的程序生成（格式 {version}，本程序支持到 {newest}）。",
            "请把本机的程序更新到最新版本后再打开。",
        )


def schema(wanted: type, title: str) -> dict[str, Any]:
    """The JSON schema (2020-12) of a document.

    Every field is always present and nothing else may be: the canonical form has no options.
    What the fields mean is said where they are defined, in `domain`.
    """
    made = msgspec.json.schema(wanted, schema_hook=_describe)
    for definition in made["$defs"].values():
        definition.pop("description", None)
        if definition.get("type") == "object":
            definition["required"] = sorted(definition["properties"])
            definition["additionalProperties"] = False
            for described in definition["properties"].values():
                described.pop("default", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **made}


def _decode_ours(wanted: type, value: object) -> object:
    if wanted is Month and isinstance(value, str):
        return Month.parse(value)
    raise ValueError(f"not a {wanted.__name__}")


def _place(wrong: Exception) -> str:
    """Where in the document it went wrong, e.g. `$.trainings[0].day`, without English prose."""
    place = re.search(r"at `([^`]*)`$", str(wrong))
    missing = re.search(r"missing required field `([^`]*)`", str(wrong))
    if missing:
        return f"缺少字段 {missing[1]}"
    return f"位置 {place[1]}" if place else "不是完整的 JSON"


def _describe(wanted: type) -> dict[str, Any]:
    if wanted is Month:
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
    raise NotImplementedError(f"no schema for {wanted.__name__}")
