"""What outsiders check keys with: the root certificate, and the signed register of keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import enrol, key_document
from rongchang_desk.app.district import grouped
from rongchang_desk.ui import files
from rongchang_desk.ui.office.key_dialogs import sign_from, signing_dialog
from rongchang_desk.ui.theme import Tone

if TYPE_CHECKING:
    from rongchang_desk.ui.office.units_page import UnitsPage


def export_root(page: UnitsPage) -> None:
    """Write the root certificate and the list of revoked ones."""

    def save(path: Path) -> None:
        page.context.run_job(
            "导出根证书",
            lambda desk, _: enrol.export_root(desk, path),
            lambda result: page.banner.show_message(
                f"根证书已导出：{result[0]}",
                f"指纹　{grouped(result[1])}",
                Tone.GOOD,
            ),
        )

    files.choose_target(page, "导出根证书", "根证书.pem", ["证书 (*.pem)"], save)


def ask_register(page: UnitsPage) -> None:
    """Write the register of keys, signed."""
    name = f"密钥登记簿_{page.context.desk.today()}.pdf"

    def save(path: Path) -> None:
        dialog = signing_dialog(
            page,
            "导出密钥登记簿",
            "列出全部证书、指纹和状态，由办公室密钥签名；收文账一并签名封存。",
            "签名导出(&S)",
        )  # fmt: skip
        sign_from(
            page,
            dialog,
            lambda passphrase: (
                lambda desk, _: key_document.export(desk, desk.identity(passphrase), path)
            ),
            lambda file: page.tell(f"✓ 密钥登记簿已导出：{file}"),
        )

    files.choose_target(page, "导出密钥登记簿", name, ["PDF (*.pdf)"], save)
