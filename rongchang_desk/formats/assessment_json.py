"""Score sheets and rules of the assessment as canonical bytes, and strictly back."""

from __future__ import annotations

from rongchang_desk.domain.assessment import FORMAT_VERSION, Assessment
from rongchang_desk.domain.assessment_rules import AssessmentRules
from rongchang_desk.formats import canonical, strict_json
from rongchang_desk.formats.errors import FormatError

digest = canonical.digest

_assessments = strict_json.decoder(Assessment)
_rules = strict_json.decoder(AssessmentRules)


def dumps(value: Assessment) -> bytes:
    """The canonical bytes of an assessment: what is frozen and signed."""
    return canonical.dumps(value)


def loads(data: bytes) -> Assessment:
    """The assessment that these are the canonical bytes of; raises FormatError."""
    value = strict_json.loads(_assessments, data, "考核数据", sender="办公室")
    if value.format != FORMAT_VERSION:
        strict_json.refuse_newer(data, "考核数据", FORMAT_VERSION)
        raise FormatError(f"考核数据的格式版本 {value.format} 不存在。", "请重新生成考核结果。")
    return value


def rules_dumps(rules: AssessmentRules) -> bytes:
    """The canonical bytes of a set of rules."""
    return canonical.dumps(rules)


def rules_loads(data: bytes) -> AssessmentRules:
    """The rules that these are the canonical bytes of; raises FormatError."""
    return strict_json.loads(_rules, data, "考核规则", sender="办公室")
