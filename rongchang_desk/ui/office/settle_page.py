"""待认定: what only a person can decide, side by side, by keyboard, and reversible."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from rongchang_desk.app import originals, settle
from rongchang_desk.app.district import Cell as Standing
from rongchang_desk.app.settle import Case, Conflict, Decided, Unsettled
from rongchang_desk.domain.merge import DecisionKind, Filed
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import files, theme
from rongchang_desk.ui.dialogs.parameters import ask_parameters
from rongchang_desk.ui.messages import Banner, ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.settle_form import SettleForm, Verb
from rongchang_desk.ui.office.settle_tables import (
    cases_table,
    conflicts_table,
    decided_table,
    rivals_table,
)
from rongchang_desk.ui.office.side_by_side import SideBySide
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Table

SUSPECTS, DIFFERENCES, HEADCOUNTS, CONFLICTS, DECIDED = range(5)
LABELS = ("疑似重复", "对账差异", "人次存疑", "版本冲突", "已认定")
KINDS = (DecisionKind.JOINT, DecisionKind.DIFFERENCE, DecisionKind.HEADCOUNT)
WIDE = 620  # pixels at 100 % text beside which a list and what it is compared in find room


def _tabs(*tabs: int) -> frozenset[int]:
    return frozenset(tabs)


VERBS = (
    Verb("put_off", "以后再说", "S", _tabs(SUSPECTS, DIFFERENCES, HEADCOUNTS)),
    Verb("keep_apart", "不同活动", "D", _tabs(SUSPECTS)),
    Verb("not_comparable", "口径不同", "D", _tabs(DIFFERENCES)),
    Verb("send_back", "有误，退回更正", "D", _tabs(HEADCOUNTS)),
    Verb("merge_second", "合并，以右为准", "2", _tabs(SUSPECTS), True),
    Verb("merge_first", "合并，以左为准", "1", _tabs(SUSPECTS), True),
    Verb("owner_stands", "以责任单位为准", "1", _tabs(DIFFERENCES), True),
    Verb("is_right", "核实无误", "1", _tabs(HEADCOUNTS), True),
    Verb("keep_rival", "以所选版本为准", "K", _tabs(CONFLICTS), True),
    Verb("withdraw", "撤回这条认定", "W", _tabs(DECIDED), True),
)
SAID = {
    "keep_apart": "已认定为不同活动。", "not_comparable": "已认定为口径不同。",
    "send_back": "已认定人次有误，请给该单位发退回单。", "merge_first": "已合并为一个活动。",
    "merge_second": "已合并为一个活动。", "owner_stands": "已认定以责任单位的读数为准。",
    "is_right": "已认定人次核实无误。",
}  # fmt: skip


class SettlePage(Page):
    """Lists of what waits over one place to decide; the last list is what was decided."""

    title = "待认定"
    help_topic = "office-settle"
    search_hint = "搜索单位、活动"

    shown = Signal()  # the lists were filled

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._found: Unsettled | None = None
        self._later: list[frozenset[str]] = []  # put off in this session, the last one at the end
        self._wanted: Standing | None = None
        self._read = NewestRead(context, "查找待认定事项")
        self._numbers = self.new_action("参数(&R)…", self._ask_parameters, name="parameters",
                                        tip="各类场地最多人数，待办公室确认")  # fmt: skip
        settings = context.settings
        self._banner = Banner()
        self._tabs = named(QTabBar(), "settle_tabs", "待认定事项")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        for label in LABELS:
            self._tabs.addTab(label)
        self._cases = (
            cases_table("suspects", "可疑度", "疑似重复的活动", "没有疑似重复的活动。", settings),
            cases_table("unit_differences", "可疑度", "对账差异",
                        "各单位的读数与责任单位一致。", settings),
            cases_table("headcounts", "可疑度", "人次存疑的培训", "本月没有人次存疑的培训。",
                        settings),
        )  # fmt: skip
        self._facets = SideBySide(settings)
        self._reason_shown = named(QLabel(), "suspect_reason")
        self._reason_shown.setProperty("role", "muted")
        self._reason_shown.setTextFormat(Qt.TextFormat.PlainText)
        self._reason_shown.setWordWrap(True)
        self._conflicts = conflicts_table(context.desk.plan, settings)
        self._rivals = rivals_table(settings)
        self._decided = decided_table(settings)
        for table in self._cases:
            table.row_chosen.connect(self._compare)
        self._conflicts.row_chosen.connect(self._show_rivals)
        self._rivals.row_activated.connect(self._open_rival)
        self._decided.row_chosen.connect(lambda _: self._offer())
        self._form = SettleForm(VERBS, self._do, str(settings.value("settle/by", "")))
        self._stack = QStackedWidget()
        self._splits: list[QSplitter] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)
        column.addWidget(self._form)
        self._fill()
        self._tabs.currentChanged.connect(self._tab_changed)
        self._tab_changed()
        for tab, table in enumerate(self._cases):
            for verb in VERBS:
                if tab in verb.tabs:
                    shortcut = QShortcut(QKeySequence(verb.key), table)
                    shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
                    shortcut.activated.connect(lambda name=verb.name: self._do(name))

    def subtitle(self) -> str:
        return "按 1、2、D、S 键认定，可以撤回"

    def page_actions(self) -> list[QAction]:
        return [self._numbers]

    def refresh(self) -> None:
        month = self.context.month
        self._read.run(lambda desk, _: settle.unsettled(desk, month), self._arrived)

    def _ask_parameters(self) -> None:
        ask_parameters(self.window(), self.context.desk, self.refresh)

    def search(self, text: str) -> None:
        for table in (*self._cases, self._conflicts, self._decided):
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

    def _fill(self) -> None:
        """The open cases share one comparison; conflicts and decisions have places of their own."""
        self._lists = QStackedWidget()
        for table in self._cases:
            self._lists.addWidget(table)
        compared = QWidget()
        column = QVBoxLayout(compared)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._facets, 1)
        column.addWidget(self._reason_shown)
        self._stack.addWidget(self._side_by_side(self._lists, compared, 530))
        self._stack.addWidget(self._side_by_side(self._conflicts, self._rivals, 320))
        self._stack.addWidget(self._decided)
        self._turn_splits()

    def _side_by_side(self, left: QWidget, right: QWidget, share: int) -> QSplitter:
        """A list and what belongs to its chosen row; `share` of 1000 pixels for the list."""
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([share, 1000 - share])
        self._splits.append(split)
        return split

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_form"):
            QTimer.singleShot(0, self, self._turn_splits)  # Qt is still styling its children

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._form.lay_out(self.width())
        self._turn_splits()

    def _turn_splits(self) -> None:
        """Where there is little room, the list stands above what it is compared in."""
        look = theme.current()
        roomy = look.scale <= 120 and self.width() >= look.px(WIDE)
        way = Qt.Orientation.Horizontal if roomy else Qt.Orientation.Vertical
        for split in self._splits:
            if split.orientation() != way:
                split.setOrientation(way)
                if not roomy:
                    split.setSizes([400, 600])

    # Showing

    def _arrived(self, found: Unsettled) -> None:
        self._found = found
        later = {keys: place for place, keys in enumerate(self._later)}
        for table, kind in zip(self._cases, KINDS, strict=True):
            cases = found.of(kind)
            table.set_rows(sorted(cases, key=lambda c: later.get(frozenset(c.keys), -1)))
        self._conflicts.set_rows(found.conflicts)
        self._decided.set_rows(found.decided)
        counts = [len(found.of(kind)) for kind in KINDS]
        counts += [len(found.conflicts), sum(not d.withdrawn_at for d in found.decided)]
        for tab, count in enumerate(counts):
            self._tabs.setTabText(tab, f"{LABELS[tab]} {count}")
        waiting = sum(counts[:DECIDED])
        self.context.set_badge("settle", str(waiting) if waiting else "")
        for table in (*self._cases, self._conflicts):
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
        tab = self._tabs.currentIndex()
        if tab < CONFLICTS:
            self._lists.setCurrentIndex(tab)
            self._stack.setCurrentIndex(0)
            self._compare(self._cases[tab].current_row())
        else:
            self._stack.setCurrentIndex(tab - CONFLICTS + 1)
        self._offer()

    def _offer(self) -> None:
        """Enable what may be done with the chosen row."""
        tab = self._tabs.currentIndex()
        if tab == DECIDED:
            decided: Decided | None = self._decided.current_row()
            enabled = decided is not None and not decided.withdrawn_at
        elif tab == CONFLICTS:
            enabled = self._conflicts.current_row() is not None
        else:
            enabled = self._case() is not None
        self._form.show_tab(tab, enabled=enabled, with_fields=tab != DECIDED)

    def _case(self) -> Case | None:
        tab = self._tabs.currentIndex()
        row: Case | None = self._cases[tab].current_row() if tab < CONFLICTS else None
        return row

    def _compare(self, case: Case | None) -> None:
        if case is not self._case():
            return  # a list that is not shown
        facets = settle.facets(self.context.desk.plan, case) if case else ()
        units = (*case.units, "另一条记录") if case else ("", "")
        told = tuple(facet for facet in facets if facet.title != "单位")  # the columns say it
        self._facets.show_facets(told, (units[0], units[1]))
        words = f"判断依据：{case.reason}" if case else ""
        if case and case.lapsed:
            words = f"依据已变：{case.lapsed}\n{words}"
        self._reason_shown.setText(words)
        self._offer()

    def _show_rivals(self, conflict: Conflict | None) -> None:
        self._rivals.set_rows(conflict.rivals if conflict else ())

    def _open_rival(self, rival: Filed) -> None:
        files.open_copy(self.context, lambda desk, _: originals.return_copy(desk, rival.digest))

    # Deciding

    def _do(self, verb: str) -> None:
        match verb:
            case "put_off":
                self._put_off()
            case "keep_rival":
                self._keep_rival()
            case "withdraw":
                self._ask_withdraw()
            case _:
                self._decide(verb)

    def _decide(self, verb: str) -> None:
        case = self._case()
        if case is None or not self._is_explained():
            return
        keep = {"merge_first": 0, "merge_second": 1}.get(verb)
        self._settle(
            lambda: settle.decide(
                self.context.desk,
                case,
                same=verb not in ("keep_apart", "not_comparable", "send_back"),
                keep=case.keys[keep] if keep is not None else "",
                reason=self._form.why.text(),
                by=self._form.who.text(),
            ),
            SAID[verb],
        )

    def _put_off(self) -> None:
        case = self._case()
        if case is None or self._found is None:
            return
        table = self._cases[self._tabs.currentIndex()]
        row = table.currentIndex().row()
        keys = frozenset(case.keys)
        self._later = [other for other in self._later if other != keys] + [keys]
        self._arrived(self._found)
        table.selectRow(min(row, table.table_model.rowCount() - 1))
        self.context.notify("已排到最后，下次打开仍会列出。")

    def _keep_rival(self) -> None:
        conflict: Conflict | None = self._conflicts.current_row()
        rival: Filed | None = self._rivals.current_row()
        if conflict is None:
            return
        if rival is None:
            self._banner.show_message("还没有选择版本。", "请在右边选择以哪一版为准。")
            return
        if self._is_explained():
            self._settle(
                lambda: settle.decide_revision(
                    self.context.desk, conflict, keep=rival.digest,
                    reason=self._form.why.text(), by=self._form.who.text(),
                ),
                f"已认定以第 {rival.monthly_return.revision} 版为准。",
            )  # fmt: skip

    def _ask_withdraw(self) -> None:
        decided: Decided | None = self._decided.current_row()
        if decided:
            ask(
                self,
                f"撤回认定：{decided.verdict}？",
                f"{decided.about}\n撤回后重新列入待认定，全区数字随之重新计算；记录保留。",
                "撤回(&W)",
                lambda: self._settle(
                    lambda: settle.withdraw(self.context.desk, decided.decision), "认定已撤回。"
                ),
            )

    def _is_explained(self) -> bool:
        """Whether reason and name are there."""
        words = self._form.missing()
        if words:
            self._banner.show_message(f"请先填写{words}。", "每条认定都要写明由谁、依据什么作出。")
        return not words

    def _settle(self, act: Callable[[], object], words: str) -> None:
        """Do it, tell it, and read the lists again."""
        try:
            act()
        except DeskError as error:
            self._banner.show_error(error)
            return
        self._banner.hide()
        self.context.settings.setValue("settle/by", self._form.who.text().strip())
        self.context.saved()
        self.context.notify(words)
        self.context.changed()
        self.refresh()
        self._focus()

    def _focus(self) -> None:
        """The keyboard goes back to the list."""
        tab = self._tabs.currentIndex()
        tables: tuple[Table, ...] = (*self._cases, self._conflicts, self._decided)
        tables[tab].setFocus()
