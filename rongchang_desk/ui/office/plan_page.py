"""方案参数: the plan in force and the draft of its next version, to confirm, edit and publish."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QUndoCommand, QUndoStack
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import plan_draft, plan_usage
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.plan_draft import Draft, Line
from rongchang_desk.app.plan_fields import title_at
from rongchang_desk.app.plan_usage import Usage
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import files
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE
from rongchang_desk.ui.letters import Write, write_from
from rongchang_desk.ui.messages import Banner, ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import plan_rows
from rongchang_desk.ui.office.plan_new import ask_last_month, ask_new
from rongchang_desk.ui.office.plan_section import PlanSection
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

LAST_NAME = "plan/confirmed_by"  # the name last given when confirming


class _Step(QUndoCommand):
    """One change of the draft; undoing puts the plan before it back."""

    def __init__(self, page: PlanPage, text: str, before: Plan, after: Plan) -> None:
        super().__init__(text)
        self._page, self._before, self._after = page, before, after

    def redo(self) -> None:
        self._page.put(self._after)

    def undo(self) -> None:
        self._page.put(self._before)


class PlanPage(Page):
    """Tabs: five parts of the plan, what waits for confirming, and the list of changes."""

    title = "方案参数"
    help_topic = "office-plan"
    has_month = False
    search_hint = "搜索指标、任务、单位"

    published = Signal(object)  # Written: a new version was signed

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._draft: Draft | None = None
        self.undo_stack = QUndoStack(self)
        self._publish = self.new_action("发布新版(&P)…", self._ask_publish, name="publish_plan",
            primary=True, tip="签名发布新版任务包，发给各单位")  # fmt: skip
        self._undo = self.new_action("撤销(&Z)", self._undo_last, name="plan_undo",
                                     shortcut="Ctrl+Z", tip="撤销上一步（Ctrl+Z）")  # fmt: skip
        self._redo = self.new_action("重做(&Y)", self._redo_last, name="plan_redo",
                                     shortcut="Ctrl+Y", tip="重做（Ctrl+Y）")  # fmt: skip
        self._redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self._discard = self.new_action("放弃修改(&D)…", self._ask_discard, name="discard_plan",
                                        tip="草稿全部恢复为现行方案")  # fmt: skip
        self._next = self.new_action("下一处错误(&E)", self._show_next_mistake,
                                     name="next_mistake", shortcut="F8", tip="F8")  # fmt: skip
        self._confirm = self.new_action("确认所选(&C)…", self._ask_confirm, name="confirm_marks",
                                        tip="确认选中的参数（Ctrl、Shift 可多选）")  # fmt: skip
        self.addActions([self._undo, self._redo, self._next])
        self.undo_stack.indexChanged.connect(self._enable)  # a bound method: dropped with the page
        self._banner = Banner()
        self._about = named(QLabel(), "plan_about")
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state = named(ToneLabel(), "plan_state")
        self._targets = self._section("targets", "指标", plan_rows.TARGETS, plan_rows.target_rows,
                                      ("新指标(&N)…", "target"))  # fmt: skip
        self._tasks = self._section("tasks", "重点任务", plan_rows.TASKS, plan_rows.task_rows,
                                    ("新任务(&N)…", "task"))  # fmt: skip
        self._registers = self._section(
            "registers", "台账", plan_rows.REGISTERS, plan_rows.register_rows,
            ("新台账(&N)…", "register"), ("新字段(&F)…", "field"),
        )  # fmt: skip
        self._units = self._section("units", "报送单位", plan_rows.UNITS, plan_rows.unit_rows,
                                    ("新单位(&N)…", "unit"))  # fmt: skip
        self._frame = self._section("frame", "期限与分类", plan_rows.FRAME, plan_rows.frame_rows,
                                    ("新任务分类(&N)…", "group"))  # fmt: skip
        settings = context.settings
        self._marks = Table(plan_rows.MARKS, name="plan_assumed", accessible="待确认的参数",
                            empty="没有待确认的参数。", settings=settings,
                            identity=lambda p: p.path)  # fmt: skip
        self._marks.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._marks.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self._changes = Table(plan_rows.CHANGES, name="plan_changes", accessible="与现行方案的不同",
                              empty="草稿与现行方案相同。", settings=settings)  # fmt: skip
        self._changes.row_activated.connect(self._show_line)
        self._tabs = named(QTabWidget(), "plan_tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        for widget, label in (
            (self._targets, "指标(&T)"), (self._tasks, "重点任务(&K)"),
            (self._registers, "台账(&R)"), (self._units, "单位(&U)"),
            (self._frame, "期限与分类(&L)"), (self._marks_tab(), "待确认(&Q)"),
            (self._changes, "改动(&G)"),
        ):  # fmt: skip
            self._tabs.addTab(widget, label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(self._card())
        column.addWidget(self._tabs, 1)
        self._enable()

    @property
    def sections(self) -> tuple[PlanSection, ...]:
        return (self._targets, self._tasks, self._registers, self._units, self._frame)

    def _section(
        self, name: str, label: str, columns: object, rows: object, *more: tuple[str, str]
    ) -> PlanSection:
        """A part of the plan; `more` are (text, what) of the records that may be added."""
        actions = [
            self.new_action(text, partial(self._ask_new, what), name=f"new_{what}")
            for text, what in more
        ]
        if name in ("tasks", "units"):
            actions.append(
                self.new_action(
                    "停用(&S)…", lambda: self._ask_retire(section), name=f"retire_{name}",
                    tip="写明到哪个月为止；已报的内容都保留",
                )
            )  # fmt: skip
        if more:
            actions.append(
                self.new_action(
                    "删除(&X)", lambda: self._ask_remove(section), name=f"remove_{name}"
                )
            )
        section = PlanSection(self.context, name, label, columns, rows, actions)  # type: ignore[arg-type]  # as declared in plan_rows
        section.edited.connect(self._edited)
        return section

    def _card(self) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._about)
        words.addWidget(self._state)
        inside = QHBoxLayout(card)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.addLayout(words, 1)
        inside.addWidget(ActionButton(self._next, self), 0, Qt.AlignmentFlag.AlignVCenter)
        return card

    def _marks_tab(self) -> QWidget:
        tab = QWidget()
        line = QHBoxLayout()
        line.addWidget(ActionButton(self._confirm, self))
        line.addStretch()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self._marks, 1)
        self._marks.addAction(self._confirm)
        return tab

    # Page

    def subtitle(self) -> str:
        count = len(self._draft.plan.assumed) if self._draft else 0
        return f"{count} 处参数待确认" if count else "改动先留在草稿里"

    def page_actions(self) -> list[QAction]:
        return [self._publish, self._undo, self._redo, self._discard]

    def refresh(self) -> None:
        if self._draft is not None and self.context.desk.plan is self._draft.published:
            return  # what is typed here is kept here
        self._show(plan_draft.draft(self.context.desk))
        self.undo_stack.clear()

    def search(self, text: str) -> None:
        for table in (*(section.table for section in self.sections), self._marks, self._changes):
            table.set_filter(text)

    def may_leave(self) -> bool:
        for section in self.sections:
            section.form.commit()
        drafts = [text for section in self.sections for text in section.unread.every()]
        if not drafts:
            return True
        listed = "\n".join(f"“{draft.title}”：{draft.text[:40]}" for draft in drafts[:6])
        ask(
            self.window(), f"有 {len(drafts)} 处内容填写有误，还没有保存。",
            f"{listed}\n可以回去改正，也可以放弃这几处内容。", "放弃这几处(&D)",
            self._forget_drafts,
            refuse="回去改正(&B)",
        )  # fmt: skip
        return False

    def _forget_drafts(self) -> None:
        for section in self.sections:
            section.unread.clear()

    # The draft

    def put(self, plan: Plan) -> None:
        """Keep a plan as the draft and show it."""
        try:
            draft = plan_draft.keep(self.context.desk, plan)
        except DeskError as problem:
            self.context.present(problem)
            return
        self.context.saved()
        self._show(draft)

    def _show(self, draft: Draft) -> None:
        self._draft = draft
        plan, desk = draft.published, self.context.desk
        self._about.setText(
            f"任务包第 {plan.version} 版　实施期 {plan.first_month.label}至{plan.last_month.label}"
            f"　指纹 {desk.plan_digest[:16]}…"
        )
        self._about.setToolTip(plan.title)
        for section in self.sections:
            section.take(draft)
        self._marks.set_rows(plan_rows.mark_rows(draft.plan))
        self._changes.set_rows(draft.lines)
        self._tabs.setTabText(5, f"待确认 {len(draft.plan.assumed)}(&Q)")
        self._tabs.setTabText(6, f"改动 {len(draft.lines)}(&G)")
        self._tell_state(draft)
        self._enable()

    def _tell_state(self, draft: Draft) -> None:
        if draft.findings:
            first = plan_draft.told(draft, draft.findings[0])
            more = f"（共 {len(draft.findings)} 处）" if len(draft.findings) > 1 else ""
            self._state.say(f"× 草稿有错误，改正后才能发布：{first}{more}", Tone.BAD)
        elif draft.lines:
            self._state.say(
                f"● 草稿有 {len(draft.lines)} 处改动，已自动保存，发布后才对各单位生效。", Tone.BUSY
            )
        else:
            self._state.say("✓ 草稿与现行方案相同。", Tone.GOOD)

    def _enable(self, _index: int = 0) -> None:
        draft = self._draft
        is_changed = draft is not None and bool(draft.lines)
        self._publish.setEnabled(is_changed and not (draft and draft.findings))
        self._discard.setEnabled(is_changed)
        self._next.setVisible(bool(draft and draft.findings))
        self._undo.setEnabled(self.undo_stack.canUndo())
        self._redo.setEnabled(self.undo_stack.canRedo())
        self._confirm.setEnabled(any(map(plan_rows.is_open, self._marks.chosen_rows())))

    def _step(self, text: str, after: Plan) -> None:
        if self._draft is not None and after != self._draft.plan:
            self.undo_stack.push(_Step(self, text, self._draft.plan, after))

    def _edited(self, after: Plan, text: str) -> None:
        self._step(text, after)

    def _undo_last(self) -> None:
        if self.undo_stack.canUndo():
            self.context.notify(f"已撤销：{self.undo_stack.undoText()}")
            self.undo_stack.undo()

    def _redo_last(self) -> None:
        if self.undo_stack.canRedo():
            self.context.notify(f"已重做：{self.undo_stack.redoText()}")
            self.undo_stack.redo()

    def _ask_discard(self) -> None:
        ask(
            self.window(), "放弃草稿里的全部改动吗？", "各页恢复为现行方案；可以用“撤销”找回。",
            "放弃改动(&D)", lambda: self._step("放弃改动", self.context.desk.plan),
        )  # fmt: skip

    # Going to a place

    def _show_line(self, line: Line) -> None:
        self.show_target(line.path)

    def show_target(self, target: object) -> None:
        """Show the record at a path of the plan."""
        for section in self.sections:
            if section.choose(str(target)):
                self._tabs.setCurrentWidget(section)
                section.table.setFocus()
                return

    def _show_next_mistake(self) -> None:
        """Go to the record with the next mistake after the one shown."""
        if self._draft is None:
            return
        for section in self.sections:
            section.show_draft()
        paths = [
            (section, row.path)
            for section in self.sections
            for row in section.table.table_model.all_rows
            if self._draft.findings_at(row.path)
        ]
        if not paths:
            return
        now = (self._tabs.currentWidget(), getattr(self._tabs.currentWidget(), "path", ""))
        at = next((n for n, place in enumerate(paths) if place == now), -1)
        section, path = paths[(at + 1) % len(paths)]
        self.show_target(path)
        fields = [f.where.field for f in self._draft.findings_at(path) if f.where.field]
        section.form.focus_field(fields[0] if fields else "")

    # Adding and removing

    def _ask_new(self, what: str, _checked: bool = False) -> None:
        register = self._registers.path.partition(".fields.")[0]
        if self._draft is None or (what == "field" and not register):
            return

        def made(after: Plan, path: str, name: str) -> None:
            self._step(f"新增{name}", after)
            self.show_target(path)

        ask_new(
            self.window(), self._draft.plan, what, register, self.context.desk.current_month(), made
        )

    def _ask_retire(self, section: PlanSection) -> None:
        """Let a unit or task end with a month: what was reported stays."""
        path, draft = section.path, self._draft
        if path and draft is not None:
            ask_last_month(
                self.window(), draft.plan, path, self.context.desk.current_month(),
                lambda after: self._step(f"停用“{title_at(draft.plan, path)}”", after),
            )  # fmt: skip

    def _ask_remove(self, section: PlanSection) -> None:
        """Take a record out, unless returns that were received use it."""
        path, draft = section.path, self._draft
        if not path or draft is None:
            return

        def judged(used: Usage) -> None:
            why = plan_usage.why_kept(draft.plan, path, used)
            if why:
                self._banner.show_message(why, _instead(path), Tone.WARN)
                return
            try:
                plan_draft.require_removable(draft.plan, path)
            except DeskError as problem:
                self._banner.show_message(problem.message, problem.hint, Tone.WARN)
                return
            self._banner.hide()
            self._step(f"删除“{title_at(draft.plan, path)}”", plan_draft.removed(draft.plan, path))
            self.context.notify("已删除，按 Ctrl+Z 撤销。")

        self.context.run_job("核对收文", lambda desk, _: plan_usage.usage(desk), judged, quiet=True)

    # Confirming

    def _ask_confirm(self) -> None:
        rows = [p for p in self._marks.chosen_rows() if plan_rows.is_open(p)]
        if not rows:
            return
        listed = "\n".join(f"· {p.title}：{p.value[:40]}" for p in rows[:5])
        more = f"\n等 {len(rows)} 处" if len(rows) > 5 else ""
        dialog = LetterDialog(
            self.window(), "确认参数", f"确认下列参数按现行取值执行：\n{listed}{more}", "确认(&C)",
            advice="确认人和日期写进下一版任务包。", signed=False,
        )  # fmt: skip
        settings = self.context.settings
        name = dialog.add_line("确认人(&M)", "confirmed_by", str(settings.value(LAST_NAME, "")))

        def confirm(_: str) -> None:
            if self._draft is None:
                return
            by = name.text().strip()
            today = self.context.desk.today()
            after = plan_draft.confirmed(self._draft.plan, [p.path for p in rows], by, today)
            settings.setValue(LAST_NAME, by)
            dialog.accept()
            self._step(f"确认 {len(rows)} 处参数", after)

        dialog.wanted.connect(confirm)
        dialog.show_it()

    # Publishing

    def _ask_publish(self) -> None:
        if self._draft is None or not self.may_leave():
            return
        version, count = self._draft.published.version + 1, len(self._draft.lines)
        dialog = LetterDialog(
            self.window(), "发布新版任务包",
            f"发布第 {version} 版，共 {count} 处改动。各单位打开任务包后按新版填报；"
            "此前报来的月报继续有效。",
            "签名发布(&S)", advice=OFFICES_ADVICE,
        )  # fmt: skip
        text = dialog.add_text("随文说明(&T)", "publish_text", _summary(self._draft))

        def prepare() -> Write:
            words = text.toPlainText()
            return lambda desk, passphrase: _published(desk, passphrase, words)

        write_from(self.context, dialog, prepare, self._published)

    def _published(self, made: Written) -> None:
        self.context.take_up_plan()
        self.refresh()
        version = self.context.desk.plan.version
        self._banner.show_message(
            f"✓ 已发布第 {version} 版任务包，请发给各单位：{made.file}",
            "此后制作的入网包带新版方案；各单位打开任务包前，按旧版报来的月报照常接收。",
            Tone.GOOD,
        )
        files.show_with_system(self.context, made.file.parent)
        self.published.emit(made)


def _published(desk: Desk, passphrase: str, words: str) -> Written:
    return plan_draft.publish(desk, passphrase, text=words)


def _instead(path: str) -> str:
    """What to do with a record that received returns use."""
    if path.startswith(("units.", "tasks.")):
        return "不再使用时，请点“停用”，写明到哪个月为止。"
    return "不再使用时，可以把名称改为注明“停用”。"


def _summary(draft: Draft) -> str:
    """The changes in a paragraph or two, for the notice; people edit it."""
    confirming = [line for line in draft.lines if line.after.startswith("已确认（")]
    others = [line for line in draft.lines if line not in confirming]
    said = [
        f"{line.field}“{line.place}”" if line.field in ("新增", "删除")
        else f"“{line.place}”的{line.field}由“{line.before or '空'}”改为“{line.after or '空'}”"
        for line in others[:12]
    ]  # fmt: skip
    parts = [f"主要改动：{'；'.join(said)}{'等' if len(others) > 12 else ''}。"] if said else []
    parts += [f"另有 {len(confirming)} 处参数经领导小组办公室确认。"] if confirming else []
    return "\n".join(parts)
