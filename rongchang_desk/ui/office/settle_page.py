"""疑似重复: what only a person can decide, side by side, by keyboard, and reversible."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import originals, settle
from rongchang_desk.app.district import Cell as Standing
from rongchang_desk.app.settle import Conflict, Decided, Facet, Unsettled
from rongchang_desk.domain.joint import Suspect, title_of
from rongchang_desk.domain.merge import Filed
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.messages import Banner, ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import files
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

SUSPECTS, CONFLICTS, DECIDED = range(3)


def _score_tone(suspect: Suspect) -> Tone:
    return Tone.BAD if suspect.score >= 90 else Tone.WARN


def _in_force(decided: Decided) -> bool:
    return not decided.withdrawn_at


def _titles(suspect: Suspect) -> str:
    """Both titles, or the one they share."""
    titles = (title_of(suspect.first.activity), title_of(suspect.second.activity))
    return titles[0] if titles[0] == titles[1] else "　／　".join(titles)


class SettlePage(Page):
    """Three lists (suspected, conflicting, decided) over one place to decide."""

    title = "疑似重复"
    help_topic = "office-settle"
    search_hint = "搜索单位、活动"

    shown = Signal()  # the lists were filled

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._found: Unsettled | None = None
        self._later: list[frozenset[str]] = []  # put off in this session, the last one at the end
        self._wanted: Standing | None = None
        self._read = NewestRead(context, "查找疑似重复")
        plan = context.desk.plan
        self._banner = Banner()
        self._tabs = named(QTabBar(), "settle_tabs", "待认定事项")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        for label in ("疑似重复", "版本冲突", "已认定"):
            self._tabs.addTab(label)
        self._suspects = Table(
            (
                Column("相似度", lambda s: s.score, lambda s: f"{s.score:.0f}", cell=Cell.PILL,
                       tone=_score_tone, align=Align.CENTER, width=76),
                Column("日期", lambda s: s.first.activity.day, width=104),
                Column("活动", lambda s: title_of(s.first.activity), _titles, stretch=True,
                       tip=lambda s: f"{_titles(s)}\n{s.reason}"),
                Column("单位", lambda s: plan.name_of(s.first.unit),
                       lambda s: f"{plan.name_of(s.first.unit)}、{plan.name_of(s.second.unit)}",
                       width=170),
            ),
            name="suspects", accessible="疑似重复的活动",
            empty="没有疑似重复的活动。", settings=context.settings,
            identity=lambda s: frozenset((s.first.key, s.second.key)),
        )  # fmt: skip
        self._suspects.row_chosen.connect(self._compare)
        self._facets = Table(
            (
                Column("项目", lambda f: f.title, width=168),
                Column("左", lambda f: f.first, stretch=True, tip=lambda f: f.first,
                       tone=lambda f: Tone.WARN if f.differs else None),
                Column("右", lambda f: f.second, stretch=True, tip=lambda f: f.second,
                       tone=lambda f: Tone.WARN if f.differs else None),
            ),
            name="facets", accessible="两条记录对照", empty="请选择一组疑似重复的活动。",
            settings=context.settings,
        )  # fmt: skip
        self._facets.setSortingEnabled(False)
        self._reason_shown = named(QLabel(), "suspect_reason")
        self._reason_shown.setProperty("role", "muted")
        self._reason_shown.setWordWrap(True)
        self._conflicts = Table(
            (
                Column("单位", lambda c: plan.name_of(c.fork.unit), stretch=True),
                Column("月份", lambda c: str(c.fork.month), lambda c: c.fork.month.label,
                       width=96),
                Column("版本数", lambda c: len(c.rivals), align=Align.CENTER, width=66),
            ),
            name="conflicts", accessible="版本冲突", empty="没有互相冲突的版本。",
            settings=context.settings, identity=lambda c: c.fork.digests,
        )  # fmt: skip
        self._conflicts.row_chosen.connect(self._show_rivals)
        self._rivals = Table(
            (
                Column("版本", lambda f: f.monthly_return.revision,
                       lambda f: f"第 {f.monthly_return.revision} 版", width=76),
                Column("收到时间", lambda f: f.received_at, width=142),
                Column("更正", lambda f: f.monthly_return.amends.kind.label
                       if f.monthly_return.amends else "首次报送", width=90),
                Column("更正理由", lambda f: f.monthly_return.amends.reason
                       if f.monthly_return.amends else "", stretch=True),
                Column("记录数", lambda f: len(f.monthly_return.records.all()), align=Align.END,
                       width=76),
                Column("计入人次", lambda f: f.monthly_return.totals.counted_visits,
                       align=Align.END, width=90),
            ),
            name="rivals", accessible="互相冲突的版本", empty="请选择一个单位。",
            settings=context.settings, identity=lambda f: f.digest,
        )  # fmt: skip
        self._rivals.row_activated.connect(self._open_rival)
        self._decided = Table(
            (
                Column("状态", lambda d: d.withdrawn_at,
                       lambda d: "✓ 有效" if _in_force(d) else "○ 已撤回", cell=Cell.PILL,
                       tone=lambda d: Tone.GOOD if _in_force(d) else Tone.QUIET, width=100),
                Column("认定事项", lambda d: d.about, stretch=True, tip=lambda d: d.about),
                Column("结论", lambda d: d.verdict, width=260, tip=lambda d: d.verdict),
                Column("理由", lambda d: d.decision.reason, width=150,
                       tip=lambda d: d.decision.reason),
                Column("认定人", lambda d: d.decision.decided_by, width=90),
                Column("时间", lambda d: d.decision.decided_at[:16].replace("T", " "), width=142),
            ),
            name="decided", accessible="已作的认定", empty="还没有作过认定。",
            settings=context.settings, identity=lambda d: d.decision.id,
        )  # fmt: skip
        self._decided.row_chosen.connect(self._decided_chosen)
        self._splits: list[QSplitter] = []
        self._stack = QStackedWidget()
        for _ in range(self._tabs.count()):
            self._stack.addWidget(QWidget())
        self._form = self._new_form()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)
        column.addWidget(self._form)
        self._tabs.currentChanged.connect(self._tab_changed)
        self._tab_changed()
        for keys, action in (
            ("1", lambda: self._join(first=True)),
            ("2", lambda: self._join(first=False)),
            ("D", self._keep_apart),
            ("S", self._put_off),
        ):
            shortcut = QShortcut(QKeySequence(keys), self._suspects)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(action)

    def subtitle(self) -> str:
        return "按 1、2、D、S 键认定，可以撤回"

    def page_actions(self) -> list[QAction]:
        return []

    def refresh(self) -> None:
        month = self.context.month
        self._read.run(lambda desk, _: settle.unsettled(desk, month), self._arrived)

    def search(self, text: str) -> None:
        for table in (self._suspects, self._conflicts, self._decided):
            table.set_filter(text)

    def show_target(self, target: object) -> None:
        """`target` is the matrix's cell of a unit's month in conflict."""
        if isinstance(target, Standing):
            self._tabs.setCurrentIndex(CONFLICTS)
            self._wanted = target
            self._choose_wanted()

    def show_month(self, month: Month) -> None:
        del month
        self.refresh()

    # Making the page

    def _fill_tab(self, tab: int) -> None:
        """Put a tab's tables in their place, once; the hidden ones cost the first visit 10 ms."""
        place = self._stack.widget(tab)
        if place.layout() is not None:
            return
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        if tab == SUSPECTS:
            column.addWidget(self._side_by_side(self._suspects, self._facets, self._reason_shown))
        elif tab == CONFLICTS:
            column.addWidget(self._side_by_side(self._conflicts, self._rivals, None, 320))
        else:
            column.addWidget(self._decided)
        self._turn_splits()

    def _side_by_side(
        self, left: QWidget, right: QWidget, below: QWidget | None, share: int = 520
    ) -> QSplitter:
        """A list and what belongs to its chosen row; `share` of 1000 pixels for the list."""
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        split.addWidget(left)
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(right, 1)
        if below:
            column.addWidget(below)
        split.addWidget(place)
        split.setSizes([share, 1000 - share])
        self._splits.append(split)
        return split

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_form"):
            QTimer.singleShot(0, self, self._turn_splits)  # Qt is still styling its children

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        roomy = self.width() >= theme.current().px(520)
        self._buttons.setDirection(way.LeftToRight if roomy else way.TopToBottom)

    def _turn_splits(self) -> None:
        """With large text, the list stands above what it is compared in."""
        roomy = theme.current().scale <= 120
        way = Qt.Orientation.Horizontal if roomy else Qt.Orientation.Vertical
        for split in self._splits:
            split.setOrientation(way)

    def _new_form(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "card")
        self._why = named(QLineEdit(), "settle_reason", "认定理由")
        self._why.setPlaceholderText("例如：双方电话核实为同一场培训")
        self._who = named(QLineEdit(), "settle_by", "认定人")
        self._who.setText(str(self.context.settings.value("settle/by", "")))
        self._who.setPlaceholderText("姓名")
        for field in (self._why, self._who):
            field.textEdited.connect(lambda _, f=field: self._mark(f, False))
        why, who = QLabel("理由(&R)"), QLabel("认定人(&P)")
        why.setBuddy(self._why)
        who.setBuddy(self._who)
        self._first = self._button(
            "merge_first", "合并，以左为准(&1)", lambda: self._join(first=True)
        )
        self._second = self._button(
            "merge_second", "合并，以右为准(&2)", lambda: self._join(first=False)
        )
        self._apart = self._button("keep_apart", "不同活动(&D)", self._keep_apart)
        self._later_button = self._button("put_off", "以后再说(&S)", self._put_off)
        self._choose_rival = self._button("keep_rival", "以所选版本为准(&K)", self._keep_rival)
        self._withdraw = self._button("withdraw", "撤回这条认定(&W)…", self._ask_withdraw)
        for primary in (self._first, self._choose_rival):
            primary.setProperty("primary", True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.addWidget(why, 0, 0)
        grid.addWidget(self._why, 0, 1)
        grid.addWidget(who, 0, 2)
        grid.addWidget(self._who, 0, 3)
        grid.setColumnStretch(1, 4)
        grid.setColumnStretch(3, 1)
        self._fields = QWidget()
        self._fields.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.addStretch(1)
        for group in (
            (self._later_button, self._apart),
            (self._second, self._first, self._choose_rival, self._withdraw),
        ):
            line = QHBoxLayout()
            line.addStretch()
            for button in group:
                line.addWidget(button)
            self._buttons.addLayout(line)
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(self._fields)
        column.addLayout(self._buttons)
        return frame

    def _button(self, name: str, text: str, clicked: Callable[[], object]) -> QPushButton:
        button = named(QPushButton(text), name)
        button.clicked.connect(clicked)
        return button

    # Showing

    def _arrived(self, found: Unsettled) -> None:
        self._found = found
        later = {keys: place for place, keys in enumerate(self._later)}

        def place(suspect: Suspect) -> int:
            return later.get(frozenset((suspect.first.key, suspect.second.key)), -1)

        self._suspects.set_rows(sorted(found.suspects, key=place))
        self._conflicts.set_rows(found.conflicts)
        self._decided.set_rows(found.decided)
        in_force = sum(map(_in_force, found.decided))
        self._tabs.setTabText(SUSPECTS, f"疑似重复 {len(found.suspects)}")
        self._tabs.setTabText(CONFLICTS, f"版本冲突 {len(found.conflicts)}")
        self._tabs.setTabText(DECIDED, f"已认定 {in_force}")
        waiting = len(found.suspects) + len(found.conflicts)
        self.context.set_badge("settle", str(waiting) if waiting else "")
        for table in (self._suspects, self._conflicts):
            if table.current_row() is None and table.table_model.rowCount():
                table.selectRow(0)
        self._choose_wanted()
        self._tab_changed()
        self.shown.emit()

    def _choose_wanted(self) -> None:
        if self._wanted and self._found:
            wanted, self._wanted = self._wanted, None
            for conflict in self._found.conflicts:
                if (conflict.fork.unit, conflict.fork.month) == (wanted.unit, wanted.month):
                    self._conflicts.choose(conflict.fork.digests)

    def _tab_changed(self) -> None:
        now = self._tabs.currentIndex()
        self._fill_tab(now)
        self._stack.setCurrentIndex(now)
        self._fields.setVisible(now != DECIDED)
        for button in (self._first, self._second, self._apart, self._later_button):
            button.setVisible(now == SUSPECTS)
        self._choose_rival.setVisible(now == CONFLICTS)
        self._withdraw.setVisible(now == DECIDED)
        has_suspect = self._suspects.current_row() is not None
        for button in (self._first, self._second, self._apart, self._later_button):
            button.setEnabled(has_suspect)
        self._choose_rival.setEnabled(self._conflicts.current_row() is not None)
        self._decided_chosen(self._decided.current_row())

    def _compare(self, suspect: Suspect | None) -> None:
        plan = self.context.desk.plan
        facets: tuple[Facet, ...] = settle.compare(plan, suspect) if suspect else ()
        self._facets.set_rows(facets)
        self._reason_shown.setText(f"判断依据：{suspect.reason}" if suspect else "")

    def _show_rivals(self, conflict: Conflict | None) -> None:
        self._rivals.set_rows(conflict.rivals if conflict else ())

    def _decided_chosen(self, decided: Decided | None) -> None:
        self._withdraw.setEnabled(decided is not None and _in_force(decided))

    def _open_rival(self, rival: Filed) -> None:
        files.open_copy(self.context, lambda desk, _: originals.return_copy(desk, rival.digest))

    # Deciding

    def _join(self, *, first: bool) -> None:
        suspect: Suspect | None = self._suspects.current_row()
        if suspect and self._is_explained():
            keep = (suspect.first if first else suspect.second).key
            self._decide_joint(suspect, same=True, keep=keep)

    def _keep_apart(self) -> None:
        suspect: Suspect | None = self._suspects.current_row()
        if suspect and self._is_explained():
            self._decide_joint(suspect, same=False, keep="")

    def _decide_joint(self, suspect: Suspect, *, same: bool, keep: str) -> None:
        try:
            settle.decide_joint(
                self.context.desk, suspect, same=same, keep=keep,
                reason=self._why.text(), by=self._who.text(),
            )  # fmt: skip
        except DeskError as error:
            self._banner.show_error(error)
            return
        self._settled("已合并为一个活动。" if same else "已认定为不同活动。")

    def _put_off(self) -> None:
        suspect: Suspect | None = self._suspects.current_row()
        if suspect is None or self._found is None:
            return
        row = self._suspects.currentIndex().row()
        keys = frozenset((suspect.first.key, suspect.second.key))
        self._later = [other for other in self._later if other != keys] + [keys]
        self._arrived(self._found)
        self._suspects.selectRow(min(row, self._suspects.table_model.rowCount() - 1))
        self.context.notify("已排到最后，下次打开仍会列出。")

    def _keep_rival(self) -> None:
        conflict: Conflict | None = self._conflicts.current_row()
        rival: Filed | None = self._rivals.current_row()
        if conflict is None:
            return
        if rival is None:
            self._banner.show_message("还没有选择版本。", "请在右边选择以哪一版为准。")
            return
        if not self._is_explained():
            return
        try:
            settle.decide_revision(
                self.context.desk, conflict, keep=rival.digest,
                reason=self._why.text(), by=self._who.text(),
            )  # fmt: skip
        except DeskError as error:
            self._banner.show_error(error)
            return
        self._settled(f"已认定以第 {rival.monthly_return.revision} 版为准。")

    def _ask_withdraw(self) -> None:
        decided: Decided | None = self._decided.current_row()
        if decided:
            ask(
                self,
                f"撤回认定：{decided.verdict}？",
                f"{decided.about}\n撤回后重新列入待认定，全区数字随之重新计算；记录保留。",
                "撤回(&W)",
                lambda: self._take_back(decided),
            )

    def _take_back(self, decided: Decided) -> None:
        try:
            settle.withdraw(self.context.desk, decided.decision)
        except DeskError as error:
            self._banner.show_error(error)
            return
        self._settled("认定已撤回。")

    def _is_explained(self) -> bool:
        """Whether reason and name are there; marks and focuses the field that is not."""
        for field, words in ((self._who, "认定人"), (self._why, "认定理由")):
            missing = not field.text().strip()
            self._mark(field, missing)
            if missing:
                self._banner.show_message(
                    f"请先填写{words}。", "每条认定都要写明由谁、依据什么作出。"
                )
                field.setFocus()
                return False
        return True

    def _mark(self, field: QLineEdit, wrong: bool) -> None:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)

    def _settled(self, words: str) -> None:
        self._banner.hide()
        self.context.settings.setValue("settle/by", self._who.text().strip())
        self.context.saved()
        self.context.notify(words)
        self.context.changed()
        self.refresh()
        self._suspects.setFocus()
