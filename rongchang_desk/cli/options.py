"""What commands are told: types of words in Chinese, and the options that several share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period

PASSPHRASE = "RONGCHANG_DESK_PASSPHRASE"  # noqa: S105  # the name of a variable
KIT_PASSWORD = "RONGCHANG_DESK_KIT_PASSWORD"  # noqa: S105

F = TypeVar("F", bound=Callable[..., Any])


class MonthType(click.ParamType[Month]):
    """A month written 2026-10."""

    name = "月份"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Month:
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(value)
        except ValueError:
            self.fail(f"“{value}”不是月份，请写成 2026-10 的样子。", param, ctx)


class FileType(click.ParamType[Path]):
    """A path; whether it can be read or written is found out by who uses it."""

    name = "路径"

    def convert(
        self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None
    ) -> Path:
        return Path(value)


class PeriodType(click.ParamType[Period]):
    """A year, half, quarter or month: 2026, 2026H1, 2026Q3, 2026-10."""

    name = "考核期"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Period:
        if isinstance(value, Period):
            return value
        try:
            return Period.parse(value)
        except ValueError:
            self.fail(f"“{value}”不是考核期，请写成 2026、2026H1、2026Q3 或 2026-10。", param, ctx)


class QuarterType(click.ParamType[Period]):
    """A quarter written 2026Q3."""

    name = "季度"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Period:
        if isinstance(value, Period):
            return value
        with contextlib.suppress(ValueError):
            period = Period.parse(value)
            if len(period.months) == 3:
                return period
        raise click.BadParameter(f"“{value}”不是季度，请写成 2026Q3 的样子。", ctx, param)


class DayType(click.ParamType[date]):
    """A day written 2026-11-02."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2026-11-02 的样子。", param, ctx)


MONTH, FILE, PERIOD, DAY = MonthType(), FileType(), PeriodType(), DayType()

as_json = click.option("--json", "as_json", is_flag=True, help="只在标准输出上打印一个 JSON 对象。")
month_option = click.option("--month", type=MONTH, required=True, help="月份，如 2026-10。")
out_option = click.option("--out", type=FILE, required=True, help="写到哪个 .pdf 文件。")
one_unit = click.option("--unit", "unit_code", required=True, metavar="代码", help="单位代码。")
passphrase_option = click.option(
    "--passphrase-file",
    type=FILE,
    help=f"存有口令的文件；也可用环境变量 {PASSPHRASE}。",
)
kit_password_option = click.option(
    "--kit-password-file",
    type=FILE,
    help=f"一次性口令条；也可用环境变量 {KIT_PASSWORD}，或把口令条放在入网包旁边。",
)


def desk_argument(function: F) -> F:
    """The folder of the desk that a command works on."""
    return click.argument("desk_folder", metavar="工作台", type=FILE)(function)


def period_options(function: F) -> F:
    """Exactly one of a month, a quarter or a year."""
    for option in (
        click.option("--year", type=click.IntRange(1900, 9998), help="年份，如 2026。"),
        click.option("--quarter", type=QuarterType(), help="季度，如 2026Q3。"),
        click.option("--month", type=MONTH, help="月份，如 2026-10。"),
    ):
        function = option(function)
    return function


def units_options(everyone: str, out: str) -> Callable[[F], F]:
    """Either every unit or some, and the folder for their files; the texts are the help."""

    def add(function: F) -> F:
        for option in (
            click.option("--out", type=FILE, required=True, help=out),
            click.option(
                "--unit", "units", multiple=True, metavar="代码", help="单位代码，可重复。"
            ),
            click.option("--all", "everyone", is_flag=True, help=everyone),
        ):
            function = option(function)
        return function

    return add


def require_one_choice(everyone: bool, units: tuple[str, ...]) -> None:
    """Raises the usage error of click unless exactly one of `--all` and `--unit` is given."""
    if everyone == bool(units):
        raise click.UsageError("choose")
