"""The action 验收材料: asks what to bind and where, then binds it beside the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction

from rongchang_desk.app import binder
from rongchang_desk.app.binder import Bound
from rongchang_desk.ui import files
from rongchang_desk.ui.dialogs.note import NoteDialog
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.page import Page
from rongchang_desk.ui.theme import Tone


class BinderAction(QAction):
    """For the header of a page; what came of it is told in the page's banner."""

    bound = Signal(object)  # Bound: a binder was written

    def __init__(self, page: Page, banner: Banner) -> None:
        super().__init__("验收材料(&Y)…", page)
        self.setObjectName("make_binder")
        self.setToolTip("按任务汇编验收材料，附签名原件")
        self._page, self._banner = page, banner
        self.triggered.connect(self._ask)

    def _ask(self) -> None:
        desk = self._page.context.desk
        dialog = NoteDialog(
            self._page,
            "汇编验收材料",
            "按任务汇编签名月报里的进展、记录和佐证材料，附签名原件和核验清单；"
            "验收方用 sha256sum 和 pdfsig 就能核验。",
            "选择位置(&S)…",
        )
        tasks = [(f"{t.no}. {t.title}", t.no) for t in desk.plan.tasks]
        task = dialog.add_choice("任务(&K)", "binder_task", [("全部任务", None), *tasks])
        known = [(f"{year}年", year) for year in reversed(binder.years(desk))]
        year = dialog.add_choice("年份(&N)", "binder_year", [("全部年份", None), *known])
        packed = dialog.add_choice(
            "压缩包(&Z)",
            "binder_zip",
            [("只要文件夹", False), ("同时打成 zip", True)],
            chosen=False,
        )
        dialog.ask(
            lambda: self._ask_place(
                task.currentData(), year.currentData(), is_packed=bool(packed.currentData())
            )
        )

    def _ask_place(self, task: int | None, year: int | None, *, is_packed: bool) -> None:
        parts = ["验收材料", f"{year}年" if year else "", f"任务{task}" if task else ""]
        now = self._page.context.desk.now()
        name = "_".join([*filter(None, parts), f"{now:%Y%m%d-%H%M}"])
        files.choose_folder(
            self._page,
            f"保存到哪里（将新建文件夹“{name}”）",
            lambda place: self._make(place / name, task, year, is_packed=is_packed),
        )

    def _make(self, out: Path, task: int | None, year: int | None, *, is_packed: bool) -> None:
        self._banner.hide()
        self.setEnabled(False)
        job = self._page.context.run_job(
            "正在汇编验收材料",
            lambda desk, running: binder.bind(
                desk, out, task=task, year=year, archive=is_packed, running=running
            ),
            self._made,
            cancelled=lambda: self._banner.show_message("已取消，没有留下任何文件。"),
        )
        job.ended.connect(lambda: self.setEnabled(True))

    def _made(self, made: Bound) -> None:
        listed = f"，另有 {made.listed} 件只列名" if made.listed else ""
        self._banner.show_message(
            f"已汇编验收材料：{made.tasks} 项任务，月报原件 {made.originals} 份，"
            f"佐证材料 {made.evidence} 件{listed}。",
            f"文件夹：{made.folder}\n核验清单的 SHA-256：{made.list_sha256}",
            Tone.GOOD,
        )
        self.bound.emit(made)
