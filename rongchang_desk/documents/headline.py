"""Where a headline breaks: between words, into lines of nearly equal length (GB/T 9704 7.3.1).

Words come from a short list of those that headlines of official papers are made of; what the
list does not know may break between any two characters that `text.break_lines` would part.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rongchang_desk.documents import fonts
from rongchang_desk.documents.text import NO_END, NO_START, clean

_WORDS = (
    "国家知识产权局 知识产权局 知识产权 领导小组 联席会议 办公室 委员会 管委会 工作组 "
    "示范城市 试点城市 示范区 试点 示范 强市 强国 强省 强县 强区 城市 城区 国家 全国 全省 "
    "全市 全区 全县 地区 高新区 园区 街道 社区 乡镇 创建 建设 推进 推动 开展 加强 强化 "
    "提升 培育 保护 运用 管理 服务 创造 促进 落实 完成 报送 汇总 考核 评估 监测 督办 督查 "
    "验收 培训 宣传 工作 任务 活动 专项 重点 主要 指标 情况 进展 进度 年度 季度 月度 半年 "
    "方案 计划 规划 报告 月报 季报 年报 通报 通知 意见 办法 决定 公告 函 回执 退回单 "
    "督办单 补报许可 得分单 清单 关于 以及 有关 关联 企业 单位 部门 行动 体系 机制 高质量 "
    "发展 三年 市场监管局 市场监督管理局 人民政府 发展改革委 经济信息委 农业农村委 "
    "文化旅游委 卫生健康委 发明专利 专利 商标 版权 地理标志 商业秘密 植物新品种 高价值 质押融资 "
    "贯标 合规 侵权 纠纷 执法 维权 援助 密度 覆盖率 满意度 延期 申请 答复 办理 反馈 续办 销号 "
    "更新 证书 积极性 佐证材料 材料 目录 "
).split()
_PIECE = re.compile(
    r"[0-9A-Za-z.]+(?:年[0-9]+月[0-9]+日|年[0-9]+月(?:至[0-9]+月)?|年度?|月|日|季度|号|版)?|"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r"|\s+|.",
    re.DOTALL,
)
_SUFFIX = frozenset("的地得了和与及等局委办厅处科室所站院校区市县镇乡省")
"""What does not begin a line, since it ends what was said before."""


def title_lines(text: str, size: float, width: float) -> list[str]:
    """A headline in as few lines as it takes, of nearly equal length; `\\n` breaks it too.

    `size` and `width` in points. Raises UnprintableCharacter.
    """
    lines: list[str] = []
    for part in clean(text).split("\n"):
        lines += _broken(_pieces(part), size, width)
    return lines


def _pieces(text: str) -> list[str]:
    """Words and single characters between which a line may break."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        joined = pieces and (piece[0] in NO_START or pieces[-1][-1] in NO_END or piece in _SUFFIX)
        if joined:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _broken(pieces: list[str], size: float, width: float) -> list[str]:
    """The fewest lines; among those the ones that differ least in length.

    Pieces wider than the line are cut into characters first.
    """
    fitting: list[str] = []
    for piece in pieces:
        wide = fonts.text_width(piece, fonts.HEADLINE, size) > width
        fitting += list(piece) if wide else [piece]
    edges = [0.0]
    for piece in fitting:
        edges.append(edges[-1] + fonts.text_width(piece, fonts.HEADLINE, size))
    # For each end: fewest lines, sum of squared lengths (least when they are equal), last start.
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(edges)):
        choices = [
            (best[start][0] + 1, best[start][1] + (edges[end] - edges[start]) ** 2, start)
            for start in range(end)
            if edges[end] - edges[start] <= width or start == end - 1
        ]
        best.append(min(choices))
    cuts = [len(fitting)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][2])
    cuts.reverse()
    return ["".join(fitting[a:b]).strip() for a, b in pairwise(cuts)] or [""]
