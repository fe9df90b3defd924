"""Exports one month in this fresh process and prints what it cost.

    python cold_export.py DESK MONTH OUT.pdf

The passphrase comes from RONGCHANG_DESK_PASSPHRASE. Prints one JSON object of CPU seconds: `whole`
since the interpreter's start, and `key`, which of that went into opening the key file (slow on
purpose, against guessing).
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from rongchang_desk.app import export
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.month import Month


def main() -> None:
    folder, month, out = sys.argv[1:]
    with Desk.open(Path(folder)) as desk:
        import rongchang_desk.signing.identity  # noqa: F401  # its import belongs to the export

        begin = time.process_time()
        identity = desk.identity(os.environ["RONGCHANG_DESK_PASSPHRASE"])
        key = time.process_time() - begin
        export.export(desk, Month.parse(month), identity, out=Path(out))
    print(json.dumps({"whole": time.process_time(), "key": key}))  # noqa: T201  # read by the test


if __name__ == "__main__":
    main()
