"""What the office issues: merged report, bulletin, score sheets, binder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rongchang_desk.cli.groups import cli
from rongchang_desk.cli.help import ChineseCommand
from rongchang_desk.cli.options import (
    FILE,
    PERIOD,
    as_json,
    desk_argument,
    out_option,
    passphrase_option,
    period_options,
)
from rongchang_desk.cli.talking import ask_passphrase, grouped, number, progress, read_text, say
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period
from rongchang_desk.errors import UsageError

word_option = click.option("--docx", "word", type=FILE, help="另写一份内容相同的 Word 文件。")
xlsx_option = click.option("--xlsx", "workbook", type=FILE, help="另写一份内容相同的表格文件。")


@cli.command(cls=ChineseCommand, help="生成签名的汇总报告（月、季、年；内含各单位原件）。")
@desk_argument
@period_options
@out_option
@word_option
@xlsx_option
@passphrase_option
@as_json
def report(
    desk_folder: Path,
    month: Month | None,
    quarter: Period | None,
    year: int | None,
    out: Path,
    word: Path | None,
    workbook: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app.report import Wish

    wish = Wish(_period(month, quarter, year))
    _issue(desk_folder, wish, out, word, workbook, passphrase_file, as_json)


@cli.command(cls=ChineseCommand, help="生成签名的通报（红头文件；内含各单位原件）。")
@desk_argument
@period_options
@click.option("--number", default="", help="文号，如 荣知强办〔2026〕5号。")
@click.option("--text-file", type=FILE, help="下一步工作要求（文本文件，一行一段）。")
@out_option
@word_option
@xlsx_option
@passphrase_option
@as_json
def bulletin(
    desk_folder: Path,
    month: Month | None,
    quarter: Period | None,
    year: int | None,
    number: str,
    text_file: Path | None,
    out: Path,
    word: Path | None,
    workbook: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app.report import PaperKind, Wish

    text = read_text(text_file, "要求文件") if text_file else ""
    wish = Wish(_period(month, quarter, year), PaperKind.BULLETIN, number, text)
    _issue(desk_folder, wish, out, word, workbook, passphrase_file, as_json)


def _period(month: Month | None, quarter: Period | None, year: int | None) -> Period:
    given = [
        *([Period.of(month)] if month else []),
        *([quarter] if quarter else []),
        *([Period.parse(f"{year:04d}")] if year else []),
    ]
    if len(given) != 1:
        raise UsageError("没有指定一个期间。", "请用 --month、--quarter 或 --year 之一，只用一个。")
    return given[0]


def _issue(
    desk_folder: Path,
    wish: Any,
    out: Path,
    word: Path | None,
    workbook: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import report as reporting
    from rongchang_desk.app import twins
    from rongchang_desk.app.desk import Desk

    others = [file for file in (word, workbook) if file]
    for file in others:
        twins.require_ending(file)
    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, progress() as running:
        done = reporting.issue(desk, wish, desk.identity(secret), out=out, running=running)
        for file in others:
            twins.write(desk, wish, file, running=running)
    if as_json:
        answer = {
            "file": str(done.file),
            "month": str(wish.period.last),
            "period": wish.period.code,
            "returns": done.returns,
            "fingerprint": done.fingerprint,
        }
        say(answer | ({"twins": [str(file) for file in others]} if others else {}))
    else:
        click.echo(f"已生成{wish.label}（{done.returns} 份月报）：{done.file}")
        for file in others:
            click.echo(f"内容相同的可编辑文件：{file}")
        click.echo(f"汇总指纹：{grouped(done.fingerprint)}")


@cli.command(cls=ChineseCommand, help="生成签名的考核得分单（全部单位，或用 --unit 指定一个）。")
@desk_argument
@click.option(
    "--period", type=PERIOD, required=True, help="2026、2026H1、2026Q3 或 2026-10。"
)  # fmt: skip
@click.option("--unit", "unit_code", default="", help="单位代码；不写为全部单位。")
@click.option("--by", default="命令行", help="办理人姓名，记入快照。")
@out_option
@click.option("--each", type=FILE, help="另在这个文件夹里为每个单位写一份得分单。")
@passphrase_option
@as_json
def assess(
    desk_folder: Path,
    period: Period,
    unit_code: str,
    by: str,
    out: Path,
    each: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import assessment
    from rongchang_desk.app.desk import Desk

    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, progress() as running:
        identity = desk.identity(secret)
        value = assessment.assess(desk, period, running)
        assessment.require_unit(value, unit_code)
        kept = assessment.freeze(desk, value, by)
        done = assessment.write_paper(
            desk, kept.digest, identity, out, unit=unit_code, running=running
        )
        if each is not None:
            assessment.write_papers(desk, kept.digest, identity, each, running)
    if as_json:
        say(
            {
                "file": str(done.file),
                "period": value.period,
                "months": [str(month) for month in value.months],
                "rules_version": value.rules_version,
                "snapshot": kept.digest,
                "fingerprint": value.fingerprint,
                "units": [
                    {
                        "code": sheet.unit,
                        "points": number(sheet.points),
                        "most": number(sheet.most),
                        "percent": number(sheet.percent),
                    }
                    for sheet in value.sheets
                    if unit_code in ("", sheet.unit)
                ],
            }
        )
    else:
        click.echo(f"已生成{value.label}考核得分（{done.units} 个单位）：{done.file}")
        click.echo(f"考核摘要：{grouped(kept.digest)}")


@cli.command(
    cls=ChineseCommand, help="汇编验收材料：按任务，附签名原件，可用 sha256sum 和 pdfsig 核验。"
)
@desk_argument
@click.option("--out", type=FILE, required=True, help="写到哪个新文件夹。")
@click.option("--task", type=int, help="只汇编第几项任务。")
@click.option("--year", type=int, help="只汇编哪一年。")
@click.option("--zip", "archive", is_flag=True, help="同时打成同名的 .zip。")
@as_json
def binder(
    desk_folder: Path, out: Path, task: int | None, year: int | None, archive: bool, as_json: bool
) -> None:
    from rongchang_desk.app import binder as binding
    from rongchang_desk.app.desk import Desk

    with Desk.open(desk_folder) as desk, progress() as running:
        done = binding.bind(desk, out, task=task, year=year, archive=archive, running=running)
    if as_json:
        say(
            {
                "folder": str(done.folder),
                "zip": str(done.archive) if done.archive else None,
                "tasks": done.tasks,
                "originals": done.originals,
                "evidence": done.evidence,
                "listed": done.listed,
                "files": done.files,
                "bytes": done.size,
                "list_sha256": done.list_sha256,
            }
        )
    else:
        click.echo(
            f"已汇编验收材料：{done.tasks} 项任务，月报原件 {done.originals} 份，"
            f"佐证材料 {done.evidence} 件（另有 {done.listed} 件只列名）：{done.folder}"
        )
        click.echo(f"核验清单的 SHA-256：{done.list_sha256}")
