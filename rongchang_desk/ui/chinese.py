"""Qt's own dialogs in Chinese: the translation PySide6 ships, and what it leaves in English.

Compiled translations only: Qt asks for texts on threads of its own (listing files), where a
translator written in Python can crash the process.
"""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from rongchang_desk import assets

log = logging.getLogger(__name__)


def install(application: QObject) -> None:
    """Make Qt's own texts, dates and numbers Chinese; a missing file is logged, not fatal."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    shipped = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for file in (
        shipped / "qtbase_zh_CN.qm",
        assets.resource("translations", "qt_missing_zh_CN.qm"),
    ):
        translator = QTranslator(application)
        if translator.load(str(file)):
            QCoreApplication.installTranslator(translator)
        else:
            log.warning("translation %s cannot be loaded", file.name)
