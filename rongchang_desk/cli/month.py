"""A unit's month: the workbook, the check, the signed return, its evidence."""

from __future__ import annotations

from pathlib import Path

import click

from rongchang_desk.cli.groups import evidence_group, record_group, return_group
from rongchang_desk.cli.help import ChineseCommand
from rongchang_desk.cli.options import (
    FILE,
    as_json,
    desk_argument,
    month_option,
    out_option,
    passphrase_option,
)
from rongchang_desk.cli.talking import ask_passphrase, finding_json, progress, say
from rongchang_desk.domain.month import Month


@record_group.command("template", cls=ChineseCommand, help="写出本单位的 Excel 填报模板。")
@desk_argument
@month_option
@click.option("--out", type=FILE, required=True, help="写到哪个 .xlsx 文件。")
def record_template(desk_folder: Path, month: Month, out: Path) -> None:
    from rongchang_desk.app import record
    from rongchang_desk.app.desk import Desk

    with Desk.open(desk_folder) as desk:
        record.write_template(desk, month, out)
    click.echo(f"已写出模板：{out}")


@record_group.command("import", cls=ChineseCommand, help="导入填好的 Excel 模板。")
@desk_argument
@click.argument("workbook", metavar="文件.xlsx", type=FILE)
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@as_json
def record_import(desk_folder: Path, workbook: Path, dry_run: bool, as_json: bool) -> int:
    from rongchang_desk.app import record
    from rongchang_desk.app.desk import Desk

    with Desk.open(desk_folder) as desk:
        done = record.import_workbook(desk, workbook, dry_run=dry_run)
    if as_json:
        say(
            {
                "imported": done.imported,
                "refused": [
                    {"sheet": r.sheet, "row": r.row, "field": r.field, "reason": r.reason}
                    for r in done.refused
                ],
            }
        )
    else:
        verb = "可以导入" if dry_run else "已导入"
        click.echo(f"{verb} {done.imported} 条记录，{len(done.refused)} 处有问题。")
        for r in done.refused:
            click.echo(f"  “{r.sheet}”第 {r.row} 行 {r.field}：{r.reason}")
    return 1 if done.refused else 0


@return_group.command("check", cls=ChineseCommand, help="检查一个月的记录。")
@desk_argument
@month_option
@as_json
def return_check(desk_folder: Path, month: Month, as_json: bool) -> int:
    from rongchang_desk.app import export
    from rongchang_desk.app.desk import Desk
    from rongchang_desk.domain.finding import has_errors

    with Desk.open(desk_folder) as desk:
        findings = export.check(desk, month)
    if as_json:
        say({"findings": [finding_json(f) for f in findings]})
    elif not findings:
        click.echo(f"{month.label}没有发现问题。")
    else:
        for finding in findings:
            click.echo(f"[{finding.severity.label}] {finding.message}")
    return 1 if has_errors(findings) else 0


@return_group.command("export", cls=ChineseCommand, help="生成一个月的签名月报。")
@desk_argument
@month_option
@out_option
@click.option(
    "--amend",
    type=click.Choice(["figures", "wording", "addition"]),
    help="更正类型：figures 数据更正，wording 文字更正，addition 补充。",
)
@click.option("--reason", default="", help="更正原因。")
@click.option("--zero", is_flag=True, help="声明本月无事项（零报告）。")
@click.option("--preparer", default=None, help="填报人。")
@click.option("--checker", default=None, help="审核人。")
@click.option("--approver", default=None, help="负责人。")
@passphrase_option
@as_json
def return_export(
    desk_folder: Path,
    month: Month,
    out: Path,
    amend: str | None,
    reason: str,
    zero: bool,
    preparer: str | None,
    checker: str | None,
    approver: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import export, record
    from rongchang_desk.app.desk import Desk
    from rongchang_desk.domain.monthly_return import AmendmentKind

    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, progress() as running:
        identity = desk.identity(secret)
        record.state(
            desk, month, zero=zero or None, preparer=preparer, checker=checker, approver=approver
        )
        wish = export.AmendmentWish(AmendmentKind(amend), reason) if amend else None
        done = export.export(desk, month, identity, out=out, wish=wish, running=running)
    if as_json:
        say(
            {
                "file": str(done.file),
                "unit": done.unit,
                "month": str(done.month),
                "revision": done.revision,
                "digest": done.digest,
            }
        )
    else:
        again = "（内容没有变化，原样再次写出）" if done.again else ""
        click.echo(f"已生成{month.label}月报第 {done.revision} 版{again}：{done.file}")


@evidence_group.command("export", cls=ChineseCommand, help="导出一个月月报所列的佐证材料。")
@desk_argument
@month_option
@out_option
@click.option("--most", type=int, default=100, help="每包最多多少 MB，默认 100；多的分成几包。")
@passphrase_option
@as_json
def evidence_export(
    desk_folder: Path,
    month: Month,
    out: Path,
    most: int,
    passphrase_file: Path | None,
    as_json: bool,
) -> int:
    from rongchang_desk.app import evidence_sending
    from rongchang_desk.app.desk import Desk

    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, progress() as running:
        done = evidence_sending.send(
            desk, month, desk.identity(secret), out=out, most=most, running=running
        )
    if as_json:
        files = [str(made.file) for made in done.parcels]
        say({"parcels": files, "month": str(month), "files": done.files, "missing": done.missing})
    else:
        for made in done.parcels:
            click.echo(f"已导出{made.parcel.title}：{made.file}")
        for name in done.missing:
            click.echo(f"  缺少  {name}（月报列出，工作台里没有或已损坏）")
    return 1 if done.missing else 0
