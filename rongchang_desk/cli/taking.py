"""What comes in: returns and evidence at the office, parcels at either; where a month stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rongchang_desk.cli.groups import cli, parcel
from rongchang_desk.cli.help import ChineseCommand
from rongchang_desk.cli.options import FILE, as_json, desk_argument, month_option, passphrase_option
from rongchang_desk.cli.talking import (
    ask_passphrase,
    grouped,
    number,
    offered_passphrase,
    progress,
    say,
)
from rongchang_desk.domain.month import Month

_OUTCOMES = {"accepted": "已收", "duplicate": "重复", "held": "待处理", "refused": "退回"}


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
            secret = ask_passphrase(passphrase_file) if renewal else ""
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
        say(answer)
    else:
        click.echo(done.what)
    return 1 if found and found.unlisted else 0


@cli.command(
    "take-in", cls=ChineseCommand, help="接收签名月报和佐证材料包（文件、文件夹或压缩包）。"
)
@desk_argument
@click.argument("paths", metavar="路径…", type=FILE, nargs=-1, required=True)
@click.option("--workers", type=click.IntRange(0, 8), default=1, help="用几个进程查验，默认 1。")
@passphrase_option
@as_json
def take_in(
    desk_folder: Path,
    paths: tuple[Path, ...],
    workers: int,
    passphrase_file: Path | None,
    as_json: bool,
) -> int:
    from rongchang_desk.app import take_in as taking
    from rongchang_desk.app.desk import Desk
    from rongchang_desk.app.evidence_taking import UNLISTED

    secret = offered_passphrase(passphrase_file)
    with Desk.open(desk_folder) as desk, progress() as running:
        identity = desk.identity(secret) if secret else None
        done = taking.take_in(desk, paths, running, workers=workers, identity=identity)
        plan = desk.plan
    if as_json:
        say({kind: [_outcome(o) for o in done.of(kind)] for kind in _OUTCOMES})
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
        say(
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
                        "value": number(f.value),
                        "target": number(f.goal),
                        "percent": number(f.percent),
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
    click.echo(f"汇总指纹：{grouped(now.fingerprint)}")
