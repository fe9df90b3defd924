"""Small evidence files for a demonstration: a picture and a list of names, the same by seed."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path
from random import Random

from rongchang_desk.app import evidence, record
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.files import write_whole
from rongchang_desk.domain.month import Month

_WIDTH, _HEIGHT = 240, 150
_NAMES = "张建国 李秀英 王志强 刘晓燕 陈海波 杨丽华 赵永红 黄文静 周国栋 吴雪梅".split()


def attach(desk: Desk, month: Month, seed: int, folder: Path) -> None:
    """Add a picture and a list to the month's first progress, when there is one."""
    told = record.of_month(desk, month).progress
    if not told:
        return
    random = Random(f"{seed}:{desk.unit_code}:{month}:evidence")
    names = "\n".join(random.sample(_NAMES, 6))
    contents = {
        f"{month}_工作现场.png": _picture(random),
        f"{month}_签到表.txt": f"{desk.unit.name} {month.label}签到表\n{names}\n".encode(),
    }
    files = []
    for name, body in contents.items():
        path = folder / desk.unit_code / name
        write_whole(path, body)
        files.append(evidence.add(desk, path))
    record.save(desk, replace(told[0], evidence=tuple(files)))


def _picture(random: Random) -> bytes:
    """A small PNG: hills under a sky in the day's colours."""
    sky, hill = ([random.randint(low, low + 70) for _ in range(3)] for low in (150, 40))
    crest = [random.randint(50, 110)]
    while len(crest) < _WIDTH:
        crest.append(min(130, max(30, crest[-1] + random.randint(-2, 2))))
    rows = (
        b"\0" + b"".join(bytes(sky if y < top else hill) for top in crest) for y in range(_HEIGHT)
    )
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
