"""The strip of evidence files 佐证材料 below a form: drop files on it, open them, take them off.

It takes files into the desk and says which record they are for; the page changes the record, so
that undoing is the page's. It never shows a content itself but as a small picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QIcon,
    QImage,
    QImageReader,
    QKeyEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import evidence
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.running import Running
from rongchang_desk.domain.records import Evidence, Record
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import files, theme
from rongchang_desk.ui.main_window import local_paths
from rongchang_desk.ui.messages import tell
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.theme import Tone

CHIP = QSize(160, 42)  # at 100 % text size
GAP = 6
PICTURE = 30
FINEST = 3  # pixels of a small picture to one at 100 %: enough for large text on a fine screen
CACHED = 200
TONES = {
    "pdf": Tone.BAD, "doc": Tone.BUSY, "docx": Tone.BUSY, "wps": Tone.BUSY, "xls": Tone.GOOD,
    "xlsx": Tone.GOOD, "et": Tone.GOOD, "csv": Tone.GOOD, "ppt": Tone.WARN, "pptx": Tone.WARN,
}  # fmt: skip
HINT = "把照片、扫描件、文档拖到这里"


class EvidenceStrip(QFrame):
    """Shows the evidence of one record.

    `added(record_id, files)`: files were taken in for that record. `removed(record_id, files)`:
    the person takes these off it. Both leave the record as it is.
    """

    added = Signal(str, object)
    removed = Signal(str, object)

    def __init__(self, context: Context, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "drop")
        self.setAcceptDrops(True)
        self._context = context
        self._record: Record | None = None
        self._pictures: dict[str, QImage] = {}
        self._title = named(QLabel("佐证材料"), f"{name}_title")
        self._title.setProperty("role", "muted")
        self._hint = named(QLabel(HINT), f"{name}_hint")
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        add = named(QPushButton("添加(&A)…"), f"{name}_add", "添加佐证材料")
        add.setProperty("slim", True)
        add.setToolTip(f"每个文件不超过 {evidence.size_text(evidence.LARGEST)}；原文件移走也不影响")
        add.clicked.connect(self._choose)
        self.chips = _Chips(f"{name}_list")
        self.chips.opened.connect(self._open)
        self.chips.taken_off.connect(self._take_off)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._title)
        line.addWidget(self._hint, 1)
        line.addWidget(add)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 5, 6, 5)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.chips)

    def show_record(self, record: Record | None) -> None:
        """Show the evidence of this record."""
        self._record = record
        self.setEnabled(record is not None)
        files = record.evidence if record is not None else ()
        self._title.setText(f"佐证材料（{len(files)}）" if files else "佐证材料")
        self._hint.setText("双击打开，按 Delete 移除" if files else HINT)
        self.chips.show_files(files, self._pictures)
        wanted = [f for f in files if evidence.is_picture(f) and f.sha256 not in self._pictures]
        if wanted:
            if len(self._pictures) > CACHED:
                self._pictures.clear()
            # Named at once, so that showing the record again does not ask again.
            self._pictures.update((one.sha256, QImage()) for one in wanted)
            self._context.run_job(
                "读取图片", partial(small_pictures, wanted), self._pictures_read, quiet=True
            )

    def add(self, paths: Sequence[Path]) -> None:
        """Take files into the desk for the record shown now."""
        if self._record is None or not paths:
            return
        self._context.run_job(
            "正在添加佐证材料",
            lambda desk, running: evidence.add_all(desk, paths, running),
            partial(self._files_added, self._record.id),
        )

    # What the person does

    def _choose(self) -> None:
        dialog = QFileDialog(self.window(), "添加佐证材料")
        dialog.setObjectName("evidence_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.add([Path(name) for name in names]))
        dialog.open()

    def _files_added(self, record_id: str, result: evidence.Added) -> None:
        if result.files:
            self.added.emit(record_id, result.files)
        if len(result.refused) == 1:
            (only,) = result.refused
            tell(self.window(), only.message, only.hint, icon=QMessageBox.Icon.Warning)
        elif result.refused:
            reasons = [f"· {problem.message}" for problem in result.refused]
            shown = reasons[:8] + (["· ……"] if len(reasons) > 8 else [])
            tell(
                self.window(),
                f"有 {len(result.refused)} 个文件没有添加。",
                "\n".join(shown),
                icon=QMessageBox.Icon.Warning,
            )

    def _open(self, one: Evidence) -> None:
        self._context.run_job(
            "正在打开佐证材料",
            lambda desk, _running: evidence.open_copy(desk, one),
            partial(files.show_with_system, self._context),
            quiet=True,
        )

    def _take_off(self, files: tuple[Evidence, ...]) -> None:
        if self._record is not None and files:
            self.removed.emit(self._record.id, files)

    def _pictures_read(self, pictures: dict[str, QImage]) -> None:
        self._pictures.update(pictures)
        self.chips.paint_icons(self._pictures)

    # Qt's side

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._record is not None and local_paths(event.mimeData()):
            event.acceptProposedAction()
            self._mark(is_over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(is_over=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(is_over=False)
        event.acceptProposedAction()
        self.add(local_paths(event.mimeData()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "chips"):
            self.chips.paint_icons(self._pictures)

    def _mark(self, *, is_over: bool) -> None:
        self.setProperty("over", is_over)
        self.style().unpolish(self)
        self.style().polish(self)


class _Chips(QListWidget):
    """The files side by side, each with a small picture, its name and its size."""

    opened = Signal(object)  # Evidence
    taken_off = Signal(object)  # tuple[Evidence, ...]

    def __init__(self, name: str) -> None:
        super().__init__()
        named(self, name, "佐证材料")
        self.setProperty("role", "chips")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_ChipDelegate(self))
        self._most_rows = 1
        # Not itemActivated: what a double click or Enter means there is the desktop's choice.
        self.itemDoubleClicked.connect(lambda item: self.opened.emit(_file(item)))

    def allow_rows(self, most: int) -> None:
        """Be at most so many rows high before scrolling."""
        if most != self._most_rows:
            self._most_rows = most
            self._fit()

    def show_files(self, files: Sequence[Evidence], pictures: dict[str, QImage]) -> None:
        """Show these files; the chosen ones stay chosen where they can."""
        chosen = {_file(item).sha256 for item in self.selectedItems()}
        self.clear()
        for one in files:
            item = QListWidgetItem(f"{one.name}\n{evidence.size_text(one.size)}")
            item.setData(Qt.ItemDataRole.UserRole, one)
            item.setToolTip(f"{one.name}\n{evidence.size_text(one.size)}　指纹 {one.sha256[:16]}…")
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{one.name}，{evidence.size_text(one.size)}"
            )
            self.addItem(item)
            item.setSelected(one.sha256 in chosen)
        if files:
            self.setCurrentRow(0, self.selectionModel().SelectionFlag.NoUpdate)
        self.paint_icons(pictures)

    def paint_icons(self, pictures: dict[str, QImage]) -> None:
        """Draw the small pictures again: the palette, the text size or a picture is new."""
        look = theme.current()
        self.setIconSize(QSize(look.px(PICTURE), look.px(PICTURE)))
        size = QSize(look.px(CHIP.width()), look.px(CHIP.height()))
        for row in range(self.count()):
            item = self.item(row)
            one = _file(item)
            item.setSizeHint(size)
            item.setIcon(_icon(one, pictures.get(one.sha256), self.devicePixelRatioF()))
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.taken_off.emit(tuple(_file(item) for item in self.selectedItems()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentItem() is not None:
                self.opened.emit(_file(self.currentItem()))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """As high as the chips need, up to a few rows; gone when there are none."""
        self.setVisible(self.count() > 0)
        look = theme.current()
        self.setSpacing(GAP // 2)
        a_row = max(self.width() // (look.px(CHIP.width()) + GAP), 1)
        rows = min(-(-self.count() // a_row), self._most_rows)
        self.setFixedHeight(max(rows, 1) * (look.px(CHIP.height()) + GAP) + 4)


class _ChipDelegate(QStyledItemDelegate):
    """Draws the picture, the name on one line and the size under it."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        look = theme.current()
        one: Evidence = index.data(Qt.ItemDataRole.UserRole)
        chip: Any = QStyleOptionViewItem(option)  # its fields are not in the stubs
        self.initStyleOption(chip, index)
        icon, chip.text, chip.icon = QIcon(chip.icon), "", QIcon()
        chip.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, chip, painter, chip.widget
        )
        room = chip.rect.adjusted(look.px(6), look.px(3), -look.px(6), -look.px(3))
        side = look.px(PICTURE)
        icon.paint(painter, QRect(room.left(), room.center().y() - side // 2, side, side))
        words = room.adjusted(side + look.px(8), 0, 0, 0)
        painter.save()
        font = chip.font
        font.setPixelSize(look.px(13))
        painter.setFont(font)
        name = painter.fontMetrics().elidedText(
            one.name, Qt.TextElideMode.ElideMiddle, words.width()
        )
        painter.setPen(QColor(look.palette.text))
        painter.drawText(words, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)
        font.setPixelSize(look.px(11))
        painter.setFont(font)
        painter.setPen(QColor(look.palette.muted))
        painter.drawText(
            words,
            Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft,
            evidence.size_text(one.size),
        )
        painter.restore()


def small_pictures(files: Sequence[Evidence], desk: Desk, running: Running) -> dict[str, QImage]:
    """A small picture of each file by its SHA-256; an empty one where there is none to show."""
    side = PICTURE * FINEST
    pictures: dict[str, QImage] = {}
    for number, one in enumerate(files):
        running.step(number, len(files), one.name)
        try:
            buffer = QBuffer()
            buffer.setData(QByteArray(evidence.content(desk, one)))
        except DeskError:
            continue  # told when it is opened
        buffer.open(QBuffer.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        full = reader.size()
        if full.isValid():
            reader.setScaledSize(full.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
        pictures[one.sha256] = reader.read()
    return pictures


def _file(item: QListWidgetItem) -> Evidence:
    found: Evidence = item.data(Qt.ItemDataRole.UserRole)
    return found


def _icon(one: Evidence, picture: QImage | None, ratio: float) -> QIcon:
    """The small picture, or the ending on a patch in its colour."""
    look = theme.current()
    side = look.px(PICTURE)
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    if picture is not None and not picture.isNull():
        shown = picture.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect((side - shown.width()) // 2, (side - shown.height()) // 2, 0, 0)
        place.setSize(shown)
        painter.drawImage(place, picture)
    else:
        ending = Path(one.name).suffix.lstrip(".").casefold()
        tone = TONES.get(ending, Tone.QUIET)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.palette.wash(tone))
        painter.drawRoundedRect(QRect(0, 0, side, side), 4, 4)
        font = painter.font()
        font.setPixelSize(look.px(9 if len(ending) > 3 else 11))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(look.palette.ink(tone))
        painter.drawText(
            QRect(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, ending[:4].upper() or "文件"
        )
    painter.end()
    return QIcon(pixmap)
