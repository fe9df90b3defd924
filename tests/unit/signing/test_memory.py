"""Sealing a file that carries much needs few copies of it at once."""

from __future__ import annotations

import random
import tracemalloc

from rongchang_desk.signing.envelope import Source, seal
from tests.unit.signing.samples import PAYLOAD, SIGNED, District

SIZE = 8 * 1024 * 1024


def test_sealing_holds_no_more_than_the_packed_file_and_the_finished_one(
    district: District, pages: bytes
) -> None:
    carried = Source("照片.jpg", random.Random(7).randbytes(SIZE))
    tracemalloc.start()
    try:
        sealed = seal(pages, PAYLOAD, district.unit, signed_at=SIGNED, sources=(carried,))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(sealed) > SIZE
    assert peak < 3 * SIZE
