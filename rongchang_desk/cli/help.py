"""The command line's own words in Chinese: help pages and usage errors of click."""

from __future__ import annotations

from typing import Any

import click


class ChineseCommand(click.Command):
    """A command whose help page reads Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _in_chinese(super().get_help_option(ctx))


class ChineseGroup(click.Group):
    """A group of commands whose help page reads Chinese."""

    command_class = ChineseCommand
    group_class = type

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [
            (name, command.get_short_help_str(limit=80))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None
        ]
        with formatter.section("命令"):
            formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _in_chinese(super().get_help_option(ctx))


def _write_usage(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    pieces = [piece.replace("[OPTIONS]", "[选项]") for piece in command.collect_usage_pieces(ctx)]
    pieces = [piece.replace("COMMAND [ARGS]...", "命令 …") for piece in pieces]
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")


def _write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    rows = [row for p in command.get_params(ctx) if (row := p.get_help_record(ctx)) is not None]
    if rows:
        with formatter.section("选项"):
            formatter.write_dl(rows)


def _in_chinese(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示本说明。"
    return option


def explain(problem: click.ClickException) -> str:
    """A usage error of click in Chinese, with what to do next."""
    ctx = getattr(problem, "ctx", None)
    path = ctx.command_path if ctx else "rongchang-desk"
    return f"{_what(problem)}\n用“{path} --help”查看用法。"


def _what(problem: click.ClickException) -> str:
    match problem:
        case click.NoSuchOption():
            near = f"，是不是 {'、'.join(problem.possibilities)}" if problem.possibilities else ""
            return f"没有选项 {problem.option_name}{near}。"
        case click.MissingParameter():
            return f"缺少参数 {_name(problem.param)}。"
        case click.BadOptionUsage():
            return f"选项 {problem.option_name} 的用法不对。"
        case click.BadParameter():
            return f"参数 {_name(problem.param)} 不对：{problem.message}"
        case click.UsageError() if "No such command" in problem.message:
            return f"没有这个命令：{problem.message.split(chr(39))[1]}。"
        case click.UsageError() if "unexpected extra" in problem.message:
            return "多写了参数。"
        case click.FileError():
            return f"打不开文件“{problem.ui_filename}”。"
    return "命令写法不对。"


def _name(param: Any) -> str:
    if param is None:
        return ""
    option = isinstance(param, click.Option)
    return str(param.opts[0] if option else param.human_readable_name)
