"""Qt's own dialogs in Chinese: the translation PySide6 ships, and what it leaves in English."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

log = logging.getLogger(__name__)

# Missing from qtbase_zh_CN.qm of Qt 6.8 (context, source text).
MENDED = {
    ("QAbstractFileIconProvider", "File"): "文件",
    ("QAbstractFileIconProvider", "Folder"): "文件夹",
    ("QAbstractFileIconProvider", "File Folder"): "文件夹",
    ("QAbstractFileIconProvider", "Drive"): "磁盘",
    ("QAbstractFileIconProvider", "%1 File"): "%1 文件",
    ("QAbstractFileIconProvider", "Shortcut"): "快捷方式",
    ("QAbstractFileIconProvider", "Alias"): "替身",
    ("QAbstractFileIconProvider", "Unknown"): "未知",
}


class _Mended(QTranslator):
    """Answers for the labels that the shipped translation lacks."""

    def isEmpty(self) -> bool:
        return False

    def translate(  # type: ignore[override]  # None is Qt's null string: ask the next one
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        del disambiguation, n
        return MENDED.get((context, text))


def install(application: QObject) -> None:
    """Make Qt's own texts, dates and numbers Chinese; a missing file is logged, not fatal."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    shipped = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not shipped.load("qtbase_zh_CN", folder):
        log.warning("qtbase_zh_CN.qm is missing from %s", folder)
    for translator in (_Mended(application), shipped):
        QCoreApplication.installTranslator(translator)
