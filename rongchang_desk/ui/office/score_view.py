"""The score sheets of all units over the items of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rongchang_desk.domain.assessment import Assessment, RuleScore, ScoreItem, ScoreSheet
from rongchang_desk.ui.office.two_tables import TwoTables
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

LOW, MIDDLE = Decimal(60), Decimal(85)  # per hundred; colours only


@dataclass(frozen=True)
class Line:
    """One item of the chosen unit's sheet; without an item, a rule that does not apply."""

    score: RuleScore
    item: ScoreItem | None


def points(number: Decimal | None) -> str:
    """Points as they are printed."""
    return "—" if number is None else f"{number:.2f}"


def _tone(sheet: ScoreSheet) -> Tone:
    if sheet.percent is None or sheet.percent < LOW:
        return Tone.BAD
    return Tone.WARN if sheet.percent < MIDDLE else Tone.GOOD


def _score_column(number: int, title: str) -> Column:
    return Column(
        title,
        lambda s: s.scores[number].points if s.scores[number].applies else None,
        lambda s: points(s.scores[number].points) if s.scores[number].applies else "不适用",
        tone=lambda s: None if s.scores[number].applies else Tone.QUIET,
        align=Align.END,
        width=78,
        key=f"rule{number}",
        tip=lambda s: f"{title}：满分 {points(s.scores[number].weight)}",
    )


def _columns(value: Assessment) -> tuple[Column, ...]:
    found = [
        Column("单位", lambda s: s.name, stretch=True),
        Column("百分制", lambda s: s.percent,
               lambda s: "" if s.percent is None else f"{s.percent:.1f}%", cell=Cell.BAR,
               tone=_tone, width=124),
        Column("得分/适用满分", lambda s: s.points,
               lambda s: f"{points(s.points)} / {s.most.normalize():f}", align=Align.END,
               width=118),
    ]  # fmt: skip
    found += [_score_column(number, rule.title) for number, rule in enumerate(value.rules.rules)]
    if value.rules.ranking:
        found.append(Column("位次", lambda s: s.rank or None, align=Align.CENTER, width=60))
    return tuple(found)


def _item_tone(line: Line) -> Tone | None:
    if line.item is None:
        return Tone.QUIET
    return Tone.BAD if line.item.points < line.item.most else None


def _source(item: ScoreItem | None) -> str:
    if item is None or not item.digest:
        return "—"
    return f"{item.month} 第{item.revision}版"


ITEM_COLUMNS = (
    Column("规则", lambda r: r.score.title, width=84),
    Column("事项", lambda r: r.item.what if r.item else "本单位没有这方面的事项", stretch=True,
           tip=lambda r: f"{r.item.what}\n双击打开原件" if r.item else ""),
    Column("评定", lambda r: r.item.why if r.item else "不适用", stretch=True,
           tone=_item_tone, tip=lambda r: r.item.why if r.item else ""),
    Column("满分", lambda r: r.item.most if r.item else None,
           lambda r: points(r.item.most) if r.item else "", align=Align.END, width=60),
    Column("得分", lambda r: r.item.points if r.item else None,
           lambda r: points(r.item.points) if r.item else "", align=Align.END, width=60),
    Column("出处", lambda r: r.item.digest if r.item else "", lambda r: _source(r.item), width=128,
           tip=lambda r: f"数据摘要 {r.item.digest}" if r.item and r.item.digest else "没有月报"),
)  # fmt: skip


class ScoreView(QWidget):
    """Above the units, below what the chosen one's points come from."""

    opened = Signal(object)  # ScoreItem: its original is wanted

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self.setObjectName("score_view")
        self._value: Assessment | None = None
        self.sheets = Table(
            (Column("单位", lambda s: s.name, stretch=True),),
            name="score_sheets", accessible="各单位得分", empty="还没有考核结果。",
            settings=settings, identity=lambda s: s.unit,
        )  # fmt: skip
        self.items = Table(
            ITEM_COLUMNS, name="score_items", accessible="得分事项",
            empty="选一个单位，看每一分的出处。", settings=settings,
            identity=lambda r: (r.score.rule, r.item.key if r.item else ""),
        )  # fmt: skip
        self.sheets.row_chosen.connect(self._show_items)
        self.sheets.row_activated.connect(lambda _: self.items.setFocus())
        self.items.row_activated.connect(self._activated)
        split = TwoTables(
            self.sheets, self.items, name="score_split", heading="score_title", sizes=(300, 260)
        )
        self._title = split.heading
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)

    def show_assessment(self, value: Assessment | None) -> None:
        """Show these sheets; None shows none."""
        before = self._value
        self._value = value
        if value is None:
            self.sheets.set_rows(())
            return
        if before is None or before.rules != value.rules:
            self.sheets.set_columns(_columns(value))
        self.sheets.set_rows(value.sheets)
        if self.sheets.current_row() is None and value.sheets:
            self.sheets.choose(value.sheets[0].unit)

    def chosen(self) -> ScoreSheet | None:
        """The chosen unit's sheet."""
        sheet: ScoreSheet | None = self.sheets.current_row()
        return sheet

    def chosen_line(self) -> Line | None:
        """The chosen item."""
        line: Line | None = self.items.current_row()
        return line

    def _show_items(self, sheet: ScoreSheet | None) -> None:
        if sheet is None:
            self._title.setText("")
            self.items.set_rows(())
            return
        self._title.setText(
            f"{sheet.name}　得分 {points(sheet.points)} / {points(sheet.most)}"
            + ("" if sheet.percent is None else f"　折合 {points(sheet.percent)}")
        )
        self.items.set_rows(
            Line(score, item) for score in sheet.scores for item in (score.items or (None,))
        )

    def _activated(self, line: Line) -> None:
        if line.item is not None:
            self.opened.emit(line.item)
