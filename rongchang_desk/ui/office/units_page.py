"""单位与密钥: every unit's certificate, and the kits that bring a unit in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLabel, QVBoxLayout

from rongchang_desk.app import enrol
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import grouped
from rongchang_desk.app.enrol import Kit, Member
from rongchang_desk.domain.plan import Unit
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, ask_passphrase
from rongchang_desk.ui.messages import Banner, ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import files
from rongchang_desk.ui.office.matrix_page import answers_to
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone


def state_text(member: Member) -> str:
    """A unit's certificate in a word with its glyph."""
    if member.certificate is None:
        return "○ 未制作"
    return "✓ 有效" if member.count else "× 已吊销"


def state_tone(member: Member) -> Tone:
    """The colour that goes with `state_text`."""
    if member.certificate is None:
        return Tone.WARN
    return Tone.GOOD if member.count else Tone.BAD


COLUMNS = (
    Column("代码", lambda m: m.unit.code, width=76),
    Column("单位", lambda m: m.unit.name, stretch=True),
    Column("类别", lambda m: m.unit.kind.label, width=84),
    Column("证书", lambda m: state_text(m)[2:], state_text, cell=Cell.PILL, tone=state_tone,
           width=110),
    Column("签发时间", lambda m: m.certificate.issued_at if m.certificate else None,
           lambda m: m.certificate.issued_at[:16].replace("T", " ") if m.certificate else "",
           width=150),
    Column("有效期至", lambda m: m.valid_until, width=120),
    Column("有效证书", lambda m: m.count, align=Align.END, width=96,
           tip=lambda _: "重新制作入网包会多一张证书，旧证书仍有效，直到吊销。"),
)  # fmt: skip


class UnitsPage(Page):
    """The plan's units; kits for the selected ones or for all."""

    title = "单位与密钥"
    help_topic = "office-units"
    has_month = False
    search_hint = "搜索单位，支持拼音首字母"

    shown = Signal()  # the list was filled
    made = Signal(object)  # the kits written

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._read = NewestRead(context, "读取单位")
        self._members: tuple[Member, ...] = ()
        self._text = ""
        self._some = self.new_action("制作入网包(&K)…", self._for_selected, name="kits_selected",
                                     primary=True, tip="为选中的单位制作入网包")  # fmt: skip
        self._actions = [
            self._some,
            self.new_action("全部制作(&A)…", self._for_all, name="kits_all",
                            tip="为方案中的全部单位制作入网包"),
            self.new_action("导出根证书(&X)…", self._export_root, name="export_root",
                            tip="导出根证书和吊销列表（同一文件），供核验单位月报"),
        ]  # fmt: skip
        self._banner = Banner()
        self._root = named(QLabel(), "root_fingerprint")
        self._root.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._root.setWordWrap(True)
        caption = QLabel("根证书指纹")
        caption.setProperty("role", "muted")
        caption.setToolTip("印在纸上随入网包发给单位，单位据此核对")
        card = QFrame()
        card.setProperty("role", "card")
        inside = QHBoxLayout(card)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.setSpacing(14)
        inside.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self._root, 1)
        self._table = Table(
            COLUMNS,
            name="units",
            accessible="报送单位",
            empty="方案里没有报送单位。",
            settings=context.settings,
            identity=lambda member: member.unit.code,
        )
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._table.selectionModel().selectionChanged.connect(self._selection_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(card)
        column.addWidget(self._table, 1)
        self._selection_changed()

    def subtitle(self) -> str:
        return "入网包与口令条分开交给单位"

    def page_actions(self) -> list[QAction]:
        return self._actions

    def refresh(self) -> None:
        def work(desk: Desk, _: object) -> tuple[tuple[Member, ...], str]:
            return enrol.members(desk), enrol.root_fingerprint(desk)

        self._read.run(work, self._arrived)

    def search(self, text: str) -> None:
        self._text = text
        self._table.set_filter("", self._is_kept if text.strip() else None)

    def _is_kept(self, member: Member) -> bool:
        return answers_to(member.unit, self._text)

    def _arrived(self, result: tuple[tuple[Member, ...], str]) -> None:
        self._members, fingerprint = result
        self._table.set_rows(self._members)
        self._root.setText(grouped(fingerprint))
        self.shown.emit()

    def _selection_changed(self) -> None:
        count = len(self._table.chosen_rows())
        self._some.setEnabled(count > 0)
        self._some.setToolTip(
            f"为选中的 {count} 个单位制作入网包" if count else "请先选中单位（Ctrl、Shift 可多选）"
        )

    # Kits

    def _for_selected(self) -> None:
        self._prepare(tuple(member.unit for member in self._table.chosen_rows()))

    def _for_all(self) -> None:
        self._prepare(tuple(member.unit for member in self._members))

    def _prepare(self, units: tuple[Unit, ...]) -> None:
        """Warn where a unit has a certificate already, then ask where to and under which key."""
        codes = {unit.code for unit in units}
        again = [m.unit.name for m in self._members if m.unit.code in codes and m.count]
        if not units:
            return
        if not again:
            self._choose_folder(units)
            return
        names = "、".join(again[:5]) + (f" 等 {len(again)} 个单位" if len(again) > 5 else "")
        ask(
            self,
            f"{names}已经有证书，还要再制作入网包吗？",
            "新入网包带一张新证书，旧证书在吊销前继续有效。",
            "继续制作(&G)",
            lambda: self._choose_folder(units),
        )

    def _choose_folder(self, units: tuple[Unit, ...]) -> None:
        files.choose_folder(self, "选择存放入网包的文件夹", lambda folder: self._ask(units, folder))

    def _ask(self, units: tuple[Unit, ...], folder: Path, problem: str = "") -> None:
        ask_passphrase(
            self.window(),
            f"用办公室工作台的密钥为 {len(units)} 个单位签发证书，制作入网包。",
            "制作(&M)",
            lambda passphrase: self._make(units, folder, passphrase),
            advice=OFFICES_ADVICE,
            problem=problem,
        )

    def _make(self, units: tuple[Unit, ...], folder: Path, passphrase: str) -> None:
        def failed(error: Exception) -> bool:
            if isinstance(error, WrongPassphrase):
                self._ask(units, folder, error.message)
                return True
            self.refresh()  # some may have been made before it failed
            return False

        self._banner.hide()
        codes = [unit.code for unit in units]
        self.context.run_job(
            "正在制作入网包",
            lambda desk, running: enrol.enrol(desk, codes, passphrase, folder, running),
            lambda kits: self._kits_made(kits, folder),
            failed=failed,
            cancelled=self._cancelled,
            cancel_text="取消（已制作的保留）",
        )

    def _kits_made(self, kits: tuple[Kit, ...], folder: Path) -> None:
        self._banner.show_message(
            f"已制作 {len(kits)} 个入网包：{folder}",
            "口令条在“口令条”文件夹里，请与入网包分开交给单位。",
            Tone.GOOD,
        )
        self.context.changed()
        self.refresh()
        self.made.emit(kits)

    def _cancelled(self) -> None:
        self._banner.show_message("已取消，先前制作好的入网包保留在文件夹里。")
        self.refresh()

    # The root

    def _export_root(self) -> None:
        def save(path: Path) -> None:
            self.context.run_job(
                "导出根证书",
                lambda desk, _: enrol.export_root(desk, path),
                lambda result: self._banner.show_message(
                    f"根证书已导出：{result[0]}",
                    f"指纹　{grouped(result[1])}",
                    Tone.GOOD,
                ),
            )

        files.choose_target(self, "导出根证书", "根证书.pem", ["证书 (*.pem)"], save)
