"""Score sheets and rules of the assessment as canonical bytes, and strictly back."""

from __future__ import annotations

from typing import Any

from rongchang_desk.domain.assessment import FORMAT_VERSION, Assessment
from rongchang_desk.domain.assessment_rules import AssessmentRules
from rongchang_desk.formats import canonical, strict_json
from rongchang_desk.formats.errors import FormatError

digest = canonical.digest

_WHAT = "考核数据"
_SENDER = "办公室"

_assessments = strict_json.decoder(Assessment)
_rules = strict_json.decoder(AssessmentRules)


def dumps(value: Assessment) -> bytes:
    """The canonical bytes of an assessment: what is frozen and signed."""
    return canonical.dumps(value)


def loads(data: bytes) -> Assessment:
    """The assessment that these are the canonical bytes of; raises FormatError."""
    try:
        value = strict_json.loads(_assessments, data, _WHAT, sender=_SENDER)
    except FormatError:
        strict_json.refuse_newer(data, _WHAT, FORMAT_VERSION)
        raise
    if value.format != FORMAT_VERSION:
        strict_json.refuse_newer(data, _WHAT, FORMAT_VERSION)
        raise FormatError(f"{_WHAT}的格式版本 {value.format} 不存在。", "请重新生成考核结果。")
    return value


def rules_dumps(rules: AssessmentRules) -> bytes:
    """The canonical bytes of a set of rules."""
    return canonical.dumps(rules)


def rules_loads(data: bytes) -> AssessmentRules:
    """The rules that these are the canonical bytes of; raises FormatError."""
    return strict_json.loads(_rules, data, "考核规则", sender=_SENDER)


def schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of `assessment.json`, as shipped in `resources/schema/`."""
    return strict_json.schema(Assessment, f"assessment.json, format {FORMAT_VERSION}")
