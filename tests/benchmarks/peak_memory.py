"""Takes in a folder of returns in this fresh process and prints the peaks of its memory.

    python peak_memory.py OFFICE FOLDER

Prints one JSON object: peak resident memory of `parent` and of the largest `worker` in KiB,
and how many files were `accepted`.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
from pathlib import Path

from rongchang_desk.app.desk import Desk
from rongchang_desk.app.take_in import take_in


def own_peak() -> int:
    """Peak resident memory of this program, KiB; `ru_maxrss` would count what ran before it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0])


def main(office: str, folder: str) -> None:
    """Take in with one worker process and print."""
    with Desk.open(Path(office)) as desk:
        taken = take_in(desk, [Path(folder)], workers=1)
    for process in multiprocessing.active_children():
        process.join()
    peaks = {
        "parent": own_peak(),
        "worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
        "accepted": len(taken.of("accepted")),
    }
    print(json.dumps(peaks))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
