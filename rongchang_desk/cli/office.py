"""The office's desk: founding, kits, receipts, locked months, reopening, a new plan."""

from __future__ import annotations

from pathlib import Path

import click

from rongchang_desk.cli.groups import office
from rongchang_desk.cli.help import ChineseCommand
from rongchang_desk.cli.options import (
    FILE,
    as_json,
    desk_argument,
    month_option,
    one_unit,
    out_option,
    passphrase_option,
    require_one_choice,
    units_options,
)
from rongchang_desk.cli.talking import ask_passphrase, grouped, progress, say
from rongchang_desk.domain.month import Month


@office.command("init", cls=ChineseCommand, help="建立办公室工作台和根密钥。")
@desk_argument
@click.option("--plan", "plan_file", type=FILE, help="方案文件（toml）；默认用随软件的方案。")
@passphrase_option
@as_json
def office_init(
    desk_folder: Path, plan_file: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    from rongchang_desk.app.enrol import create_office
    from rongchang_desk.app.files import read_bytes

    body = read_bytes(plan_file) if plan_file else None
    secret = ask_passphrase(passphrase_file, confirm=True)
    with create_office(desk_folder, secret, plan_file=body) as desk:
        import hashlib

        print_ = hashlib.sha256(desk.root()).hexdigest()
        answer = {"desk": str(desk.folder), "plan": desk.plan.code, "root_sha256": print_}
    if as_json:
        say(answer)
    else:
        click.echo(f"已建立办公室工作台：{answer['desk']}")
        click.echo(f"根证书指纹（请打印给各单位核对）：{grouped(print_)}")


@office.command("enrol", cls=ChineseCommand, help="为单位制作入网包和一次性口令条。")
@desk_argument
@units_options("全部单位。", "入网包放到哪个文件夹。")
@passphrase_option
@as_json
def office_enrol(
    desk_folder: Path,
    everyone: bool,
    units: tuple[str, ...],
    out: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app.desk import Desk
    from rongchang_desk.app.enrol import enrol, those_here

    require_one_choice(everyone, units)
    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, progress() as running:
        here, left = those_here(desk)
        codes = [unit.code for unit in here] if everyone else list(dict.fromkeys(units))
        kits = enrol(desk, codes, secret, out, running)
    if as_json:
        say(
            {
                "kits": [
                    {"unit": k.unit, "name": k.name, "file": str(k.path), "slip": str(k.slip)}
                    for k in kits
                ],
                "sheet": str(kits[-1].sheet),
            }
        )
    else:
        click.echo(f"已制作 {len(kits)} 个入网包，放在 {out}")
        if everyone and left:
            names = "、".join(unit.name for unit in left)
            click.echo(f"已不再报送的单位没有制作：{names}。确需制作的用 --unit 指定。")
        click.echo(f"口令条请打印裁开，当面交给各单位，不要和入网包一起发送：{kits[-1].sheet}")


@office.command("root", cls=ChineseCommand, help="导出根证书（连同吊销列表）。")
@desk_argument
@click.option("--out", type=FILE, required=True, help="写到哪个 .pem 文件。")
@as_json
def office_root(desk_folder: Path, out: Path, as_json: bool) -> None:
    from rongchang_desk.app.desk import Desk
    from rongchang_desk.app.enrol import export_root

    with Desk.open(desk_folder) as desk:
        pem, print_ = export_root(desk, out)
    if as_json:
        say({"file": str(pem), "sha256": print_})
    else:
        click.echo(f"已导出根证书：{pem}\n根证书指纹：{grouped(print_)}")


@office.command("receipt", cls=ChineseCommand, help="为某月已收的月报出具回执，每单位一份。")
@desk_argument
@month_option
@click.option("--out", type=FILE, required=True, help="回执放到哪个文件夹。")
@passphrase_option
@as_json
def office_receipt(
    desk_folder: Path, month: Month, out: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    from rongchang_desk.app import parcels
    from rongchang_desk.app.desk import Desk

    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, progress() as running:
        made = parcels.write_receipt(desk, month, desk.identity(secret), out, running=running)
    if as_json:
        say(
            {
                "receipts": [
                    {"unit": w.parcel.addressee, "file": str(w.file), "digest": w.parcel.answers}
                    for w in made
                ]
            }
        )
    else:
        click.echo(f"已出具{month.label}月报回执 {len(made)} 份，放在 {out}")


@office.command("reopen", cls=ChineseCommand, help="签发补报许可，让一个单位补报已锁定的月份。")
@desk_argument
@one_unit
@month_option
@click.option("--reason", required=True, help="准予补报的理由，会印在许可上。")
@out_option
@passphrase_option
@as_json
def office_reopen(
    desk_folder: Path,
    unit_code: str,
    month: Month,
    reason: str,
    out: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import parcels
    from rongchang_desk.app.desk import Desk

    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk:
        identity = desk.identity(secret)
        made = parcels.write_reopening(desk, unit_code, month, reason, identity, out=out)
        name = desk.plan.name_of(unit_code)
    if as_json:
        say({"file": str(made.file), "unit": unit_code, "month": str(month)})
    else:
        click.echo(f"已签发“{name}”{month.label}补报许可：{made.file}")


@office.command("lock", cls=ChineseCommand, help="锁定某月；此后补报须有补报许可。")
@desk_argument
@month_option
@as_json
def office_lock(desk_folder: Path, month: Month, as_json: bool) -> None:
    from rongchang_desk.app import standing
    from rongchang_desk.app.desk import Desk

    with Desk.open(desk_folder) as desk:
        fresh = standing.lock_month(desk, month)
    if as_json:
        say({"month": str(month), "locked": True, "again": not fresh})
    else:
        click.echo(f"{month.label}{'已锁定' if fresh else '此前已经锁定，没有改动'}。")


@office.command("publish", cls=ChineseCommand, help="签名发布新版方案（任务包），发给各单位。")
@desk_argument
@click.option("--plan", "plan_file", type=FILE, required=True, help="新版方案文件（toml）。")
@click.option("--text", default="", help="随文说明。")
@out_option
@passphrase_option
@as_json
def office_publish(
    desk_folder: Path,
    plan_file: Path,
    text: str,
    out: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import enrol, parcels
    from rongchang_desk.app.desk import Desk

    body, plan = enrol.read_plan_file(plan_file)
    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk:
        made = parcels.write_plan(desk, body, desk.identity(secret), text=text, out=out)
        digest = desk.plan_digest
    if as_json:
        say({"file": str(made.file), "version": plan.version, "digest": digest})
    else:
        click.echo(f"已发布第 {plan.version} 版任务包：{made.file}")
