"""Runs the real command in a process of its own, as a person or a script would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
PASSPHRASE = "a long demo passphrase 口令"


def desk(
    *words: object, passphrase: str | None = PASSPHRASE, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`rongchang-desk WORDS…` with a passphrase in the environment; demo desks bring their own."""
    env = os.environ | {"PYTHONPATH": str(TOP), "QT_QPA_PLATFORM": "offscreen"} | environment
    env.pop("RONGCHANG_DESK_PASSPHRASE", None)
    if passphrase is not None:
        env["RONGCHANG_DESK_PASSPHRASE"] = passphrase
    return subprocess.run(
        [sys.executable, "-m", "rongchang_desk", *map(str, words)],
        capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL, check=False,
        timeout=300,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON object on stdout of a command that went well."""
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer
