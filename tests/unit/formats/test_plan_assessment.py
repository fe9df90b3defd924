"""The plan file's parts about assessment and lights."""

from __future__ import annotations

import pytest

from rongchang_desk import assets
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import PlanFileError
from rongchang_desk.formats import plan_toml
from tests.district import PLAN_FILE

PART = """
[lights]
near = 2
assumed = { near = "暂定" }

[assessment]
ranking = true
assumed = { rules = "暂定", on_time = "分值暂定" }

[[assessment.rules]]
code = "on_time"
title = "按时"
kind = "on_time"
weight = 12.5
part = 0.5

[[assessment.rules]]
code = "talks"
title = "讲座"
kind = "training"
weight = 5
full = 3
joint = "share"
"""


def with_part(part: str = PART) -> bytes:
    return PLAN_FILE.read_bytes() + part.encode()


def test_a_plan_without_the_parts_has_neither(linhe: Plan) -> None:
    assert linhe.assessment is None
    assert linhe.lights is None


def test_the_parts_are_read_and_written_back() -> None:
    plan = plan_toml.loads(with_part())
    assert plan.lights is not None
    assert (plan.lights.near, plan.lights.slack) == (2, 25)
    assert plan.assessment is not None
    assert plan.assessment.ranking
    assert [str(r.weight) for r in plan.assessment.rules] == ["12.5", "5"]
    assert {a.path for a in plan.assumed} >= {
        "lights.near", "assessment.rules", "assessment.on_time",
    }  # fmt: skip
    assert plan_toml.loads(plan_toml.dumps(plan)) == plan


def test_the_digest_covers_the_rules() -> None:
    one, other = with_part(), with_part(PART.replace("12.5", "12.6"))
    assert plan_toml.digest(one) != plan_toml.digest(other)
    assert plan_toml.digest(one) != plan_toml.digest(PLAN_FILE.read_bytes())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("near = 2", "near = 99", "0 到 36"),
        ('kind = "on_time"', 'kind = "beauty"', "之一"),
        ("weight = 12.5\n", "", "weight：缺少"),
        ("part = 0.5", "part = 5", "部分得分应在 0 到 1 之间"),
        ("full = 3", "", "每年满分次数"),
        ('joint = "share"', 'joint = "all"', "之一"),
        ("full = 3", "full = 3\nfool = 3", "没有这个字段"),
        ('code = "talks"', 'code = "on_time"', "重复 2 次"),
        ("[assessment]", "[assessments]", "没有这个部分"),
    ],
)
def test_a_wrong_part_is_refused_with_its_place(old: str, new: str, words: str) -> None:
    with pytest.raises(PlanFileError) as caught:
        plan_toml.loads(with_part(PART.replace(old, new)))
    assert words in str(caught.value)


def test_the_shipped_rules_give_a_hundred_points_and_rank_nobody() -> None:
    data = assets.resource("plans", "rongchang-2024-2026.toml").read_bytes()
    rules = plan_toml.loads(data).assessment
    assert rules is not None
    assert rules.most == 100
    assert not rules.ranking
