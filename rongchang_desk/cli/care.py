"""The window, the demo, looking at a file, and caring for a desk."""

from __future__ import annotations

from pathlib import Path

import click

from rongchang_desk.cli.groups import cli
from rongchang_desk.cli.help import ChineseCommand
from rongchang_desk.cli.options import FILE, MONTH, as_json, desk_argument
from rongchang_desk.cli.talking import progress, say
from rongchang_desk.domain.month import Month


@cli.command(cls=ChineseCommand, help="打开窗口（可指定工作台文件夹）。")
@click.argument("desk_folder", metavar="[工作台]", type=FILE, required=False)
def window(desk_folder: Path | None) -> int:
    from rongchang_desk.ui.application import run

    return run(desk_folder)


@cli.command(cls=ChineseCommand, help="在一台电脑上演示全区一个或几个月的报送、接收和汇总。")
@click.argument("folder", metavar="文件夹", type=FILE)
@click.option("--month", type=MONTH, default=None, help="最后一个月，默认 2026-10。")
@click.option("--units", type=click.IntRange(1), default=None, help="只用前几个单位。")
@click.option("--months", type=click.IntRange(1, 36), default=1, help="连续几个月，默认 1。")
@click.option("--seed", type=int, default=2026, help="随机种子；相同种子得到相同汇总指纹。")
@as_json
def demo(
    folder: Path,
    month: Month | None,
    units: int | None,
    months: int,
    seed: int,
    as_json: bool,
) -> None:
    from rongchang_desk.app.demo import run_demo

    with progress() as running:
        done = run_demo(folder, month=month, units=units, months=months, seed=seed, running=running)
    if as_json:
        say(done.as_json())
    else:
        click.echo(done.summary())


@cli.command(cls=ChineseCommand, help="查验一份签名文件。")
@click.argument("file", metavar="文件.pdf", type=FILE)
@click.option("--trust", "trust_file", type=FILE, required=True, help="办公室导出的根证书 .pem。")
@click.option("--crl", "crl_file", type=FILE, help="另给的吊销列表；默认用根证书文件里的。")
@click.option("--plan", "plan_file", type=FILE, help="月报所用的任务包；默认用随软件的方案。")
@click.option("--before", "before_file", type=FILE, help="更正版所更正的前一版月报。")
@as_json
def inspect(
    file: Path,
    trust_file: Path,
    crl_file: Path | None,
    plan_file: Path | None,
    before_file: Path | None,
    as_json: bool,
) -> int:
    from rongchang_desk.app.inspect import inspect_file

    seen = inspect_file(file, trust_file, crl_file, plan_file=plan_file, before_file=before_file)
    if as_json:
        say(seen.as_json())
    else:
        for line in seen.lines():
            click.echo(line)
    return 0 if seen.verdict == "valid" else 1


@cli.command(cls=ChineseCommand, help="把工作台备份成一个文件。")
@desk_argument
@click.option("--out", type=FILE, required=True, help="备份文件。")
@as_json
def backup(desk_folder: Path, out: Path, as_json: bool) -> None:
    from rongchang_desk.app import backup as care
    from rongchang_desk.app.desk import Desk

    with Desk.open(desk_folder) as desk:
        done = care.back_up(desk, out)
    if as_json:
        say({"file": str(done.file), "size": done.size})
    else:
        click.echo(f"已备份并核对：{done.file}（{done.size / 1024 / 1024:.1f} MB）")


@cli.command(cls=ChineseCommand, help="从备份恢复到一个新文件夹。")
@click.argument("file", metavar="备份文件", type=FILE)
@click.option("--out", type=FILE, required=True, help="恢复到哪个文件夹。")
@as_json
def restore(file: Path, out: Path, as_json: bool) -> None:
    from rongchang_desk.app import backup as care

    folder = care.restore(file, out)
    if as_json:
        say({"desk": str(folder)})
    else:
        click.echo(f"已恢复到：{folder}")


@cli.command(cls=ChineseCommand, help="检查工作台是否完好。")
@desk_argument
@as_json
def doctor(desk_folder: Path, as_json: bool) -> int:
    from rongchang_desk.app import recovery

    found = recovery.examine(desk_folder)
    if as_json:
        say({"sound": found.sound, "findings": list(found.findings), "facts": found.facts})
    elif found.sound:
        click.echo("工作台完好。")
    else:
        for line in found.findings:
            click.echo(f"  · {line}")
    return 0 if found.sound else 1


@cli.command(cls=ChineseCommand, help="自检：建工作台、生成月报、查验、出图、写文件。")
@click.option("--out", type=FILE, required=True, help="结果写到哪个 .json 文件。")
def selftest(out: Path) -> int:
    from rongchang_desk.app.selftest import run_selftest

    good = run_selftest(out)
    click.echo(f"自检{'通过' if good else '没有通过'}，结果在 {out}")
    return 0 if good else 1
