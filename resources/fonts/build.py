"""Builds the shipped fonts from published packages; run by hand, never by the program.

    npm pack @expo-google-fonts/noto-serif-sc@0.4.3 @expo-google-fonts/noto-sans-sc@0.4.3
    apt-get download fonts-lxgw-wenkai texlive-lang-chinese unicode-data
    python resources/fonts/build.py FOLDER_WITH_THE_PACKAGES

Each font is cut down to one character set, FandolFang's PostScript outlines are turned into
TrueType ones (reportlab takes no others), all are renamed to `Desk …` (reserved font names),
and PROVENANCE.md is written. The same packages and fontTools give the same bytes.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import fontTools
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem

# Printed outlines sit on a coarser grid: 1/500 em (0.03 pt in 3号), and 1/320 em (0.03 pt in
# 五号) for Song, the face of tables. Every document gets an eighth smaller; no printer shows it.
PRINT_UNITS = {"Song": 320, "SongBold": 500, "Hei": 500, "Kai": 500, "Fang": 500}
HERE = Path(__file__).resolve().parent
SERIF = "expo-google-fonts-noto-serif-sc-0.4.3.tgz"
SANS = "expo-google-fonts-noto-sans-sc-0.4.3.tgz"
WENKAI = "fonts-lxgw-wenkai_1.250+repack-1_all.deb"
TEXLIVE = "texlive-lang-chinese_2022.20230122-1_all.deb"
UNICODE = "unicode-data_15.0.0-1_all.deb"
SHA256 = {
    SERIF: "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e",
    SANS: "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
    WENKAI: "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
    TEXLIVE: "9cfa07bd44e7b9098e26f0ecac1b5ad210d2249d474c8074d53de92d650b0ec0",
    UNICODE: "5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc",
}
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
FANDOL_DOC = "usr/share/doc/texlive-doc/fonts/fandol"

# What official papers, tables and the window use beyond GB 2312 and 通用规范汉字.
EXTRA = (
    "〔〕–—‘’“”…·•℃㎡㎏‰→←↑↓■□▲△▼▽●○★☆◆◇§№￥€〇々✓✗✔☑☐⚠⋯×÷±≥≤≈≠∶√∞※①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
)


@dataclass(frozen=True)
class Source:
    """One shipped font: file stem, family, style name, weight, package and path inside it."""

    stem: str
    family: str
    style: str
    weight: int
    package: str
    path: str
    copyright: str
    licence: str
    reach: str = "all"
    """Which characters: `all`, `wide`, `gb2312` (headlines) or `common` (3,500 and Fang's gaps)."""


OFL = "SIL Open Font License 1.1"
ADOBE = "(c) 2014-2024 Adobe, with Reserved Font Name 'Source'"
SOURCES = (
    Source("Song", "Desk Song", "Regular", 400, SERIF,
           "package/400Regular/NotoSerifSC_400Regular.ttf", ADOBE, OFL, "wide"),
    Source("SongBold", "Desk Song", "Bold", 700, SERIF,
           "package/700Bold/NotoSerifSC_700Bold.ttf", ADOBE, OFL, "gb2312"),
    Source("Hei", "Desk Hei", "Regular", 400, SANS,
           "package/400Regular/NotoSansSC_400Regular.ttf", ADOBE, OFL),
    Source("HeiMedium", "Desk Hei", "Medium", 500, SANS,
           "package/500Medium/NotoSansSC_500Medium.ttf", ADOBE, OFL),
    Source("Kai", "Desk Kai", "Regular", 400, WENKAI,
           "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf",
           "(c) 2021-2023 LXGW; (c) 2020 The Klee Project Authors", OFL, "common"),
    Source("Fang", "Desk Fang", "Regular", 400, TEXLIVE,
           f"{FANDOL}/FandolFang-Regular.otf",
           "(c) 2012-2013 the Fandol team", "GPL 3 with font exception"),
)  # fmt: skip
CHANGED = {
    "Fang": "PostScript outlines (CFF) turned into TrueType ones with cu2qu (error 2/1000 em); "
    "cut to the character set; renamed",
}


def main(folder: Path) -> None:
    """Build every font from the packages in `folder`; stops at the first wrong SHA-256."""
    with tempfile.TemporaryDirectory() as temporary:
        unpacked = {name: unpack(folder / name, Path(temporary) / name) for name in SHA256}
        sets = character_sets(unpacked)
        rows = []
        for source in SOURCES:
            made = HERE / f"{source.stem}.ttf"
            count = build(unpacked[source.package] / source.path, made, source, sets[source.reach])
            rows.append((source, count, made))
            print(f"{made.name}: {count} characters, {made.stat().st_size / 1e6:.2f} MB")  # noqa: T201  a script run by hand
        copy_licences(unpacked)
        (HERE / "PROVENANCE.md").write_text(provenance(rows), encoding="utf-8")


def unpack(package: Path, target: Path) -> Path:
    """Unpack one .tgz or .deb after checking its SHA-256."""
    found = hashlib.sha256(package.read_bytes()).hexdigest()
    if found != SHA256[package.name]:
        raise SystemExit(f"{package.name}: SHA-256 is {found}, not {SHA256[package.name]}")
    target.mkdir()
    if package.suffix == ".tgz":
        with tarfile.open(package) as archive:
            archive.extractall(target, filter="data")
    else:
        subprocess.run(["dpkg-deb", "-x", package, target], check=True)
    return target


def character_sets(unpacked: dict[str, Path]) -> dict[str, set[int]]:
    """`all`: GB 2312, the 8,105 characters of 通用规范汉字表 (kTGH), signs; and parts of it."""
    signs = {ord(character) for character in EXTRA}
    for first, last in (
        (0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2026), (0x2030, 0x203B), (0x2200, 0x226F),
        (0x391, 0x3C9), (0x3000, 0x301F), (0xFF01, 0xFF5E),
    ):  # fmt: skip
        signs |= set(range(first, last + 1))
    gb2312 = signs | coded("gb2312", 0xA1A1, 0xF7FE)
    unihan = unpacked[UNICODE] / "usr/share/unicode/Unihan_OtherMappings.txt.bz2"
    text = bz2.decompress(unihan.read_bytes()).decode()
    standard = {
        int(code, 16): int(number)
        for code, number in re.findall(r"U\+([0-9A-F]+)\tkTGH\t2013:(\d+)", text)
    }
    if len(standard) != 8105:
        raise SystemExit(f"kTGH has {len(standard)} characters, not 8,105")
    fang = TTFont(unpacked[TEXLIVE] / FANDOL / "FandolFang-Regular.otf", lazy=True).getBestCmap()
    gaps = (set(standard) | gb2312) - set(fang)
    common = {code for code, number in standard.items() if number <= 3500}
    return {
        "wide": gb2312 | set(standard) | coded("big5", 0xA440, 0xC67E),
        "all": gb2312 | set(standard),
        "gb2312": gb2312,
        "common": signs | common | gaps,
    }


def coded(codec: str, first: int, last: int) -> set[int]:
    """The characters that a two-byte codec has between two codes."""
    found = set()
    for code in range(first, last + 1):
        text = code.to_bytes(2, "big").decode(codec, "ignore")
        if len(text) == 1 and ord(text) > 0x7F:
            found.add(ord(text))
    return found


def build(path: Path, made: Path, source: Source, wanted: set[int]) -> int:
    """Write one cut-down, renamed TrueType font; returns how many characters it holds."""
    font = TTFont(path, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = []
    options.desubroutinize = True
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GPOS", "GSUB", "GDEF", "STAT", "gasp"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    if "CFF " in font:
        to_truetype(font)
    if source.stem in PRINT_UNITS:
        scale_upem(font, PRINT_UNITS[source.stem])
    rename(font, source)
    font.save(made)
    return len(font.getBestCmap())


def to_truetype(font: TTFont, max_error: float = 2.0) -> None:
    """Replace PostScript outlines by quadratic ones, at most `max_error` font units away."""
    order = font.getGlyphOrder()
    outlines = font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, max_error, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = glyphs
    del font["CFF "]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
        "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
    ):  # fmt: skip
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    metrics = font["hmtx"]
    for name in order:
        glyphs[name].recalcBounds(glyf)
        metrics[name] = (metrics[name][0], getattr(glyphs[name], "xMin", 0) or 0)
    post = font["post"]
    post.formatType = 3.0
    post.glyphOrder = order
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\0\1\0\0"


def rename(font: TTFont, source: Source) -> None:
    """Short names of our own: copies inside a PDF stay small, reserved names stay unused."""
    table = font["name"]
    table.names = []
    postscript = f"{source.family}-{source.style}".replace(" ", "")
    plain = source.style in ("Regular", "Bold")
    full = source.family if source.style == "Regular" else f"{source.family} {source.style}"
    names = {
        0: source.copyright, 1: source.family if plain else full,
        2: source.style if plain else "Regular",
        3: postscript, 4: full, 5: "Version 1.0", 6: postscript, 13: source.licence,
    }  # fmt: skip
    if not plain:
        names |= {16: source.family, 17: source.style}
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = source.weight


def copy_licences(unpacked: dict[str, Path]) -> None:
    """The licence texts as the packages carry them."""
    folder = HERE / "licences"
    folder.mkdir(exist_ok=True)
    for package, name in ((SERIF, "Song"), (SANS, "Hei")):
        text = (unpacked[package] / "package/LICENSE_FONT").read_bytes()
        (folder / f"{name}-OFL.txt").write_bytes(text)
    wenkai = unpacked[WENKAI] / "usr/share/doc/fonts-lxgw-wenkai/copyright"
    (folder / "Kai-OFL.txt").write_bytes(wenkai.read_bytes())
    fandol = unpacked[TEXLIVE] / FANDOL_DOC
    (folder / "Fang-GPL3.txt").write_bytes(gzip.decompress((fandol / "COPYING.gz").read_bytes()))
    (folder / "Fang-README.txt").write_bytes((fandol / "README").read_bytes())


def provenance(rows: list[tuple[Source, int, Path]]) -> str:
    """PROVENANCE.md: where every font comes from and what was done to it."""
    lines = [
        "# Where the fonts come from",
        "",
        f"Written by `build.py` (fontTools {fontTools.version}). Character set: GB 2312, the 8,105",
        "characters of 通用规范汉字表 (Unihan `kTGH`), CJK and general punctuation, U+2200–226F,",
        "Greek, Latin-1 and the signs listed in `build.py`. Layout tables and hints are dropped.",
        f"Scaled for smaller documents, in units per em: {PRINT_UNITS}.",
        "Song also holds the 5,401 common traditional characters of Big 5 (names of trademarks).",
        "SongBold (headlines) stops at GB 2312; Kai holds the 3,500 commonest characters and all",
        "that FandolFang lacks (1,467 of the 8,105). What a font lacks the program takes from the",
        "next one at print time: GPL and OFL outlines are never merged into one file.",
        "",
        "| Font | Characters | Package | Inside it | What was changed | Licence | SHA-256 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for source, count, made in rows:
        digest = hashlib.sha256(made.read_bytes()).hexdigest()
        changed = CHANGED.get(source.stem, "cut to the character set; renamed")
        lines.append(
            f"| {made.name} ({source.family} {source.style}) | {count} | {source.package} "
            f"| {Path(source.path).name} | {changed} | {source.licence} | `{digest}` |"
        )
    lines += ["", "| Package | SHA-256 |", "| --- | --- |"]
    lines += [f"| {package} | `{digest}` |" for package, digest in SHA256.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
