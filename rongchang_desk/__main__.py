"""Starts the program: no words or a desk's folder open the window, other words the command line."""

from __future__ import annotations

import gc
import sys
from pathlib import Path


def main() -> int:
    """Run the program; returns the exit code."""
    words = sys.argv[1:]
    if not words or (len(words) == 1 and Path(words[0]).is_dir()):
        # Nothing made while starting is garbage; the session turns the collector on again.
        gc.disable()
        from rongchang_desk.ui.application import run

        return run(Path(words[0]) if words else None)
    from rongchang_desk.cli import run_command

    return run_command(words)


if __name__ == "__main__":
    sys.exit(main())
