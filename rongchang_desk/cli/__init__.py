"""The command line: reads words, calls one app function, prints, exits with a code.

No rules live here. Exit codes: 0 all well; 1 done, but something was refused or found
wrong; 2 usage; 3 the world failed (disk, lock, passphrase).
"""

from __future__ import annotations

import io
import sys
from typing import Any

import click

from rongchang_desk.cli import (  # noqa: F401  # their commands join the groups
    care,
    month,
    office,
    office_keys,
    papers,
    taking,
    unit,
)
from rongchang_desk.cli.groups import cli
from rongchang_desk.cli.help import explain
from rongchang_desk.cli.talking import finding_json, say, tell
from rongchang_desk.errors import DeskError, PlanFileError


def run_command(words: list[str]) -> int:
    """Run the command line with these words; returns the exit code, never raises."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    wants_json = "--json" in words
    try:
        code = cli.main(words, prog_name="rongchang-desk", standalone_mode=False)
        return int(code or 0)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as problem:
        tell(explain(problem))
        return 2
    except (click.Abort, KeyboardInterrupt):
        tell("已中断；完成的部分保留，没有写到一半的数据。")
        return 3
    except DeskError as problem:
        return _fail(problem, wants_json)
    except BrokenPipeError:
        return 0


def _fail(problem: DeskError, wants_json: bool) -> int:
    findings = [
        finding_json(f) if hasattr(f, "severity") else str(f)
        for f in getattr(problem, "findings", ())
    ]
    if wants_json:
        answer: dict[str, Any] = {"error": {"message": problem.message, "hint": problem.hint}}
        if findings:
            answer["findings"] = findings
        say(answer)
    tell(str(problem))
    if isinstance(problem, PlanFileError):
        for finding in problem.findings:
            tell(f"  · {getattr(finding, 'message', finding)}")
    return problem.exit_code
