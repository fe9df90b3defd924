"""Words in and out of a command: lines, one JSON object, progress, passphrases."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from rongchang_desk.app.running import Running
from rongchang_desk.cli.options import PASSPHRASE
from rongchang_desk.errors import UsageError, WrongPassphrase


def finding_json(finding: Any) -> dict[str, str]:
    """A finding as the contract prints it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": str(finding.where),
        "message": finding.message,
    }


def say(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


def tell(text: str) -> None:
    click.echo(text, err=True)


def number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def grouped(digest: str) -> str:
    from rongchang_desk.app.district import grouped

    return grouped(digest)


def ask_passphrase(file: Path | None, *, confirm: bool = False) -> str:
    found = offered_passphrase(file)
    return found or ask("口令", confirm=confirm)


def offered_passphrase(file: Path | None) -> str:
    return read_secret(file) if file else os.environ.get(PASSPHRASE, "")


def read_secret(file: Path) -> str:
    try:
        return read_text(file, "口令文件")
    except UsageError as problem:
        raise WrongPassphrase(problem.message, problem.hint) from problem


def read_text(file: Path, what: str) -> str:
    from rongchang_desk.app.files import read_bytes

    try:
        return read_bytes(file, 64 * 1024).decode("utf-8-sig").strip()
    except UnicodeDecodeError as problem:
        raise UsageError(
            f"{what}“{file}”不是文本文件。", "请用记事本另存为 UTF-8 编码的文本。"
        ) from problem


def ask(what: str, *, confirm: bool = False) -> str:
    if not sys.stdin or not sys.stdin.isatty():
        raise WrongPassphrase(
            f"没有提供{what}。",
            f"请用 --passphrase-file 指定口令文件，或设置环境变量 {PASSPHRASE}。",
        )
    answer = click.prompt(f"请输入{what}", hide_input=True, err=True)
    if confirm and answer != click.prompt("请再输入一次", hide_input=True, err=True):
        raise WrongPassphrase("两次输入的口令不一致。", "请重新运行命令。")
    return str(answer)


class _Line(Running):
    """One line on a terminal that shows the progress; silent elsewhere."""

    def show(self, done: int, total: int, what: str) -> None:
        if sys.stderr.isatty():
            text = f"{done}/{total} {what}"[:70] if what else ""
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()


@contextlib.contextmanager
def progress() -> Iterator[Running]:
    line = _Line()
    try:
        yield line
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
