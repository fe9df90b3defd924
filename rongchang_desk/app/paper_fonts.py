"""The office's own licensed fonts for its papers: which files, and laying out with them.

Papers and letters only. A unit's return always has the shipped fonts, for whoever takes it in
draws its pages again. Only the places of the files are kept, never the files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from rongchang_desk.app.desk import Desk
from rongchang_desk.errors import FoundWrong
from rongchang_desk.store import audit


class PaperFont(StrEnum):
    """What a font is used for (GB/T 9704—2012); the values are the faces of `documents.fonts`."""

    HEADLINE = "SongBold"
    FANG = "Fang"
    KAI = "Kai"
    HEI = "Hei"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    PaperFont.HEADLINE: "小标宋（标题）",
    PaperFont.FANG: "仿宋（正文）",
    PaperFont.KAI: "楷体（二级标题）",
    PaperFont.HEI: "黑体（一级标题）",
}
_KNOWN = {
    PaperFont.HEADLINE: ("FZXBSJW.TTF", "FZXBSK.TTF", "方正小标宋_GBK.TTF", "方正小标宋简体.TTF"),
    PaperFont.FANG: ("simfang.ttf", "SIMFANG.TTF", "仿宋_GB2312.ttf", "FZFSK.TTF"),
    PaperFont.KAI: ("simkai.ttf", "SIMKAI.TTF", "楷体_GB2312.ttf", "FZKTK.TTF"),
    PaperFont.HEI: ("simhei.ttf", "SIMHEI.TTF", "FZHTK.TTF"),
}
"""File names under which Windows, WPS and 方正 install them."""


def chosen(desk: Desk) -> dict[PaperFont, Path]:
    """The files chosen at this desk; for what is missing the shipped fonts are used."""
    stored = {font: desk.store.setting(_key(font)) for font in PaperFont}
    return {font: Path(text) for font, text in stored.items() if text}


def choose(desk: Desk, font: PaperFont, file: Path | None) -> None:
    """Set papers in this file from now on, or in the shipped font again (None).

    Raises FoundWrong when the file will not do; nothing is changed then.
    """
    if file is not None:
        from rongchang_desk.documents import own_fonts

        file = file.absolute()
        own_fonts.check(file)
    with desk.store.transaction():
        desk.store.set_setting(_key(font), str(file or ""))
        audit.note(desk.store, desk.now(), "paper-font", f"{font.name} {file or '-'}")


def installed() -> dict[PaperFont, Path]:
    """The first known font file of each kind that this computer has; they are not checked."""
    found = {}
    for font, names in _KNOWN.items():
        files = (folder / name for folder in _folders() for name in names)
        file = next((file for file in files if file.is_file()), None)
        if file is not None:
            found[font] = file
    return found


@contextmanager
def applied(desk: Desk) -> Iterator[None]:
    """What this thread lays out meanwhile is set in the fonts chosen at this desk.

    Raises FoundWrong when a chosen file is gone or has changed for the worse.
    """
    from rongchang_desk.documents import fonts, own_fonts

    files: Mapping[PaperFont, Path] = chosen(desk)
    for font, file in files.items():
        try:
            own_fonts.check(file)
        except FoundWrong as wrong:
            raise FoundWrong(
                f"公文字体“{font.label}”不能用了：{wrong.message}",
                "请在“设置—公文字体”中重新选择，或恢复随附字体，再生成一次。",
            ) from wrong
    with fonts.instead({font.value: file for font, file in files.items()}):
        yield


def _key(font: PaperFont) -> str:
    return f"paper_font.{font.name.lower()}"


def _folders() -> tuple[Path, ...]:
    """Where this system and its user keep fonts."""
    if os.name == "nt":
        local = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
        windows = Path(os.environ.get("WINDIR", r"C:\Windows"))
        return windows / "Fonts", local / "Microsoft" / "Windows" / "Fonts"
    system = Path("/usr/share/fonts")
    below = [folder for folder in system.glob("**/") if len(folder.parts) <= 6]
    return (*sorted(below), Path.home() / ".local/share/fonts", Path.home() / ".fonts")
