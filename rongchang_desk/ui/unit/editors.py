"""A field's editor, chosen by what the field takes. It shows and gives text, and never judges."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from rongchang_desk.app.fields import Entry, EntryField
from rongchang_desk.domain.records import NOT_APPLICABLE
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.unit.drop_downs import Offered, completer, drop_down

LINES_OF_LONG = 3
NOTHING = "（不填）"
ALT = Qt.KeyboardModifier.AltModifier


class Editor(QWidget):
    """A field's editor. `left` comes when the person has finished with it: went away or chose."""

    left = Signal()
    typing = Signal()  # a key changed the text

    def __init__(self, field: EntryField, inner: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"editor_{field.code}")
        self.field = field
        self.inner = named(inner, f"field_{field.code}", field.heading)
        self._stored = ""
        self.setFocusProxy(inner)
        inner.installEventFilter(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addWidget(inner, 1)

    def text(self) -> str:
        """What stands in the editor now."""
        raise NotImplementedError

    def show_text(self, text: str) -> None:
        """Show a text without telling anybody."""
        raise NotImplementedError

    def set_stored(self, text: str) -> None:
        """Show the text that is stored; Esc brings it back."""
        self._stored = text
        self.show_text(text)

    def is_touched(self) -> bool:
        """Whether the person changed the text since it was shown."""
        return self.text() != self._stored

    def offer(self) -> None:
        """Open what may be picked, where there is such (Alt+Down)."""

    def mark(self, is_wrong: bool) -> None:
        """Turn the editor red, or back."""
        if bool(self.inner.property("wrong")) != is_wrong:
            self.inner.setProperty("wrong", is_wrong)
            self.inner.style().unpolish(self.inner)
            self.inner.style().polish(self.inner)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.inner:
            return False
        match event.type():
            case QEvent.Type.ShortcutOverride if isinstance(event, QKeyEvent):
                undo = event.matches(QKeySequence.StandardKey.Undo)
                redo = event.matches(QKeySequence.StandardKey.Redo)
                if (undo or redo) and not self.is_touched():
                    # Nothing typed here: the key belongs to the page's undo.
                    event.ignore()
                    return True
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                if event.key() == Qt.Key.Key_Escape and self.is_touched():
                    self.show_text(self._stored)
                    self.left.emit()
                    return True
                if event.key() == Qt.Key.Key_Down and event.modifiers() & ALT:
                    self.offer()
                    return not isinstance(self.inner, QComboBox)
            case QEvent.Type.Wheel if not self.inner.hasFocus():
                # Scrolling the form must not change what it passes over.
                event.ignore()
                return isinstance(self.inner, QComboBox)
            case _:
                pass
        return False


class LineEditor(Editor):
    """One line of text."""

    def __init__(self, field: EntryField, parent: QWidget | None = None) -> None:
        self.line = QLineEdit()
        super().__init__(field, self.line, parent)
        self.line.editingFinished.connect(self.left)
        self.line.returnPressed.connect(self._go_on)
        self.line.textEdited.connect(self.typing)
        if field.known:
            self.line.setCompleter(completer(field, self.line))

    def text(self) -> str:
        return self.line.text()

    def show_text(self, text: str) -> None:
        if self.line.text() != text:
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def _go_on(self) -> None:
        self.focusNextChild()


class LongEditor(Editor):
    """Several lines; Tab goes on to the next field."""

    def __init__(self, field: EntryField, parent: QWidget | None = None) -> None:
        self.edit = QPlainTextEdit()
        super().__init__(field, self.edit, parent)
        self.edit.setTabChangesFocus(True)
        self.edit.textChanged.connect(self.typing)
        self._fit()

    def text(self) -> str:
        return self.edit.toPlainText()

    def show_text(self, text: str) -> None:
        if self.edit.toPlainText() != text:
            self.edit.setPlainText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.inner and event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "edit"):
            self._fit()

    def _fit(self) -> None:
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * LINES_OF_LONG + 16)


class DropDownEditor(LineEditor):
    """A line that is typed, or picked from what opens below it: a day, several things."""

    def __init__(
        self,
        field: EntryField,
        tasks: Offered,
        parent: QWidget | None = None,
        *,
        single_task: bool = False,
    ) -> None:
        super().__init__(field, parent)
        is_day = field.entry is Entry.DATE
        if is_day:
            self.line.setPlaceholderText("如 2026-10-08")
        menu = drop_down(field, self.line, tasks, self.left.emit, self, single_task=single_task)
        self._button = named(QToolButton(), f"pick_{field.code}")
        what = "选择日期" if is_day else "选择"
        self._button.setAccessibleName(f"{what}：{field.title}")
        self._button.setIcon(theme.icon("chevron-down"))
        self._button.setToolTip(what)
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        if menu:
            self._button.setMenu(menu)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from field to field
        self._row.addWidget(self._button)

    def offer(self) -> None:
        self._button.showMenu()


class NumberEditor(LineEditor):
    """A number with its unit; for a value of four states also a box for 不涉及."""

    def __init__(self, field: EntryField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.line.setMinimumWidth(theme.current().px(64))
        if field.unit and not field.group:
            unit = QLabel(field.unit)
            unit.setProperty("role", "muted")
            self._row.addWidget(unit)
        self._box: QCheckBox | None = None
        if field.entry is Entry.VALUE:
            self.line.setPlaceholderText("未报")
            self._box = named(
                QCheckBox(str(NOT_APPLICABLE)),
                f"not_applicable_{field.code}",
                f"{field.title}不涉及",
            )
            self._box.clicked.connect(self._box_clicked)
            self.line.textChanged.connect(self._follow)
            self._row.addWidget(self._box)

    def _box_clicked(self, is_on: bool) -> None:
        self.line.setText(str(NOT_APPLICABLE) if is_on else "")
        self.left.emit()

    def _follow(self, text: str) -> None:
        if self._box:
            self._box.setChecked(text.strip() == str(NOT_APPLICABLE))


class ChoiceEditor(Editor):
    """One of a few choices."""

    def __init__(self, field: EntryField, parent: QWidget | None = None) -> None:
        self.combo = QComboBox()
        super().__init__(field, self.combo, parent)
        self.combo.setPlaceholderText("请选择")
        self.combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.combo.setMinimumContentsLength(4)
        for choice in field.choices:
            self.combo.addItem(choice, choice)
        self.combo.activated.connect(lambda _: self.left.emit())

    def text(self) -> str:
        return str(self.combo.currentData() or "")

    def show_text(self, text: str) -> None:
        blank = self.combo.findData("")
        if text and not self.field.required and blank < 0:
            self.combo.insertItem(0, NOTHING, "")
        if text and self.combo.findData(text) < 0:
            self.combo.addItem(text, text)  # a choice that an older plan had
        self.combo.setCurrentIndex(self.combo.findData(text) if text else -1)


def editor_for(field: EntryField, tasks: Offered, *, single_task: bool = False) -> Editor:
    """The editor that a field needs; `tasks` are offered where tasks are named."""
    match field.entry:
        case Entry.LONG:
            return LongEditor(field)
        case Entry.VALUE | Entry.NUMBER:
            return NumberEditor(field)
        case Entry.CHOICE:
            return ChoiceEditor(field)
        case Entry.DATE | Entry.CHOICES | Entry.TASKS | Entry.BODIES:
            return DropDownEditor(field, tasks, single_task=single_task)
        case Entry.TEXT | Entry.BODY:
            return LineEditor(field)
