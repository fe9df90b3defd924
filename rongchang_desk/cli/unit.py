"""A unit's desk and keys: founding from a kit, a key of its own, a new kit."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rongchang_desk.cli.groups import unit
from rongchang_desk.cli.help import ChineseCommand
from rongchang_desk.cli.options import (
    FILE,
    KIT_PASSWORD,
    as_json,
    desk_argument,
    kit_password_option,
    passphrase_option,
)
from rongchang_desk.cli.talking import ask, ask_passphrase, grouped, read_secret, say

PIN = "RONGCHANG_DESK_PIN"


@unit.command("init", cls=ChineseCommand, help="用入网包建立本单位的工作台。")
@desk_argument
@click.option("--kit", type=FILE, required=True, help="办公室发的入网包。")
@kit_password_option
@passphrase_option
@as_json
def unit_init(
    desk_folder: Path,
    kit: Path,
    kit_password_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app.enrol import join, kit_unit

    kit_unit(kit)  # a bad kit is told before anybody is asked for passwords
    password = _kit_password(kit, kit_password_file)
    secret = ask_passphrase(passphrase_file, confirm=True)
    with join(desk_folder, kit, password, secret) as desk:
        answer = {"desk": str(desk.folder), "unit": desk.unit_code, "name": desk.unit.name}
    if as_json:
        say(answer)
    else:
        click.echo(f"已建立“{answer['name']}”的工作台：{answer['desk']}")


@unit.command("rekey", cls=ChineseCommand, help="换用新入网包里的密钥，工作台的数据不变。")
@desk_argument
@click.option("--kit", type=FILE, required=True, help="办公室新发的入网包。")
@kit_password_option
@passphrase_option
@as_json
def unit_rekey(
    desk_folder: Path,
    kit: Path,
    kit_password_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import enrol, own_key
    from rongchang_desk.app.desk import Desk

    enrol.kit_unit(kit)  # a bad kit is told before anybody is asked for passwords
    password = _kit_password(kit, kit_password_file)
    secret = ask_passphrase(passphrase_file, confirm=True)
    with Desk.open(desk_folder) as desk:
        enrol.take_over(desk, kit, password, secret)
        own = own_key.own_key(desk)
    if as_json:
        say({"unit": own.unit_code, "sha256": own.sha256})
    else:
        click.echo(f"“{own.unit_name}”已换用新密钥，证书指纹 {own.sha256[:16]}…")


@unit.command("request", cls=ChineseCommand, help="在本机生成自有密钥，写出证书申请文件。")
@desk_argument
@click.option("--out", type=FILE, required=True, help="申请写到哪个 .csr 文件。")
@click.option("--token", "token_label", default="", help="在这个标签的 USB 密码介质里生成密钥。")
@click.option("--token-library", default="", help="介质厂商的 PKCS#11 库文件。")
@click.option("--pin-file", type=FILE, help=f"存有介质 PIN 的文件；也可用环境变量 {PIN}。")
@passphrase_option
@as_json
def unit_request(
    desk_folder: Path,
    out: Path,
    token_label: str,
    token_library: str,
    pin_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import own_key
    from rongchang_desk.app.desk import Desk

    if bool(token_label) != bool(token_library):
        raise click.UsageError("choose")
    secret = ask_passphrase(passphrase_file)
    token = None
    if token_label:
        pin = read_secret(pin_file) if pin_file else os.environ.get(PIN, "")
        token = own_key.Token(token_library, token_label, pin or ask("介质的 PIN"))
    with Desk.open(desk_folder) as desk:
        made = own_key.make_request(desk, secret, out, token=token)
    if as_json:
        say({"file": str(made.file), "fingerprint": made.fingerprint, "again": made.again})
    else:
        click.echo(f"已写出证书申请：{made.file}")
        click.echo(f"公钥指纹（请电话报给办公室核对）：{grouped(made.fingerprint)}")


def _kit_password(kit: Path, file: Path | None) -> str:
    """From the file, the environment, the slip beside the kit, or a person at the terminal."""
    from rongchang_desk.app.enrol import slip_beside

    if file:
        return read_secret(file)
    found = os.environ.get(KIT_PASSWORD, "") or slip_beside(kit)
    return found or ask("入网包的一次性口令")
