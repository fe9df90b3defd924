"""Failures of the world, told to a person: what happened, to which file, what to do next.

Mistakes in people's data are findings (`domain.finding`), not errors; bugs stay
ordinary exceptions. Every class here carries the exit code of the command line.
"""

from __future__ import annotations

from pathlib import Path


class DeskError(Exception):
    """A failure with a Chinese message and a hint that says what to do next.

    `message` says what happened and to which file or field; `hint` says what to do.
    """

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(DeskError):
    """The command or the request itself makes no sense (exit code 2)."""

    exit_code = 2


class FoundWrong(DeskError):
    """The work was done, but what was given is wrong (exit code 1)."""

    exit_code = 1


class PlanFileError(FoundWrong):
    """A plan file has findings; `findings` holds all of them, in order."""

    def __init__(self, message: str, findings: tuple[object, ...], hint: str = "") -> None:
        super().__init__(message, hint)
        self.findings = findings


class WrongPassphrase(DeskError):
    """A key file does not open with the passphrase given."""


class DeskLocked(DeskError):
    """Another program or process has this desk open."""


class DeskTooNew(DeskError):
    """The store was written by a newer version of the program."""


class DeskDamaged(DeskError):
    """The store fails its integrity check, or is not a desk's store.

    `folder` is the desk's whose own store it is; None for a copy in a backup or a single file.
    """

    def __init__(self, message: str, hint: str = "", folder: Path | None = None) -> None:
        super().__init__(message, hint)
        self.folder = folder


class NotADesk(DeskError):
    """The folder holds no desk."""


class CannotWrite(DeskError):
    """A file or folder cannot be written (full disk, no permission, read-only medium)."""


class CannotRead(DeskError):
    """A file cannot be read."""


class Cancelled(DeskError):
    """The person cancelled a long piece of work."""

    def __init__(self) -> None:
        super().__init__("已取消。", "已完成的部分保留，未完成的部分没有改动任何数据。")
