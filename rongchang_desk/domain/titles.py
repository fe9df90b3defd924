"""Titles and places as people write them, brought to forms that can be compared.

Full width and half width, punctuation and usual abbreviations do not make a difference;
session numbers and exchanged words do.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

_SPOKEN = str.maketrans("零〇一二三四五六七八九", "00123456789")
_SHORT = (("知产", "知识产权"), ("地标", "地理标志"), ("市监局", "市场监管局"),
          ("高企", "高新技术企业"),
          ("贯标", "知识产权管理体系"), ("ip", "知识产权"))  # fmt: skip
_EMPTY = re.compile(
    "专题|主题|集中|系列|系统|业务|实务|全区|全市|组织|举办|开展|召开|关于|有关|相关|工作|"
    "培训班|培训会|培训|讲座|讲堂|宣讲会|宣讲|宣传活动|宣传|活动|会议|暨|的|年度|[0-9]{4}年|推进会|推进"
)
_NUMBER = "[0-9零〇一二三四五六七八九十]+"
_SESSION = re.compile(
    f"第({_NUMBER})(?:期|场|次|讲|批|届|课|轮|站)|[(（]({_NUMBER})[)）]|({_NUMBER})(?:期|班)|"
    "(上午|下午|晚上|晚间|上半场|下半场|[a-d]班|[甲乙丙丁]班|初级|中级|高级)|[(（]([上中下])[)）]"
)
_ROOMS = re.compile(
    "会议室|会议中心|多功能厅|报告厅|学术厅|阅览室|办公楼|办公室|机关|大楼|本单位|单位|广场|文化站|"
    "文化服务中心|便民服务中心|党群服务中心|政府|街道办|社区|礼堂|院坝|坝子|培训室|活动室|中心|"
    "线上|腾讯会议|[0-9]+|楼|层|号|室|厅|内|小|大"
)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A text without what its meaning does not hang on: width, case, spaces, punctuation."""
    whole = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in whole if unicodedata.category(mark)[0] in "LN")


@lru_cache(maxsize=20_000)
def core(title: str) -> str:
    """What sets a title apart: abbreviations written out, session and filling words left out.

    The plain title where nothing else would remain.
    """
    text = _SESSION.sub("", unicodedata.normalize("NFKC", title).casefold())
    text = plain(text)
    for short, long in _SHORT:
        text = text.replace(short, long)
    return _EMPTY.sub("", text) or plain(title)


@lru_cache(maxsize=20_000)
def session_of(title: str) -> str:
    """The number or half of a series that a title names, in one notation; empty when none."""
    found = _SESSION.search(unicodedata.normalize("NFKC", title).casefold())
    if found is None:
        return ""
    text = next(group for group in found.groups() if group)
    return _figures(text) if re.fullmatch(_NUMBER, text) else text


def _figures(text: str) -> str:
    """A Chinese number below a hundred in figures: 十二 → 12."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return f"{(tens or '1').translate(_SPOKEN)}{(ones or '0').translate(_SPOKEN)}".lstrip("0")
    return text.translate(_SPOKEN).lstrip("0") or "0"


@lru_cache(maxsize=20_000)
def swapped(one: str, other: str) -> tuple[str, str] | None:
    """The first words of two or more characters that stand in each other's place.

    夏布保护 and 折扇保护 differ so; a slip of the pen or something added does not. None without.
    """
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        left, right = one[a:b], other[c:d]
        if tag == "replace" and max(len(left), len(right)) >= 2 and not set(left) & set(right):
            return left, right
    return None


@lru_cache(maxsize=20_000)
def place(venue: str) -> str:
    """A venue without storey and number; the plain one where nothing else would remain."""
    text = re.sub("[0-9一二三四五六七八九十]+(?:楼|层|号|室)", "", plain(venue))
    return text or plain(venue)


@lru_cache(maxsize=20_000)
def is_own_room(venue: str, unit: str) -> bool:
    """Whether a venue is a room that any unit has, or the unit's own by its name."""
    text = plain(venue)
    for name in (plain(unit), plain(unit).removeprefix("区"), plain(unit)[:2]):
        text = text.replace(name, "")
    text = re.sub("[零一二三四五六七八九十镇]", "", text)
    return not _ROOMS.sub("", text)
