"""The command line: reads words, calls one app function, prints, exits with a code.

No rules live here. Exit codes: 0 all well; 1 done, but something was refused or found
wrong; 2 usage; 3 the world failed (disk, lock, passphrase).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click

from rongchang_desk import __version__
from rongchang_desk.app.running import Running
from rongchang_desk.cli_help import ChineseCommand, ChineseGroup, explain
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period
from rongchang_desk.errors import DeskError, PlanFileError, UsageError, WrongPassphrase

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


MONTH, FILE, PERIOD = MonthType(), FileType(), PeriodType()

as_json = click.option("--json", "as_json", is_flag=True, help="只在标准输出上打印一个 JSON 对象。")
month_option = click.option("--month", type=MONTH, required=True, help="月份，如 2026-10。")
passphrase_option = click.option(
    "--passphrase-file",
    type=FILE,
    help=f"存有口令的文件；也可用环境变量 {PASSPHRASE}。",
)


out_option = click.option("--out", type=FILE, required=True, help="写到哪个 .pdf 文件。")
word_option = click.option("--docx", "word", type=FILE, help="另写一份内容相同的 Word 文件。")
xlsx_option = click.option("--xlsx", "workbook", type=FILE, help="另写一份内容相同的表格文件。")


def desk_argument(function: F) -> F:
    return click.argument("desk_folder", metavar="工作台", type=FILE)(function)


def run_command(words: list[str]) -> int:
    """Run the command line with these words; returns the exit code, never raises."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    wants_json = "--json" in words
    try:
        code = cli.main(words, prog_name="rongchang-desk", standalone_mode=False)
        return int(code or 0)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as problem:
        _tell(explain(problem))
        return 2
    except (click.Abort, KeyboardInterrupt):
        _tell("已中断；完成的部分保留，没有写到一半的数据。")
        return 3
    except DeskError as problem:
        return _fail(problem, wants_json)
    except BrokenPipeError:
        return 0


def _fail(problem: DeskError, wants_json: bool) -> int:
    findings = [
        finding_json(f) if hasattr(f, "severity") else str(f)
        for f in getattr(problem, "findings", ())
    ]
    if wants_json:
        answer: dict[str, Any] = {"error": {"message": problem.message, "hint": problem.hint}}
        if findings:
            answer["findings"] = findings
        _say(answer)
    _tell(str(problem))
    if isinstance(problem, PlanFileError):
        for finding in problem.findings:
            _tell(f"  · {getattr(finding, 'message', finding)}")
    return problem.exit_code


@click.group(cls=ChineseGroup, help="知产强市工作台：不带参数时打开窗口。")
@click.version_option(__version__, message="知产强市工作台 %(version)s", help="显示版本。")
def cli() -> None:
    pass


@cli.command(cls=ChineseCommand, help="打开窗口（可指定工作台文件夹）。")
@click.argument("desk_folder", metavar="[工作台]", type=FILE, required=False)
def window(desk_folder: Path | None) -> int:
    from rongchang_desk.ui.application import run

    return run(desk_folder)


# -- demo --------------------------------------------------------------------


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

    with _progress() as running:
        done = run_demo(folder, month=month, units=units, months=months, seed=seed, running=running)
    if as_json:
        _say(done.as_json())
    else:
        click.echo(done.summary())


# -- office ------------------------------------------------------------------


@cli.group(cls=ChineseGroup, help="办公室：建立工作台、管理密钥、出具回执、锁定月份、发布方案。")
def office() -> None:
    pass


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
    secret = _passphrase(passphrase_file, confirm=True)
    with create_office(desk_folder, secret, plan_file=body) as desk:
        import hashlib

        print_ = hashlib.sha256(desk.root()).hexdigest()
        answer = {"desk": str(desk.folder), "plan": desk.plan.code, "root_sha256": print_}
    if as_json:
        _say(answer)
    else:
        click.echo(f"已建立办公室工作台：{answer['desk']}")
        click.echo(f"根证书指纹（请打印给各单位核对）：{_grouped(print_)}")


@office.command("enrol", cls=ChineseCommand, help="为单位制作入网包和一次性口令条。")
@desk_argument
@click.option("--all", "everyone", is_flag=True, help="全部单位。")
@click.option("--unit", "units", multiple=True, metavar="代码", help="单位代码，可重复。")
@click.option("--out", type=FILE, required=True, help="入网包放到哪个文件夹。")
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
    from rongchang_desk.app.enrol import enrol

    if everyone == bool(units):
        raise click.UsageError("choose")
    secret = _passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, _progress() as running:
        codes = [u.code for u in desk.plan.units] if everyone else list(dict.fromkeys(units))
        kits = enrol(desk, codes, secret, out, running)
    if as_json:
        _say(
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
        _say({"file": str(pem), "sha256": print_})
    else:
        click.echo(f"已导出根证书：{pem}\n根证书指纹：{_grouped(print_)}")


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

    secret = _passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, _progress() as running:
        made = parcels.write_receipt(desk, month, desk.identity(secret), out, running=running)
    if as_json:
        _say(
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
@click.option("--unit", "unit_code", required=True, metavar="代码", help="单位代码。")
@month_option
@click.option("--reason", required=True, help="准予补报的理由，会印在许可上。")
@click.option("--out", type=FILE, required=True, help="写到哪个 .pdf 文件。")
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

    secret = _passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk:
        identity = desk.identity(secret)
        made = parcels.write_reopening(desk, unit_code, month, reason, identity, out=out)
        name = desk.plan.name_of(unit_code)
    if as_json:
        _say({"file": str(made.file), "unit": unit_code, "month": str(month)})
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
        _say({"month": str(month), "locked": True, "again": not fresh})
    else:
        click.echo(f"{month.label}{'已锁定' if fresh else '此前已经锁定，没有改动'}。")


# -- parcels -----------------------------------------------------------------


@cli.group(cls=ChineseGroup, help="往来文件：回执、退回单、督办单、补报许可、通报、任务包等。")
def parcel() -> None:
    pass


@parcel.command(
    "open", cls=ChineseCommand, help="打开办公室发来的文件（办公室则打开督办反馈、佐证材料包）。"
)
@desk_argument
@click.argument("file", metavar="文件.pdf", type=FILE)
@passphrase_option
@as_json
def parcel_open(desk_folder: Path, file: Path, passphrase_file: Path | None, as_json: bool) -> int:
    from rongchang_desk.app import parcel_opening
    from rongchang_desk.app.desk import Desk, Role
    from rongchang_desk.domain.parcel import ParcelKind

    with Desk.open(desk_folder) as desk:
        if desk.role is Role.OFFICE:
            done = parcel_opening.open_feedback(desk, file)
        else:
            # Only a renewal changes the key file, so only it asks for the passphrase.
            renewal = parcel_opening.look(desk, file).kind is ParcelKind.RENEWAL
            secret = _passphrase(passphrase_file) if renewal else ""
            done = parcel_opening.open_parcel(desk, file, secret)
    found = done.evidence
    if as_json:
        answer: dict[str, Any] = {
            "kind": done.parcel.kind.value,
            "id": done.parcel.id,
            "sequence": done.parcel.sequence,
            "month": str(done.parcel.month) if done.parcel.month else None,
            "what": done.what,
            "again": done.again,
        }
        if found:
            answer |= {
                "new": len(found.new), "known": found.known, "unlisted": list(found.unlisted),
            }  # fmt: skip
        _say(answer)
    else:
        click.echo(done.what)
    return 1 if found and found.unlisted else 0


# -- unit --------------------------------------------------------------------


@cli.group(cls=ChineseGroup, help="单位：用入网包建立工作台，申请证书，换用密钥。")
def unit() -> None:
    pass


@unit.command("init", cls=ChineseCommand, help="用入网包建立本单位的工作台。")
@desk_argument
@click.option("--kit", type=FILE, required=True, help="办公室发的入网包。")
@click.option(
    "--kit-password-file",
    type=FILE,
    help=f"一次性口令条；也可用环境变量 {KIT_PASSWORD}，或把口令条放在入网包旁边。",
)
@passphrase_option
@as_json
def unit_init(
    desk_folder: Path,
    kit: Path,
    kit_password_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    from rongchang_desk.app.enrol import join, kit_unit, slip_beside

    kit_unit(kit)  # a bad kit is told before anybody is asked for passwords
    if kit_password_file:
        password = _read_secret(kit_password_file)
    else:
        password = os.environ.get(KIT_PASSWORD, "") or slip_beside(kit)
    if not password:
        password = _ask("入网包的一次性口令")
    secret = _passphrase(passphrase_file, confirm=True)
    with join(desk_folder, kit, password, secret) as desk:
        answer = {"desk": str(desk.folder), "unit": desk.unit_code, "name": desk.unit.name}
    if as_json:
        _say(answer)
    else:
        click.echo(f"已建立“{answer['name']}”的工作台：{answer['desk']}")


# -- records -----------------------------------------------------------------


@cli.group("record", cls=ChineseGroup, help="记录：Excel 模板和导入。")
def record_group() -> None:
    pass


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
        _say(
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


# -- returns -----------------------------------------------------------------


@cli.group("return", cls=ChineseGroup, help="月报：检查和生成签名月报。")
def return_group() -> None:
    pass


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
        _say({"findings": [finding_json(f) for f in findings]})
    elif not findings:
        click.echo(f"{month.label}没有发现问题。")
    else:
        for finding in findings:
            click.echo(f"[{finding.severity.label}] {finding.message}")
    return 1 if has_errors(findings) else 0


@return_group.command("export", cls=ChineseCommand, help="生成一个月的签名月报。")
@desk_argument
@month_option
@click.option("--out", type=FILE, required=True, help="写到哪个 .pdf 文件。")
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

    secret = _passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, _progress() as running:
        identity = desk.identity(secret)
        record.state(
            desk, month, zero=zero or None, preparer=preparer, checker=checker, approver=approver
        )
        wish = export.AmendmentWish(AmendmentKind(amend), reason) if amend else None
        done = export.export(desk, month, identity, out=out, wish=wish, running=running)
    if as_json:
        _say(
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
        _say(seen.as_json())
    else:
        for line in seen.lines():
            click.echo(line)
    return 0 if seen.verdict == "valid" else 1


# -- evidence ------------------------------------------------------------------


@cli.group("evidence", cls=ChineseGroup, help="佐证材料：装成签名的材料包报送办公室。")
def evidence_group() -> None:
    pass


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

    secret = _passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, _progress() as running:
        done = evidence_sending.send(
            desk, month, desk.identity(secret), out=out, most=most, running=running
        )
    if as_json:
        files = [str(made.file) for made in done.parcels]
        _say({"parcels": files, "month": str(month), "files": done.files, "missing": done.missing})
    else:
        for made in done.parcels:
            click.echo(f"已导出{made.parcel.title}：{made.file}")
        for name in done.missing:
            click.echo(f"  缺少  {name}（月报列出，工作台里没有或已损坏）")
    return 1 if done.missing else 0


# -- taking in and reporting ---------------------------------------------------


@cli.command(
    "take-in", cls=ChineseCommand, help="接收签名月报和佐证材料包（文件、文件夹或压缩包）。"
)
@desk_argument
@click.argument("paths", metavar="路径…", type=FILE, nargs=-1, required=True)
@click.option("--workers", type=click.IntRange(0, 8), default=None, help="用几个进程查验。")
@passphrase_option
@as_json
def take_in(
    desk_folder: Path,
    paths: tuple[Path, ...],
    workers: int | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> int:
    from rongchang_desk.app import take_in as taking
    from rongchang_desk.app.desk import Desk
    from rongchang_desk.app.evidence_taking import UNLISTED

    secret = _offered_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, _progress() as running:
        identity = desk.identity(secret) if secret else None
        done = taking.take_in(desk, paths, running, workers=workers, identity=identity)
        plan = desk.plan
    if as_json:
        _say({kind: [_outcome(o) for o in done.of(kind)] for kind in _OUTCOMES})
    else:
        counts = "，".join(f"{label} {len(done.of(kind))}" for kind, label in _OUTCOMES.items())
        click.echo(counts)
        for kind, label in _OUTCOMES.items():
            for o in done.of(kind):
                why = "；".join(reason.message for reason in o.reasons)
                if why:
                    click.echo(f"  {label}  {o.file}  {why}")
        for o in done.outcomes:
            for note in o.notes:
                click.echo(f"  提醒  {plan.name_of(o.unit)} {o.month}  {note}")
    partly = any(reason.code == UNLISTED for o in done.outcomes for reason in o.reasons)
    return 1 if done.of("refused") or done.of("held") or partly else 0


_OUTCOMES = {"accepted": "已收", "duplicate": "重复", "held": "待处理", "refused": "退回"}


def _outcome(outcome: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {"file": outcome.file}
    if outcome.unit:
        answer |= {"unit": outcome.unit, "month": outcome.month, "revision": outcome.revision}
    if outcome.reasons:
        answer["reasons"] = [{"code": r.code, "message": r.message} for r in outcome.reasons]
    if outcome.notes:
        answer["notes"] = list(outcome.notes)
    return answer


@cli.command(cls=ChineseCommand, help="某月的报送情况和指标。")
@desk_argument
@month_option
@as_json
def status(desk_folder: Path, month: Month, as_json: bool) -> None:
    from rongchang_desk.app import district
    from rongchang_desk.app.desk import Desk
    from rongchang_desk.app.district import Reported

    with Desk.open(desk_folder) as desk:
        now = district.status(desk, month)
        plan = desk.plan
    if as_json:
        _say(
            {
                "month": str(month),
                "units_expected": len(now.cells),
                "units_reported": len(now.reported),
                "on_time": now.counted(Reported.ON_TIME),
                "late": now.counted(Reported.LATE),
                "missing": list(now.missing),
                "targets": [
                    {
                        "code": f.target,
                        "value": _number(f.value),
                        "target": _number(f.goal),
                        "percent": _number(f.percent),
                        "state": f.state.value,
                    }
                    for f in now.figures
                ],
                "fingerprint": now.fingerprint,
            }
        )
        return
    click.echo(
        f"{month.label}：应报 {len(now.cells)}，已报 {len(now.reported)}"
        f"（按时 {now.counted(Reported.ON_TIME)}，迟报 {now.counted(Reported.LATE)}），"
        f"截止 {now.due}"
    )
    if now.missing:
        click.echo(f"未报：{'、'.join(plan.name_of(code) for code in now.missing)}")
    for f in now.figures:
        target = plan.target(f.target)
        value = "—" if f.value is None else f"{f.value:f}"
        goal = "—" if f.goal is None else f"{f.goal:f}"
        share = "" if f.percent is None else f"  {f.percent}%"
        click.echo(f"  [{f.state.label}] {target.title}：{value} / {goal}{share}  {f.note}")
    click.echo(f"汇总指纹：{_grouped(now.fingerprint)}")


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


def period_options(function: F) -> F:
    """Exactly one of a month, a quarter or a year."""
    for option in (
        click.option("--year", type=click.IntRange(1900, 9998), help="年份，如 2026。"),
        click.option("--quarter", type=QuarterType(), help="季度，如 2026Q3。"),
        click.option("--month", type=MONTH, help="月份，如 2026-10。"),
    ):
        function = option(function)
    return function


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

    text = _read_text(text_file, "要求文件") if text_file else ""
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
    secret = _passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, _progress() as running:
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
        _say(answer | ({"twins": [str(file) for file in others]} if others else {}))
    else:
        click.echo(f"已生成{wish.label}（{done.returns} 份月报）：{done.file}")
        for file in others:
            click.echo(f"内容相同的可编辑文件：{file}")
        click.echo(f"汇总指纹：{_grouped(done.fingerprint)}")


@cli.command(cls=ChineseCommand, help="生成签名的考核得分单（全部单位，或用 --unit 指定一个）。")
@desk_argument
@click.option(
    "--period", type=PERIOD, required=True, help="2026、2026H1、2026Q3 或 2026-10。"
)  # fmt: skip
@click.option("--unit", "unit_code", default="", help="单位代码；不写为全部单位。")
@click.option("--by", default="命令行", help="办理人姓名，记入快照。")
@click.option("--out", type=FILE, required=True, help="写到哪个 .pdf 文件。")
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

    secret = _passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, _progress() as running:
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
        _say(
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
                        "points": _number(sheet.points),
                        "most": _number(sheet.most),
                        "percent": _number(sheet.percent),
                    }
                    for sheet in value.sheets
                    if unit_code in ("", sheet.unit)
                ],
            }
        )
    else:
        click.echo(f"已生成{value.label}考核得分（{done.units} 个单位）：{done.file}")
        click.echo(f"考核摘要：{_grouped(kept.digest)}")


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

    with Desk.open(desk_folder) as desk, _progress() as running:
        done = binding.bind(desk, out, task=task, year=year, archive=archive, running=running)
    if as_json:
        _say(
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


# -- care ----------------------------------------------------------------------


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
        _say({"file": str(done.file), "size": done.size})
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
        _say({"desk": str(folder)})
    else:
        click.echo(f"已恢复到：{folder}")


@cli.command(cls=ChineseCommand, help="检查工作台是否完好。")
@desk_argument
@as_json
def doctor(desk_folder: Path, as_json: bool) -> int:
    from rongchang_desk.app import recovery

    found = recovery.examine(desk_folder)
    if as_json:
        _say({"sound": found.sound, "findings": list(found.findings), "facts": found.facts})
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


# -- words in and out -----------------------------------------------------------


def finding_json(finding: Any) -> dict[str, str]:
    """A finding as the contract prints it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": str(finding.where),
        "message": finding.message,
    }


def _say(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


def _tell(text: str) -> None:
    click.echo(text, err=True)


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _grouped(digest: str) -> str:
    from rongchang_desk.app.district import grouped

    return grouped(digest)


def _passphrase(file: Path | None, *, confirm: bool = False) -> str:
    found = _offered_passphrase(file)
    return found or _ask("口令", confirm=confirm)


def _offered_passphrase(file: Path | None) -> str:
    return _read_secret(file) if file else os.environ.get(PASSPHRASE, "")


def _read_secret(file: Path) -> str:
    try:
        return _read_text(file, "口令文件")
    except UsageError as problem:
        raise WrongPassphrase(problem.message, problem.hint) from problem


def _read_text(file: Path, what: str) -> str:
    from rongchang_desk.app.files import read_bytes

    try:
        return read_bytes(file, 64 * 1024).decode("utf-8-sig").strip()
    except UnicodeDecodeError as problem:
        raise UsageError(
            f"{what}“{file}”不是文本文件。", "请用记事本另存为 UTF-8 编码的文本。"
        ) from problem


def _ask(what: str, *, confirm: bool = False) -> str:
    if not sys.stdin or not sys.stdin.isatty():
        raise WrongPassphrase(
            f"没有提供{what}。",
            f"请用 --passphrase-file 指定口令文件，或设置环境变量 {PASSPHRASE}。",
        )
    answer = click.prompt(f"请输入{what}", hide_input=True, err=True)
    if confirm and answer != click.prompt("请再输入一次", hide_input=True, err=True):
        raise WrongPassphrase("两次输入的口令不一致。", "请重新运行命令。")
    return str(answer)


class _Line(Running):
    """One line on a terminal that shows the progress; silent elsewhere."""

    def show(self, done: int, total: int, what: str) -> None:
        if sys.stderr.isatty():
            text = f"{done}/{total} {what}"[:70] if what else ""
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()


@contextlib.contextmanager
def _progress() -> Iterator[Running]:
    line = _Line()
    try:
        yield line
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


from rongchang_desk import cli_keys  # noqa: E402, F401  # its commands join the groups above
