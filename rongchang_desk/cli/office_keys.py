"""Keys at the office: the register, revoke, renew, hand over, issue, verify again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from rongchang_desk.cli.groups import office
from rongchang_desk.cli.help import ChineseCommand
from rongchang_desk.cli.options import (
    DAY,
    FILE,
    as_json,
    desk_argument,
    one_unit,
    out_option,
    passphrase_option,
    require_one_choice,
    units_options,
)
from rongchang_desk.cli.talking import ask_passphrase, progress, say

start_option = click.option(
    "--from", "start", type=DAY, required=True, help="旧密钥从哪天起停用，如 2026-11-16。"
)


@office.command("keys", cls=ChineseCommand, help="列出密钥登记簿；--out 另存签名的登记簿（PDF）。")
@desk_argument
@click.option("--out", type=FILE, default=None, help="签名的登记簿写到哪个 .pdf 文件。")
@passphrase_option
@as_json
def office_keys(
    desk_folder: Path, out: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    from rongchang_desk.app import key_document, key_register
    from rongchang_desk.app.desk import Desk

    secret = ask_passphrase(passphrase_file) if out else ""
    with Desk.open(desk_folder) as desk:
        keys = key_register.keys_of(desk)
        if out:
            key_document.export(desk, desk.identity(secret), out)
        answer = key_document.contents(desk)
        lines = [f"{key.unit:<8} {key.in_words(desk.now())}　{key.sha256[:16]}…" for key in keys]
    if as_json:
        say(answer | {"file": str(out) if out else None})
    else:
        for line in lines:
            click.echo(line)
        if out:
            click.echo(f"已导出签名的密钥登记簿：{out}")


@office.command("revoke", cls=ChineseCommand, help="吊销一个单位的密钥，发布新的吊销列表。")
@desk_argument
@one_unit
@click.option("--lost-since", type=DAY, default=None, help="遗失或泄露的日期；此后的收文待核实。")
@click.option("--reason", required=True, help="原因，记入登记簿。")
@passphrase_option
@as_json
def office_revoke(
    desk_folder: Path,
    unit_code: str,
    lost_since: date | None,
    reason: str,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import key_register, receipt_checks
    from rongchang_desk.app.desk import Desk

    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk:
        done = key_register.revoke(desk, unit_code, secret, reason, lost_since=lost_since)
        doubts = [d for d in receipt_checks.doubts(desk) if d.unit == unit_code and not d.checked]
        name = desk.plan.name_of(unit_code)
    if as_json:
        say(
            {
                "unit": unit_code,
                "revoked": [key.serial for key in done.keys],
                "list_number": done.list_number,
                "doubtful": [
                    {"month": str(d.month), "revision": d.revision, "digest": d.digest}
                    for d in doubts
                ],
            }
        )
    else:
        click.echo(
            f"已吊销“{name}”的 {len(done.keys)} 张证书，发布第 {done.list_number} 号吊销列表。"
        )
        if doubts:
            click.echo(f"自该日起收到的 {len(doubts)} 份月报待核实，见“单位与密钥”。")


@office.command("renew", cls=ChineseCommand, help="为单位现有密钥换发证书，写出证书更新文件。")
@desk_argument
@units_options("全部有证书的单位。", "证书更新文件放到哪个文件夹。")
@passphrase_option
@as_json
def office_renew(
    desk_folder: Path,
    everyone: bool,
    units: tuple[str, ...],
    out: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import key_register, parcels
    from rongchang_desk.app.desk import Desk

    require_one_choice(everyone, units)
    secret = ask_passphrase(passphrase_file)
    made = []
    with Desk.open(desk_folder) as desk, progress() as running:
        codes = list(dict.fromkeys(units))
        if everyone:
            codes = [m.unit.code for m in key_register.members(desk) if m.count]
        for index, code in enumerate(codes):
            running.step(index, len(codes), desk.plan.name_of(code))
            file = out / f"{code}_{desk.plan.name_of(code)}_证书更新.pdf"
            made.append((code, parcels.write_renewal(desk, code, secret, out=file)))
    if as_json:
        say({"renewals": [{"unit": code, "file": str(w.file)} for code, w in made]})
    else:
        click.echo(f"已签发证书更新 {len(made)} 份，放在 {out}")


@office.command("handover", cls=ChineseCommand, help="经办人交接：制作新入网包，旧密钥到日停用。")
@desk_argument
@one_unit
@click.option("--out", type=FILE, required=True, help="新入网包放到哪个文件夹。")
@start_option
@passphrase_option
@as_json
def office_handover(
    desk_folder: Path,
    unit_code: str,
    out: Path,
    start: date,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import key_register
    from rongchang_desk.app.desk import Desk

    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk:
        kit, number = key_register.hand_over(desk, unit_code, secret, out, start)
    if as_json:
        say(
            {
                "unit": kit.unit,
                "file": str(kit.path),
                "slip": str(kit.slip),
                "from": str(start),
                "list_number": number,
            }
        )
    else:
        click.echo(f"已为“{kit.name}”制作新入网包：{kit.path}")
        click.echo(f"旧密钥 {start} 起停用（第 {number} 号吊销列表）；口令条请分开交付。")


@office.command("crl", cls=ChineseCommand, help="重新发布吊销列表，连同根证书写成 .pem 文件。")
@desk_argument
@click.option("--out", type=FILE, required=True, help="写到哪个 .pem 文件。")
@passphrase_option
@as_json
def office_crl(
    desk_folder: Path, out: Path, passphrase_file: Path | None, as_json: bool
) -> None:  # fmt: skip
    from rongchang_desk.app import enrol, key_register
    from rongchang_desk.app.desk import Desk

    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk:
        number = key_register.renew_list(desk, secret)
        file, sha256 = enrol.export_root(desk, out)
    if as_json:
        say({"file": str(file), "list_number": number, "sha256": sha256})
    else:
        click.echo(f"已发布第 {number} 号吊销列表，连同根证书写到：{file}")


@office.command("issue", cls=ChineseCommand, help="为单位的证书申请签发证书，写出回给单位的文件。")
@desk_argument
@click.option("--request", "request_file", type=FILE, required=True, help="单位的申请文件 .csr。")
@click.option("--fingerprint", required=True, help="单位报来的公钥指纹，至少前 16 位。")
@out_option
@start_option
@passphrase_option
@as_json
def office_issue(
    desk_folder: Path,
    request_file: Path,
    fingerprint: str,
    out: Path,
    start: date,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app import key_register
    from rongchang_desk.app.desk import Desk

    seen = key_register.read_request(request_file)
    secret = ask_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk:
        made = key_register.issue(desk, request_file, fingerprint, secret, start, out=out)
    if as_json:
        say({"unit": seen.unit_code, "file": str(made.file), "fingerprint": seen.fingerprint})
    else:
        click.echo(f"已为“{seen.unit_name}”签发证书：{made.file}")


@office.command("verify", cls=ChineseCommand, help="按收到时间重新核验全部已收月报的原件。")
@desk_argument
@as_json
def office_verify(desk_folder: Path, as_json: bool) -> int:
    from rongchang_desk.app import receipt_checks
    from rongchang_desk.app.desk import Desk

    with Desk.open(desk_folder) as desk, progress() as running:
        every = receipt_checks.verify_again(desk, running)
        plan = desk.plan
    wrong = [one for one in every if one.reasons]
    if as_json:
        say(
            {
                "verified": len(every) - len(wrong),
                "wrong": [
                    {
                        "unit": one.unit,
                        "month": str(one.month),
                        "revision": one.revision,
                        "digest": one.digest,
                        "reasons": list(one.reasons),
                    }
                    for one in wrong
                ],
            }
        )
    else:
        click.echo(f"{len(every)} 份原件，{len(every) - len(wrong)} 份在收到时有效。")
        for one in wrong:
            codes = "、".join(one.reasons)
            click.echo(f"  × {plan.name_of(one.unit)} {one.month} 第 {one.revision} 版：{codes}")
    return 1 if wrong else 0
