"""Reads the tables of a TOML file that people write, and collects every mistake found.

Nothing here raises: each wrong value becomes a finding with its line and path, and a
harmless value takes its place so that reading goes on. It knows nothing of plans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from rongchang_desk.domain.finding import Finding, Where, error
from rongchang_desk.domain.month import Month

_T = TypeVar("_T")
_Choice = TypeVar("_Choice", bound=StrEnum)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


class Table:
    """One table of the file, e.g. the second `[[tasks]]`.

    `section` is its heading, `record` the code it is known by (its number when it has
    none), `line` the line of its heading (0 when unknown).
    """

    def __init__(
        self, data: Mapping[str, Any], section: str, record: str, line: int,
        findings: list[Finding], inner: str = "",
    ) -> None:  # fmt: skip
        self._data = data
        self._section = section
        self._record = record
        self._line = line
        self._findings = findings
        self._inner = inner
        self._asked: set[str] = set()

    def report(self, key: str, code: str, message: str) -> None:
        """Adds a finding about one key of this table (the table itself when key is empty)."""
        field = ".".join(part for part in (self._inner, key) if part)
        path = ".".join(part for part in (self._section, self._record, field) if part)
        line = f"第 {self._line} 行起，" if self._line else ""
        where = Where(self._section, self._record, field)
        self._findings.append(error(code, where, f"{line}{path}：{message}"))

    def has(self, key: str) -> bool:
        return key in self._data

    def text(self, key: str, *, required: bool = False) -> str:
        """A text; empty when missing."""
        value = self._get(key, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._wrong(key, "应为文字（加引号）", value, "")
        if required and not value.strip():
            self.report(key, "plan-missing", "不能为空。")
        return value

    def code(self, key: str = "code") -> str:
        """A code: a letter, then letters, digits, `_` and `-`, up to 64 characters."""
        value = self.text(key, required=True)
        if value and not _CODE.fullmatch(value):
            self.report(key, "plan-code", f"代码“{value}”只能用字母开头的字母、数字、_ 和 -。")
        return value

    def whole(self, key: str, low: int, high: int, *, required: bool = False) -> int | None:
        """A whole number within bounds; None when missing or wrong."""
        value = self._get(key, required)
        if value is None:
            return None
        if type(value) is not int or not low <= value <= high:
            return self._wrong(key, f"应为 {low} 到 {high} 的整数", value, None)
        return value

    def number(self, key: str) -> Decimal | None:
        """A finite number; None when missing or wrong."""
        value = self._get(key, False)
        if value is None:
            return None
        number = Decimal(value) if type(value) is int else value
        if not isinstance(number, Decimal) or not number.is_finite() or abs(number) >= 10**15:
            return self._wrong(key, "应为数字", value, None)
        return number

    def flag(self, key: str, *, required: bool = False) -> bool:
        value = self._get(key, required)
        if value is None:
            return False
        return (
            value
            if isinstance(value, bool)
            else self._wrong(key, "应为 true 或 false", value, False)
        )

    def day(self, key: str) -> date:
        value = self._get(key, True)
        if value is None:
            return date.min
        if not isinstance(value, date) or isinstance(value, datetime):
            return self._wrong(key, "应为日期，例如 2024-03-25", value, date.min)
        return value

    def month(self, key: str, *, required: bool = False) -> Month | None:
        value = self._get(key, required)
        if value is None:
            return None
        try:
            return Month.parse(value)
        except (ValueError, TypeError):
            return self._wrong(key, '应为月份，例如 "2026-12"', value, None)

    def choice(self, key: str, choices: type[_Choice]) -> _Choice | None:
        """One of an enumeration's values; None when missing or wrong."""
        value = self._get(key, True)
        if value is None:
            return None
        try:
            return choices(value)
        except ValueError:
            offered = "、".join(choice.value for choice in choices)
            return self._wrong(key, f"应为 {offered} 之一", value, None)

    def days(self, key: str) -> tuple[date, ...]:
        """A list of different days."""
        return self._list(key, date, "应为日期列表，例如 [2026-10-01]", required=False)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of different, non-empty texts."""
        found = self._list(key, str, '应为文字列表，例如 ["甲", "乙"]', required)
        if any(not text.strip() for text in found):
            self.report(key, "plan-missing", "列表中有空的文字。")
        return found

    def wholes(self, key: str, *, required: bool = False) -> tuple[int, ...]:
        """A list of different whole numbers."""
        return self._list(key, int, "应为整数列表，例如 [1, 2]", required)

    def tables(self, key: str, *, required: bool = False) -> tuple[Table, ...]:
        """The tables of an inner list, e.g. the fields of a register."""
        value = self._get(key, required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return self._wrong(key, "应为表的列表", "", ())
        return tuple(
            Table(
                item, self._section, self._record, self._line, self._findings,
                f"{key}.{item.get('code', number)}",
            )
            for number, item in enumerate(value, 1)
        )  # fmt: skip

    def assumed(self, also: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
        """The (path, note) pairs of `assumed`; each key must be one that was read, or `also`.

        Call it last: it closes the table.
        """
        self._asked |= {"assumed", "confirmed"}
        self.close()
        found = []
        for key, note in self._marks("assumed", '{ 字段 = "说明" }', also):
            if not isinstance(note, str) or not note.strip():
                self.report(f"assumed.{key}", "plan-type", "应写明原因（文字）。")
            else:
                found.append((self._path(key), note))
        return tuple(found)

    def confirmed(self, also: tuple[str, ...] = ()) -> tuple[tuple[str, str, str, date], ...]:
        """The (path, note, by whom, when) of `confirmed`, keys as in `assumed`; call it after."""
        found = []
        for key, value in self._marks("confirmed", "{ 字段 = { note, by, on } }", also):
            by, on, note = (
                (value.get("by"), value.get("on"), value.get("note"))
                if isinstance(value, dict) and set(value) == {"by", "on", "note"}
                else (None, None, None)
            )
            if not isinstance(by, str) or not isinstance(note, str) or type(on) is not date:
                self.report(
                    f"confirmed.{key}", "plan-type",
                    '应写成 { note = "原因", by = "姓名", on = 2026-11-02 }。',
                )  # fmt: skip
            elif key in self._data.get("assumed", {}):
                self.report(f"confirmed.{key}", "plan-duplicate", "同时标为待确认和已确认。")
            else:
                found.append((self._path(key), note, by, on))
        return tuple(found)

    def _marks(self, name: str, expected: str, also: tuple[str, ...]) -> list[tuple[str, Any]]:
        """The (key, value) pairs of a table of marks, each key one that was read or `also`."""
        marks = self._data.get(name, {})
        if not isinstance(marks, dict):
            return self._wrong(name, f"应为 {expected}", marks, [])
        known = (self._asked - {"assumed", "confirmed"}) | set(also)
        for key in marks:
            if key not in known:
                self.report(f"{name}.{key}", "plan-unknown-key", "没有这个字段，无法标注。")
        return [(key, value) for key, value in marks.items() if key in known]

    def _path(self, key: str) -> str:
        return ".".join(part for part in (self._section, self._record, key) if part)

    def close(self) -> None:
        """Reports every key of the table that was not asked for."""
        for key in self._data:
            if key not in self._asked:
                self.report(key, "plan-unknown-key", "没有这个字段，请检查拼写。")

    def _get(self, key: str, required: bool) -> Any:
        self._asked.add(key)
        if required and key not in self._data:
            self.report(key, "plan-missing", "缺少这个字段。")
        return self._data.get(key)

    def _list(self, key: str, kind: type[_T], expected: str, required: bool) -> tuple[_T, ...]:
        value = self._get(key, required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(type(item) is kind for item in value):
            return self._wrong(key, expected, value, ())
        if required and not value:
            self.report(key, "plan-missing", "列表不能为空。")
        for item in sorted({item for item in value if value.count(item) > 1}):
            self.report(key, "plan-duplicate", f"“{item}”重复。")
        return tuple(value)

    def _wrong(self, key: str, expected: str, value: object, instead: _T) -> _T:
        shown = str(value)
        shown = f"，现为“{shown[:40]}”" if shown else ""
        self.report(key, "plan-type", f"{expected}{shown}。")
        return instead


def heading_lines(text: str) -> dict[str, list[int]]:
    """The 1-based lines of each heading `[name]` or `[[name]]` of a TOML text, in order."""
    found: dict[str, list[int]] = {}
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not inside and (match := re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]", line)):
            found.setdefault(match[1], []).append(number)
        for quotes in re.findall(r'"""|\'\'\'', line):
            inside = "" if quotes == inside else inside or quotes
    return found


def sections(
    data: Mapping[str, Any], name: str, key: str, lines: Mapping[str, list[int]],
    findings: list[Finding],
) -> tuple[Table, ...]:  # fmt: skip
    """All `[[name]]` tables of the file, each known by its value of `key`."""
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        findings.append(error("plan-type", Where(name), f"{name}：应写成若干个 [[{name}]]。"))
        return ()
    numbers = lines.get(name, [])
    return tuple(
        Table(
            item, name, str(item.get(key, index + 1)),
            numbers[index] if len(numbers) == len(value) else 0, findings,
        )
        for index, item in enumerate(value)
    )  # fmt: skip
