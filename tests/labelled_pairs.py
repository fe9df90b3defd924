"""Labelled pairs of activities: do two records speak of one activity?

Made from word lists and a fixed seed: what a clerk changes when writing down an activity that
another unit reports too (`same`), and activities that only look alike (hard negatives). Two
splits share no topic, venue, unit or lecturer: on `tuning` points and threshold were chosen,
on `held_out` they are judged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from rongchang_desk.domain.joint import Activity, Held, title_of
from rongchang_desk.domain.records import HostRole, NamedValue, Publicity, Training, Value, uuid7

SEED = 20261123
PAIRS_A_SORT = 14


@dataclass(frozen=True)
class Words:
    """What one split is made of."""

    departments: tuple[str, ...]
    towns: tuple[str, ...]
    venues: tuple[tuple[str, str], ...]
    """A place and another way of writing it."""
    topics: tuple[tuple[str, str], ...]
    """A training's topic and another way of writing it."""
    themes: tuple[tuple[str, str], ...]
    lookalikes: tuple[tuple[str, str], ...]
    """Two different topics in nearly the same words."""
    lecturers: tuple[str, ...]


TUNING = Words(
    departments=("D05", "D08", "D17", "D11"),
    towns=("T01", "T03", "T05", "T07"),
    venues=(
        ("区党群服务中心三楼会议室", "党群中心3楼会议室"),
        ("荣昌高新区产业服务中心", "高新区产业服务中心二楼"),
        ("电子电路产业园报告厅", "电子电路产业园"), ("区图书馆学术报告厅", "区图书馆"),
        ("安陶小镇游客中心", "安陶小镇"), ("夏布小镇展示馆", "荣昌夏布小镇展示馆"),
        ("国家生猪大数据中心", "生猪大数据中心"), ("昌州大酒店", "昌州大酒店二楼宴会厅"),
    ),
    topics=(
        ("企业知识产权合规管理体系标准宣贯培训", "企业知识产权合规管理体系国家标准宣贯会"),
        ("商标注册与品牌保护实务培训", "商标注册与品牌保护培训班"),
        ("专利挖掘与布局专题讲座", "专利挖掘布局讲座"),
        ("知识产权质押融资政策解读会", "知产质押融资政策解读"),
        ("地理标志运用促进工作培训", "地标运用促进培训会"),
        ("高价值专利培育专题培训", "2026年高价值专利培育培训"),
        ("海外知识产权风险防控培训", "海外知产风险防控专题培训"),
    ),
    themes=(
        ("知识产权保护进企业宣传活动", "知产保护进企业活动"),
        ("地理标志产品展示宣传活动", "地标产品展示宣传"),
        ("4·26世界知识产权日集中宣传", "世界知识产权日集中宣传活动"),
        ("打击侵权假冒普法宣传", "打击侵权假冒普法宣传活动"),
    ),
    lookalikes=(
        ("荣昌夏布地理标志保护培训", "荣昌折扇地理标志保护培训"),
        ("知识产权进企业宣传活动", "知识产权进校园宣传活动"),
        ("商标注册申请实务培训", "专利申请文件撰写培训"),
        ("荣昌猪地理标志运用培训", "荣昌陶器地理标志运用培训"),
        ("规上企业知识产权管理培训", "农民合作社知识产权管理培训"),
    ),
    lecturers=("王建国", "李丽华", "张志强", "陈文静"),
)  # fmt: skip

HELD_OUT = Words(
    departments=("D02", "D07", "D14", "D10"),
    towns=("T02", "T04", "T08", "T10"),
    venues=(
        ("区政务服务大厅四楼培训室", "政务大厅4楼培训室"),
        ("板桥工业园区创新中心", "板桥园区创新中心"),
        ("区委党校学术厅", "区委党校"), ("重庆荣昌非遗工坊", "非遗工坊"),
        ("西南大学荣昌校区礼堂", "西大荣昌校区礼堂"),
        ("双河轴承产业基地", "双河轴承产业基地会议室"),
        ("区文化馆小剧场", "文化馆小剧场"), ("海棠公园科普长廊", "海棠公园"),
    ),
    topics=(
        ("电商领域知识产权保护培训", "电商领域知产保护培训会"),
        ("植物新品种保护与运用讲座", "植物新品种权保护与运用专题讲座"),
        ("商业秘密保护实务讲座", "商业秘密保护讲座"),
        ("专利转化运用专项行动推进培训", "专利转化运用专项行动培训"),
        ("非遗传承人版权登记辅导", "非遗传承人版权登记专题辅导"),
        ("科技型企业专利导航培训", "科技型企业专利导航实务培训班"),
        ("涉农区域公用品牌建设培训", "涉农区域公用品牌建设专题培训班"),
    ),
    themes=(
        ("知识产权进社区集中宣传", "知产进社区宣传活动"),
        ("尊重创新主题展览", "“尊重创新”主题展览活动"),
        ("商标品牌故事巡展", "商标品牌故事巡展活动"),
        ("老字号保护普法进市场", "老字号保护普法进市场宣传"),
    ),
    lookalikes=(
        ("夏布织造技艺专利保护讲座", "折扇制作技艺专利保护讲座"),
        ("知识产权进机关宣传活动", "知识产权进农村宣传活动"),
        ("外观设计专利申请培训", "发明专利申请培训"),
        ("轴承企业贯标辅导培训", "饲料企业贯标辅导培训"),
        ("中小学教师知识产权教育培训", "金融机构知识产权教育培训"),
    ),
    lecturers=("赵晓燕", "周海波", "吴国栋", "徐雪梅"),
)  # fmt: skip

SLIPS = (("利", "力"), ("标", "表"), ("护", "户"), ("权", "全"), ("植", "殖"), ("商", "高"),
         ("型", "形"), ("导", "道"), ("识", "只"), ("品", "产"))  # fmt: skip
FULL = str.maketrans("0123456789abc·,()", "０１２３４５６７８９ａｂｃ．，（）")
NUMERALS = "一二三四五六"


@dataclass(frozen=True)
class Pair:
    """Two records, whether they are one activity, and what makes the pair hard."""

    first: Held
    second: Held
    same: bool
    sort: str

    def __str__(self) -> str:
        sides = (f"{h.unit} {h.activity.day} {title_of(h.activity)} @{h.activity.venue}"
                 for h in (self.first, self.second))  # fmt: skip
        return f"[{self.sort}] {' | '.join(sides)}"


class _Maker:
    """Draws activities and their variants from one split's words."""

    def __init__(self, words: Words, seed: str) -> None:
        self.words, self.random = words, Random(seed)
        self.number = 0

    def new_id(self) -> str:
        self.number += 1
        return uuid7(1_790_000_000_000, self.number)

    def day(self) -> date:
        return date(2026, self.random.randint(1, 12), self.random.randint(2, 26))

    def departments(self) -> list[str]:
        return self.random.sample(self.words.departments, 2)

    def towns(self) -> list[str]:
        return self.random.sample(self.words.towns, 2)

    def training(self, topic: str, venue: str, **said: object) -> Training:
        workers = self.random.randint(18, 160)
        made = Training(
            self.new_id(), self.day(), topic, form="现场", venue=venue,
            lecturer=self.random.choice(self.words.lecturers) if self.random.random() < 0.6 else "",
            headcounts=(NamedValue("enterprise", Value.of(workers)),),
        )  # fmt: skip
        return replace(made, **said)  # type: ignore[arg-type]

    def event(self, theme: str, venue: str) -> Publicity:
        return Publicity(
            self.new_id(), self.day(), theme, kind=self.random.choice(("进企业", "宣传周", "其他")),
            venue=venue, reach=Value.of(self.random.randint(60, 900)),
        )  # fmt: skip

    def again(self, one: Activity, title: str, venue: str) -> Activity:
        """The same activity as another clerk writes it: some things are left out or estimated."""
        if isinstance(one, Training):
            counts = one.headcounts
            if self.random.random() < 0.5:
                workers = int(counts[0].value.or_zero()) + self.random.randint(-9, 9)
                counts = (NamedValue("enterprise", Value.of(max(workers, 1))),)
            lecturer = one.lecturer if self.random.random() < 0.6 else ""
            return replace(
                one, id=self.new_id(), topic=title, venue=venue, headcounts=counts,
                lecturer=lecturer,
            )  # fmt: skip
        return replace(one, id=self.new_id(), theme=title, venue=venue)

    def one(self) -> tuple[Activity, str, str]:
        """An activity with another way of writing its title and its venue."""
        venue, other_venue = self.random.choice(self.words.venues)
        if self.random.random() < 0.7:
            title, other = self.random.choice(self.words.topics)
            return self.training(title, venue), other, other_venue
        title, other = self.random.choice(self.words.themes)
        return self.event(title, venue), other, other_venue


Make = Callable[[_Maker], tuple[Held, Held]]


def _pair(
    maker: _Maker, first: Activity, second: Activity, towns: bool = False
) -> tuple[Held, Held]:
    units = maker.towns() if towns else maker.departments()
    return Held(units[0], first), Held(units[1], second)


# -- one activity ----------------------------------------------------------------


def same_title(m: _Maker) -> tuple[Held, Held]:
    one, _, venue = m.one()
    return _pair(m, one, m.again(one, title_of(one), venue))


def shorter_title(m: _Maker) -> tuple[Held, Held]:
    one, title, venue = m.one()
    return _pair(m, one, m.again(one, title, venue))


def slip_of_the_pen(m: _Maker) -> tuple[Held, Held]:
    one, _, venue = m.one()
    title = title_of(one)
    fitting = [pair for pair in SLIPS if pair[0] in title]
    if fitting:
        title = title.replace(*m.random.choice(fitting), 1)
    else:
        at = m.random.randrange(1, len(title) - 1)
        title = title[:at] + title[at + 1 :]
    return _pair(m, one, m.again(one, title, venue))


def full_width(m: _Maker) -> tuple[Held, Held]:
    one, title, venue = m.one()
    return _pair(m, one, m.again(one, f"《 {title} 》".translate(FULL), venue.translate(FULL)))


def day_off_by_one(m: _Maker) -> tuple[Held, Held]:
    one, _, _ = m.one()
    if isinstance(one, Training) and not one.lecturer:
        one = replace(one, lecturer=m.random.choice(m.words.lecturers))
    first, second = _pair(m, one, m.again(one, title_of(one), one.venue))
    shifted = replace(second.activity, day=one.day + timedelta(days=m.random.choice((-1, 1))))
    if isinstance(shifted, Training) and isinstance(one, Training):
        shifted = replace(shifted, lecturer=one.lecturer)
    return first, Held(second.unit, shifted)


def numbered_otherwise(m: _Maker) -> tuple[Held, Held]:
    venue, other_venue = m.random.choice(m.words.venues)
    topic = m.random.choice(m.words.topics)[0]
    number = m.random.randint(1, 6)
    one = m.training(f"{topic}（第{NUMERALS[number - 1]}期）", venue)
    return _pair(m, one, m.again(one, f"{topic}第{number}期", other_venue))


def declared_partner(m: _Maker) -> tuple[Held, Held]:
    one, title, venue = m.one()
    first, second = _pair(m, one, m.again(one, title, venue))
    return Held(first.unit, replace(one, partners=(second.unit,))), second


def co_host_by_another_name(m: _Maker) -> tuple[Held, Held]:
    one, title, _ = m.one()
    first, second = _pair(m, one, m.again(one, title, ""))
    guest = replace(second.activity, role=HostRole.CO_HOST, host=first.unit)
    return first, Held(second.unit, guest)


def venue_left_out(m: _Maker) -> tuple[Held, Held]:
    one, title, _ = m.one()
    return _pair(m, one, m.again(one, title, ""))


# -- activities that only look alike ------------------------------------------------


def next_day(m: _Maker) -> tuple[Held, Held]:
    """The same talk on the next day at another place."""
    topic = m.random.choice(m.words.topics)[0]
    places = m.random.sample(m.words.venues, 2)
    one = m.training(topic, places[0][0])
    other = m.training(topic, places[1][0], day=one.day + timedelta(days=1))
    return _pair(m, one, other, m.random.random() < 0.5)


def next_session(m: _Maker) -> tuple[Held, Held]:
    """Two sessions of a series on one day at one place."""
    topic = m.random.choice(m.words.topics)[0]
    venue = m.random.choice(m.words.venues)[0]
    forms = (
        ("第一期", "第二期"),
        ("（上午场）", "（下午场）"),
        ("第3讲", "第4讲"),
        ("（一）", "（二）"),
    )
    first, second = m.random.choice(forms)
    one = m.training(f"{topic}{first}", venue)
    return _pair(m, one, m.training(f"{topic}{second}", venue, day=one.day))


def same_hall(m: _Maker) -> tuple[Held, Held]:
    """Another topic on the same day in the same hall."""
    first, second = m.random.sample(m.words.topics, 2)
    venue = m.random.choice(m.words.venues)[0]
    one = m.training(first[0], venue)
    return _pair(m, one, m.training(second[0], venue, day=one.day))


def lookalike(m: _Maker) -> tuple[Held, Held]:
    """夏布 and 折扇: nearly the same words, often at the same place."""
    first, second = m.random.choice(m.words.lookalikes)
    place = m.random.choice(m.words.venues)
    one = m.training(first, place[0])
    return _pair(m, one, m.training(second, m.random.choice(place), day=one.day))


def towns_own_talks(m: _Maker) -> tuple[Held, Held]:
    """Two towns give the same talk on the same day, each at home."""
    title = m.random.choice((*m.words.topics, *m.words.themes))[0]
    rooms = m.random.choice(
        (("镇政府三楼会议室", "镇政府二楼会议室"), ("镇便民服务中心", "镇文化站"),
         ("文化服务中心广场", "镇政府广场"), ("会议室", "会议室"))
    )  # fmt: skip
    one = m.training(title, rooms[0])
    return _pair(m, one, m.training(title, rooms[1], day=one.day), towns=True)


def towns_named_places(m: _Maker) -> tuple[Held, Held]:
    """Two units give the same talk on the same day at different named places."""
    title = m.random.choice((*m.words.topics, *m.words.themes))[0]
    places = m.random.sample(m.words.venues, 2)
    one = m.training(title, places[0][0])
    return _pair(m, one, m.training(title, places[1][0], day=one.day), m.random.random() < 0.5)


def other_audience(m: _Maker) -> tuple[Held, Held]:
    """One campaign, two events: into firms here, into schools there."""
    goals = m.random.sample(("企业", "校园", "社区", "机关", "市场", "农村"), 2)
    place = m.random.choice(m.words.venues)
    one = m.event(f"知识产权宣传周进{goals[0]}活动", place[0])
    other = m.event(f"知识产权宣传周进{goals[1]}活动", m.random.choice(place))
    return _pair(m, one, replace(other, day=one.day))


SAME: tuple[Make, ...] = (
    same_title, shorter_title, slip_of_the_pen, full_width, day_off_by_one, numbered_otherwise,
    declared_partner, co_host_by_another_name, venue_left_out,
)  # fmt: skip
DIFFERENT: tuple[Make, ...] = (
    next_day, next_session, same_hall, lookalike, towns_own_talks, towns_named_places,
    other_audience,
)  # fmt: skip


def pairs(words: Words) -> tuple[Pair, ...]:
    """The labelled pairs of a split: always the same ones; more negatives than positives a sort."""
    made = []
    for same, makes, count in ((True, SAME, PAIRS_A_SORT), (False, DIFFERENT, PAIRS_A_SORT + 6)):
        for make in makes:
            name = make.__name__
            maker = _Maker(words, f"{SEED}:{name}")
            made += [Pair(*make(maker), same, name) for _ in range(count)]
    return tuple(made)


def tuning() -> tuple[Pair, ...]:
    """The pairs on which points and threshold were chosen."""
    return pairs(TUNING)


def held_out() -> tuple[Pair, ...]:
    """The pairs on which they are judged; nothing was chosen on them."""
    return pairs(HELD_OUT)


@dataclass(frozen=True)
class Measured:
    """How well a threshold tells the pairs apart."""

    precision: float
    recall: float
    wrong: tuple[Pair, ...]


def measure(scored: list[tuple[Pair, float]], threshold: float) -> Measured:
    """Precision and recall of showing every pair that scores at least the threshold."""
    shown = [pair for pair, score in scored if score >= threshold]
    right = sum(pair.same for pair in shown)
    wrong = tuple(pair for pair, score in scored if pair.same != (score >= threshold))
    return Measured(
        right / len(shown) if shown else 1.0, right / sum(p.same for p, _ in scored), wrong
    )
