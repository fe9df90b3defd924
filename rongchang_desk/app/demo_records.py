"""Believable records for a demonstration, made from the plan and a seed.

Everything is derived from the plan (its tasks, targets, registers and choices), so that the
demonstration works for any plan. Firms and persons are invented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.domain.plan import (
    CrossCheckKind,
    Field,
    FieldType,
    NumberKind,
    Part,
    Plan,
    Register,
    Target,
    TargetKind,
    Task,
    Unit,
    UnitKind,
)
from rongchang_desk.domain.records import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    FieldText,
    HostRole,
    NamedValue,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    RegisterEntry,
    Status,
    Training,
    Value,
)

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "建国 秀英 志强 晓燕 海波 丽华 永红 文静 国栋 雪梅 俊杰 小芳 光明 玉兰 鹏飞 佳慧 昌明 素芬 "
    "镕 喆 堃 昇 赟 思远 雨桐 子涵 明轩 若曦 正邦 安琪"
).split()
_FIRMS = (
    "昌瑞智能装备有限公司 渝泽生物制药有限公司 恒牧饲料科技有限公司 金濑电子有限公司 "
    "锦陶陶瓷工艺有限公司 万佳食品有限公司 联创汽车零部件有限公司 远达新材料有限公司 "
    "天麻纺织有限公司 华夏布业有限公司 惠农农业科技有限公司 川渝机械制造有限公司 "
    "康乐医疗器械有限公司 新华光电有限公司 山水卤味食品有限公司 智轴轴承有限公司"
).split()
_BANKS = ("农商银行荣城支行", "工商银行荣城支行", "重庆银行荣城支行", "三峡银行荣城支行")
_PLACES = ("党群服务中心", "机关三楼会议室", "文化活动中心", "中学报告厅", "产业园会议中心",
           "便民服务中心广场", "图书馆学术厅", "农贸市场广场")  # fmt: skip
_TOPICS = (
    "企业知识产权合规管理体系标准宣贯培训", "商标注册与品牌保护实务培训", "专利挖掘与布局专题讲座",
    "知识产权质押融资政策解读会", "地理标志运用促进工作培训", "高价值专利培育专题培训",
    "商业秘密保护实务讲座", "电商领域知识产权保护培训", "植物新品种保护与运用讲座",
    "海外知识产权风险防控培训",
)  # fmt: skip
_THEMES = (
    "知识产权保护进企业宣传活动", "知识产权进校园主题宣讲", "知识产权进社区集中宣传",
    "地理标志产品展示宣传活动", "打击侵权假冒普法宣传", "尊重创新主题展览", "线上知识问答活动",
)  # fmt: skip
_DONE = (
    "召开工作推进会，梳理年度任务清单，明确责任科室和完成时限。",
    "组织人员走访重点企业 {n} 家，收集意见建议 {m} 条，逐条建立台账并反馈。",
    "与{other}对接，研究会商协作事项 {m} 项，形成会议纪要并抓好落实。",
    "完成辖区有关情况摸排，新增登记 {n} 项，更新信息 {m} 条。",
    "发放宣传资料 {n} 份，现场解答咨询 {m} 人次，群众知晓度进一步提高。",
    "对照方案要求开展自查，整改问题 {m} 个，完善制度 1 项。",
)
_NEXT = (
    "继续按进度推进，下月底前完成阶段性总结。", "会同有关单位开展联合走访，解决企业实际困难。",
    "完善工作台账，做好佐证材料归集。", "组织一次专题培训，提高业务能力。",
    "针对薄弱环节制定改进措施，明确专人负责。",
)  # fmt: skip
_TROUBLE = (
    ("企业贯标积极性不高", "部分规模以上企业对标准了解不够，认为投入大、见效慢。",
     "建议统一组织贯标辅导，并明确奖补标准。"),
    ("专业人员不足", "本单位知识产权工作由兼职人员承担，业务能力有待提高。",
     "建议安排业务骨干到基层指导。"),
    ("质押物评估周期长", "专利评估费用高、周期长，银行放款意愿不强。",
     "请协调评估机构建立绿色通道。"),
    ("区域品牌使用不规范", "个别经营户擅自使用地理标志名称，影响品牌声誉。",
     "请牵头开展联合执法。"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joint:
    """An activity that several units take part in; the first hosts it."""

    day: date
    title: str
    venue: str
    units: tuple[str, ...]
    campaign: bool
    training: bool
    doubled: bool
    """Whether the first co-host wrongly reports it as its own, under a slightly other title."""


def joint_activities(month: Month, units: tuple[str, ...], seed: int) -> list[Joint]:
    """The month's joint activities over the given units."""
    random = Random(f"{seed}:{month}:joint")
    if len(units) < 3:
        return []
    found = []
    for index in range(3):
        members = tuple(random.sample(units, min(len(units), 3)))
        training = index != 1
        titles = _TOPICS if training else _THEMES
        found.append(
            Joint(
                _day(random, month),
                f"{month.year}年{random.choice(titles)}",
                random.choice(_PLACES),
                members,
                campaign=not training,
                training=training,
                doubled=index == 2,
            )
        )
    return found


def signatories(unit: Unit, seed: int) -> Signatories:
    """Invented names, the same in every month."""
    random = Random(f"{seed}:{unit.code}:names")
    return Signatories(_person(random), _person(random), _person(random))


def month_records(
    plan: Plan, unit: Unit, month: Month, seed: int, new_id: Callable[[], str]
) -> tuple[Record, ...]:
    """The records of one unit in one month, joint activities apart."""
    random = Random(f"{seed}:{unit.code}:{month}")
    records: list[Record] = []
    for task in plan.tasks_of(unit.code):
        if task.lead == unit.code or random.random() < _share(unit):
            records.append(_progress(plan, unit, task, month, seed, new_id))
    for target in plan.targets_of(unit.code):
        records.append(_reading(plan, target, month, seed, new_id))
    for _ in range(random.choices((0, 1, 2), (0.45, 0.4, 0.15))[0]):
        records.append(_training(plan, month, random, new_id))
    for _ in range(random.choices((0, 1, 2), (0.5, 0.35, 0.15))[0]):
        records.append(_publicity(plan, month, random, new_id))
    registers = [r for r in plan.registers_of(unit.code) if r.tasks]
    for register in random.sample(registers, min(len(registers), random.randint(0, 3))):
        for _ in range(random.randint(1, 3)):
            records.append(_entry(register, month, random, new_id))
    if random.random() < 0.2:
        title, detail, wanted = random.choice(_TROUBLE)
        task = random.choice(plan.tasks_of(unit.code) or plan.tasks)
        records.append(Problem(new_id(), _day(random, month), title, detail, wanted, task=task.no))
    return tuple(records)


def joint_record(
    plan: Plan, joint: Joint, unit: str, seed: int, new_id: Callable[[], str]
) -> Record:
    """What one of its units records of a joint activity."""
    random = Random(f"{seed}:{unit}:{joint.day}:{joint.title}")
    host = joint.units[0]
    position = joint.units.index(unit)
    own = position == 0 or (joint.doubled and position == 1)
    title = joint.title.replace("专题", "").replace("主题", "") if own and position else joint.title
    partners = tuple(u for u in joint.units if u != unit)
    role = HostRole.HOST if own else HostRole.CO_HOST
    if joint.training:
        return Training(
            new_id(),
            joint.day,
            title,
            form=plan.training_forms[0] if plan.training_forms else "",
            venue=joint.venue,
            lecturer=_person(random),
            role=role,
            host="" if own else host,
            partners=partners,
            headcounts=_headcounts(plan, Random(f"{seed}:{joint.title}")) if own else (),
        )
    return Publicity(
        new_id(),
        joint.day,
        title,
        kind=random.choice(plan.publicity_kinds) if plan.publicity_kinds else "",
        venue=joint.venue,
        role=role,
        host="" if own else host,
        partners=partners,
        campaign=own and joint.campaign,
        reach=Value.of(random.randint(8, 60) * 10) if own else NOT_REPORTED,
    )


def _share(unit: Unit) -> float:
    """How many of the tasks it supports a unit has news of: departments more than towns."""
    return 0.6 if unit.kind is UnitKind.DEPARTMENT else 0.75


def _progress(
    plan: Plan, unit: Unit, task: Task, month: Month, seed: int, new_id: Callable[[], str]
) -> Progress:
    """News of a task: a unit keeps its own pace, so that its progress never falls."""
    random = Random(f"{seed}:{unit.code}:{task.no}:{month}")
    pace = Random(f"{seed}:{unit.code}:{task.no}").gauss(0, 9)
    gone = (len(plan.first_month.until(month)) - 1) / max(
        1, len(plan.first_month.until(plan.last_month)) - 1
    )
    percent = min(100, max(5, round(gone * 100 + pace)))
    status = Status.UNDER_WAY
    if percent >= 97:
        status, percent = Status.DONE, 100
    elif percent < gone * 100 - 10:
        status = Status.BEHIND
    elif unit.code != task.lead and random.random() < 0.06:
        return Progress(
            new_id(), month, task.no, Status.NOT_APPLICABLE, percent=NOT_APPLICABLE,
            done="本单位不涉及该项任务。",
        )  # fmt: skip
    other = plan.name_of(random.choice([task.lead, *task.support])) if task.support else "有关单位"
    other = "有关单位" if other == unit.name else other
    said = random.sample(_DONE, 1 if task.lead != unit.code else 2)
    done = "".join(
        text.format(n=random.randint(6, 80), m=random.randint(2, 15), other=other) for text in said
    )
    return Progress(
        new_id(),
        month,
        task.no,
        status,
        done=f"围绕“{task.title}”，{done}",
        next=random.choice(_NEXT),
        percent=Value.of(percent),
    )


def _reading(
    plan: Plan, target: Target, month: Month, seed: int, new_id: Callable[[], str]
) -> Reading:
    columns = {part.code: part for part in target.columns()}
    numbers = {code: _number(plan, target, part, month, seed) for code, part in columns.items()}
    for rule in plan.crosschecks:
        if rule.kind is CrossCheckKind.WITHIN and rule.target == target.code:
            whole = numbers[rule.whole].or_zero()
            for place, code in enumerate(rule.parts, 2):
                share = whole / place**2  # a quarter, a ninth…: together less than the whole
                digits = Decimal("0.01") if columns[code].number is NumberKind.MONEY else Decimal(1)
                numbers[code] = Value.of(share.quantize(digits))
    values = tuple(NamedValue(code, number) for code, number in numbers.items())
    return Reading(new_id(), target.code, month.last_day, values)


def _number(plan: Plan, target: Target, part: Part, month: Month, seed: int) -> Value:
    """A figure that moves evenly over the plan, a little above or below the path to the goal."""
    random = Random(f"{seed}:{target.code}:{part.code.split('.')[0]}")
    gone = (len(plan.first_month.until(month)) - 1) / max(
        1, len(plan.first_month.until(plan.last_month)) - 1
    )
    if target.kind is TargetKind.RATIO:
        whole = random.randint(20, 120)
        if part.code.endswith(".total"):
            return Value.of(whole)
        return Value.of(round(whole * min(1.0, 0.25 + 0.68 * gone)))
    if target.kind is TargetKind.VERSUS:
        outside = 2 + random.random() * 4
        factor = 1.0 if part.code.endswith(".outside") else 0.8 + gone * random.uniform(0.15, 0.5)
        return Value.of(Decimal(str(round(outside * factor, 2))))
    if target.goal is not None and target.kind is TargetKind.STOCK:
        end = float(target.goal) * random.uniform(0.96, 1.08)
        return Value.of(round(end * (0.62 + 0.38 * gone)))
    start = random.randint(40, 400) * (100 if part.number is NumberKind.MONEY else 1)
    if target.unit == "分":
        start = 80
    grown = start * (1 + (0.12 if target.unit == "分" else 0.55) * gone)
    if part.number is NumberKind.MONEY:
        return Value.of(Decimal(str(round(grown, 2))))
    return Value.of(round(grown))


def _headcounts(plan: Plan, random: Random) -> tuple[NamedValue, ...]:
    found = []
    for category in plan.headcounts:
        if category.counted:
            value = Value.of(random.randint(0, 9) and random.randint(8, 46))
        else:
            value = random.choice(
                (Value.of(0), Value.of(random.randint(3, 60)), NOT_APPLICABLE, NOT_REPORTED)
            )
        found.append(NamedValue(category.code, value))
    return tuple(found)


def _training(plan: Plan, month: Month, random: Random, new_id: Callable[[], str]) -> Training:
    return Training(
        new_id(),
        _day(random, month),
        random.choice(_TOPICS),
        form=random.choice(plan.training_forms) if plan.training_forms else "",
        venue=random.choice(_PLACES),
        lecturer=_person(random),
        headcounts=_headcounts(plan, random),
        note=random.choice(("", "", "发放资料并组织测试。")),
    )


def _publicity(plan: Plan, month: Month, random: Random, new_id: Callable[[], str]) -> Publicity:
    return Publicity(
        new_id(),
        _day(random, month),
        random.choice(_THEMES),
        kind=random.choice(plan.publicity_kinds) if plan.publicity_kinds else "",
        venue=random.choice(_PLACES),
        reach=Value.of(random.randint(4, 90) * 10),
        media=random.choice(("", "区融媒体中心报道", "单位公众号发布")),
    )


def _entry(
    register: Register, month: Month, random: Random, new_id: Callable[[], str]
) -> RegisterEntry:
    day = _day(random, month)
    fields = []
    for field in register.fields:
        if field.required or random.random() < 0.7:
            fields.append(FieldText(field.code, _field_text(field, day, random)))
    return RegisterEntry(new_id(), register.code, day, tuple(fields))


def _field_text(field: Field, day: date, random: Random) -> str:
    match field.type:
        case FieldType.CHOICE:
            return random.choice(field.choices)
        case FieldType.CHOICES:
            some = random.sample(field.choices, random.randint(1, min(2, len(field.choices))))
            return "；".join(choice for choice in field.choices if choice in some)
        case FieldType.DATE:
            return str(day)
        case FieldType.NUMBER:
            return str(day.year if field.title == "年度" else random.randint(1, 30))
        case FieldType.MONEY:
            return f"{random.randint(20, 3000)}.{random.randint(0, 99):02d}"
        case FieldType.YES_NO:
            return random.choice(("是", "否"))
    if field.known:
        return random.choice(field.known)
    return _text_for(field.title, day, random)


def _text_for(title: str, day: date, random: Random) -> str:
    firm = random.choice(_FIRMS)
    if "信用代码" in title:
        return "91500226" + "".join(random.choice("0123456789ABCDEFGH") for _ in range(10))
    if "号" in title:
        return f"〔{day.year}〕第{random.randint(1, 400)}号"
    if any(word in title for word in ("质权人", "银行")):
        return random.choice(_BANKS)
    if any(word in title for word in ("企业", "权利人", "申请人", "承担", "单位", "机构", "受让",
                                      "转让", "对象", "持有")):  # fmt: skip
        return firm
    if any(word in title for word in ("姓名", "人员", "主讲")):
        return _person(random)
    if any(word in title for word in ("地点", "国家", "场所")):
        return random.choice(_PLACES)
    if any(word in title for word in ("备注", "成效", "结果", "内容", "情况", "工作")):
        return random.choice(("按计划推进", "已完成并归档", "取得阶段性成果", "正在办理"))
    return f"{firm.removesuffix('有限公司')}{title}"


def _person(random: Random) -> str:
    return random.choice(_SURNAMES) + random.choice(_GIVEN)


def _day(random: Random, month: Month) -> date:
    day = month.first_day + timedelta(days=random.randint(1, 26))
    return day - timedelta(days=day.weekday() - 4) if day.weekday() > 4 and day.day > 3 else day
