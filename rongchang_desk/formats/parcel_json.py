"""`parcel.json`: a parcel as canonical bytes, and strictly back.

It judges form, never content: whether a parcel fits a desk is for `domain.parcel`.
"""

from __future__ import annotations

from typing import Any

from rongchang_desk.domain.parcel import FORMAT_VERSION, Parcel
from rongchang_desk.formats import canonical, strict_json
from rongchang_desk.formats.errors import FormatError

digest = canonical.digest

_WHAT = "往来文件数据"
_SENDER = "发件单位"

_parcels = strict_json.decoder(Parcel)


def dumps(parcel: Parcel) -> bytes:
    """The canonical bytes of a parcel: the payload that is signed."""
    return canonical.dumps(parcel)


def loads(data: bytes) -> Parcel:
    """The parcel that these bytes are the canonical form of.

    Raises FormatError when they are anything else: not JSON, a field missing, unknown or
    twice, a date in another notation, too large, or of a newer format.
    """
    try:
        parcel = strict_json.loads(_parcels, data, _WHAT, sender=_SENDER)
    except FormatError:
        strict_json.refuse_newer(data, _WHAT, FORMAT_VERSION)
        raise
    if parcel.format != FORMAT_VERSION:
        strict_json.refuse_newer(data, _WHAT, FORMAT_VERSION)
        raise FormatError(f"{_WHAT}的格式版本 {parcel.format} 不存在。", f"请{_SENDER}重新导出。")
    return parcel


def schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of `parcel.json`, as shipped in `resources/schema/`."""
    return strict_json.schema(Parcel, f"parcel.json, format {FORMAT_VERSION}")
