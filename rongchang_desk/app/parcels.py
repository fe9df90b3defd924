"""Writing parcels 往来文件: what the office sends to units, and a unit's feedback to the office.

How a letter is signed and stored is in `app.letters`, the course of a supervised matter in
`app.supervision`, what opening a parcel does at the other end in `app.parcel_opening`, and where a
month stands in `app.standing`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import read_bytes
from rongchang_desk.app.letters import (
    Letter,
    Written,
    again,
    file_name,
    issued,
    issued_pdf,
    moment,
    outbox,
    require_key,
    require_month,
    require_unit,
    write,
    write_again,
)
from rongchang_desk.app.running import Running
from rongchang_desk.domain.key_state import Route
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import (
    EVERYBODY,
    OFFICE,
    Parcel,
    ParcelKind,
)
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.store import keys
from rongchang_desk.store import parcels as stored

if TYPE_CHECKING:
    from rongchang_desk.signing.identity import Identity

__all__ = [
    "Written", "bulletin_draft", "file_name", "issued", "issued_pdf", "outbox", "without_receipt",
    "write_again", "write_bulletin", "write_certificate", "write_feedback", "write_plan",
    "write_receipt", "write_renewal", "write_reopening", "write_returned", "write_supervision",
]  # fmt: skip


# -- the office ----------------------------------------------------------------


def write_receipt(
    desk: Desk,
    month: Month,
    identity: Identity,
    out: Path,
    *,
    digests: Collection[str] | None = None,
    running: Running | None = None,
) -> tuple[Written, ...]:
    """Receipts 回执 for the month's returns that count, one a unit, into the folder `out`.

    `digests` limits them to a batch. A return that has its receipt gets the very same file
    again. Raises FoundWrong when there is nothing to answer, UsageError for a foreign key,
    CannotWrite; when cancelled, the receipts written so far stand.
    """
    from rongchang_desk.app import district
    from rongchang_desk.app.district import Reported

    require_key(desk, Role.OFFICE, identity)
    running = running or Running()
    picture = district.merged(desk, month)
    cells = district.cells(desk.plan, picture, month, desk.due(month), desk.today())
    standing = {cell.digest: cell.reported for cell in cells}
    heads = {head.unit: head for head in picture.heads_of(month)}
    due = [
        heads[unit.code]
        for unit in desk.plan.units
        if unit.code in heads and (digests is None or heads[unit.code].digest in digests)
    ]
    if not due:
        raise FoundWrong(
            f"{month.label}还没有收到可以出具回执的月报。", "请先接收各单位的月报，再出具回执。"
        )
    before = stored.issued_receipts(desk.store, month)
    made: list[Written] = []
    for index, filed in enumerate(due):
        running.step(index, len(due), desk.plan.name_of(filed.unit))
        if filed.digest in before:
            made.append(again(desk, before[filed.digest], out))
            continue
        revision = filed.monthly_return.revision
        on_time = "按时" if standing.get(filed.digest) is Reported.ON_TIME else "逾期"
        letter = Letter(
            ParcelKind.RECEIPT,
            filed.unit,
            f"{month.label}月报回执",
            f"你单位报送的{month.label}月报（第{revision}版）已于{moment(filed.received_at)}收到。"
            "经查验，签名有效，数据完好，已登记入账。\n"
            f"报送情况：{on_time}报送。\n"
            f"月报数据摘要前八位：{filed.digest[:8].upper()}，请与本单位留存的月报核对。",
            month=month,
            answers=filed.digest,
            revision=revision,
        )
        made.append(write(desk, identity, letter, folder=out))
    running.show(len(due), len(due), "")
    return tuple(made)


def without_receipt(desk: Desk, month: Month) -> tuple[str, ...]:
    """The digests of the month's returns that count and have no receipt yet, in plan order."""
    from rongchang_desk.app import district

    heads = {head.unit: head.digest for head in district.merged(desk, month).heads_of(month)}
    before = stored.issued_receipts(desk.store, month)
    digests = (heads.get(unit.code, "") for unit in desk.plan.units)
    return tuple(digest for digest in digests if digest and digest not in before)


def write_returned(
    desk: Desk,
    unit: str,
    reasons: Collection[str],
    identity: Identity,
    *,
    month: Month | None = None,
    digest: str = "",
    due: date | None = None,
    out: Path | None = None,
) -> Written:
    """A slip 退回单 that sends a return back to a unit, with the reasons.

    A received return is named by `digest`; for a file that was refused, whose content nobody
    knows for sure, `month` says what it was about. Raises UsageError for an unknown unit,
    without a reason, or when neither fits; CannotWrite.
    """
    from rongchang_desk.store import returns

    require_key(desk, Role.OFFICE, identity)
    require_unit(desk, unit)
    said = tuple(text.strip() for text in reasons if text.strip())
    if not said:
        raise UsageError("请写明退回的理由。", "理由会印在退回单上，单位据此更正。")
    revision = 0
    if digest:
        named = returns.received_name(desk.store, digest)
        if named is None or named[0] != unit:
            raise UsageError("要退回的月报不是该单位报来的。", "请在收文记录中重新选择。")
        month, revision = Month.parse(named[1]), named[2]
    if month is None:
        raise UsageError("请写明退回的是哪个月的月报。", "月份会印在退回单上。")
    which = f"（第{revision}版）" if revision else ""
    letter = Letter(
        ParcelKind.RETURNED,
        unit,
        f"{month.label}月报退回单",
        f"你单位报送的{month.label}月报{which}经审核需要更正，现予退回。退回理由如下：",
        month=month,
        answers=digest,
        revision=revision,
        reasons=said,
        due=due,
    )
    return write(desk, identity, letter, out)


def write_supervision(
    desk: Desk,
    unit: str,
    title: str,
    text: str,
    due: date,
    identity: Identity,
    *,
    month: Month | None = None,
    reasons: Collection[str] = (),
    out: Path | None = None,
) -> Written:
    """A supervision order 督办单 about one matter, to be answered by `due`.

    Raises UsageError for an unknown unit, an empty matter or a due day that is past;
    CannotWrite.
    """
    require_key(desk, Role.OFFICE, identity)
    require_unit(desk, unit)
    if not title.strip() or not text.strip():
        raise UsageError("请写明督办事项和要求。", "两项都会印在督办单上。")
    if due < desk.today():
        raise UsageError("办结期限已经过去。", "请填写今天或以后的日期。")
    letter = Letter(
        ParcelKind.SUPERVISION, unit, f"关于{title.strip().removeprefix('关于')}的督办单",
        text, month=month, reasons=tuple(r.strip() for r in reasons if r.strip()), due=due,
    )  # fmt: skip
    return write(desk, identity, letter, out)


def write_reopening(
    desk: Desk,
    unit: str,
    month: Month,
    reason: str,
    identity: Identity,
    *,
    due: date | None = None,
    out: Path | None = None,
) -> Written:
    """A slip 补报许可 that reopens a closed month for one unit (domain rule 10).

    Raises UsageError for an unknown unit, a month the plan does not cover, or without a
    reason; CannotWrite.
    """
    require_key(desk, Role.OFFICE, identity)
    require_unit(desk, unit)
    require_month(desk, month)
    if not reason.strip():
        raise UsageError("请写明准予补报的理由。", "理由会印在补报许可上，并留档备查。")
    letter = Letter(
        ParcelKind.REOPENING,
        unit,
        f"{month.label}月报补报许可",
        f"准予你单位补报或更正{month.label}月报。请在工作台中打开本文件，即可重新生成该月月报。"
        "\n准予理由：",
        month=month,
        reasons=(reason.strip(),),
        due=due,
    )
    return write(desk, identity, letter, out)


def bulletin_draft(desk: Desk, month: Month) -> str:
    """What a bulletin on a month may say, from who reported and when; people edit it."""
    from rongchang_desk.app import district
    from rongchang_desk.app.district import Reported

    picture = district.merged(desk, month)
    cells = district.cells(desk.plan, picture, month, desk.due(month), desk.today())
    late, on_time = (
        [cell.unit for cell in cells if cell.reported is kind]
        for kind in (Reported.LATE, Reported.ON_TIME)
    )
    missing = [cell.unit for cell in cells if cell.unit not in {*late, *on_time}]

    def names(units: list[str]) -> str:
        return "、".join(desk.plan.name_of(unit) for unit in units)

    counts = (
        f"{month.label}月报应报单位{len(cells)}个，按时报送{len(on_time)}个，"
        f"逾期报送{len(late)}个，未报送{len(missing)}个。"
    )
    lines = [counts]
    lines += [f"逾期报送的单位：{names(late)}。"] if late else []
    lines += [f"未报送的单位：{names(missing)}。"] if missing else []
    return "\n".join(lines)


def write_bulletin(
    desk: Desk,
    month: Month,
    text: str,
    identity: Identity,
    *,
    title: str = "",
    out: Path | None = None,
) -> Written:
    """A bulletin 通报 on a month to all units; the month is closed with it.

    Raises UsageError for a month the plan does not cover or that is not over, or an empty
    text; CannotWrite.
    """
    require_key(desk, Role.OFFICE, identity)
    require_month(desk, month)
    if desk.today() <= month.last_day:
        raise UsageError(f"{month.label}还没有结束，不能通报。", "请核对月份和电脑时间。")
    if not text.strip():
        raise UsageError("通报没有内容。", "请先写好通报正文。")
    letter = Letter(
        ParcelKind.BULLETIN,
        EVERYBODY,
        title.strip() or f"关于{month.label}月报报送情况的通报",
        f"{text.strip()}\n{month.label}数据自本通报印发之日起锁定，"
        "此后补报或更正须持办公室签发的补报许可。",
        month=month,
    )

    def close(parcel: Parcel) -> None:
        stored.unlock_month(desk.store, month)  # slips issued before this bulletin end with it
        stored.lock_month(desk.store, month, desk.now(), parcel.sequence)

    return write(desk, identity, letter, out, also=close)


def write_plan(
    desk: Desk, plan_file: bytes, identity: Identity, *, text: str = "", out: Path | None = None
) -> Written:
    """A plan update 任务包 to all units; the office puts the new plan in force with it.

    Raises PlanFileError with all findings, UsageError for another plan, a version that is not
    higher, or one that lacks what received returns use; CannotWrite.
    """
    from rongchang_desk.app import plan_usage
    from rongchang_desk.formats import plan_toml
    from rongchang_desk.signing.envelope import Source

    require_key(desk, Role.OFFICE, identity)
    offered, current = plan_toml.loads(plan_file), desk.plan
    if offered.code != current.code:
        raise UsageError(
            f"这是另一个方案（{offered.code}）的文件，现行方案是 {current.code}。",
            "另一个方案请另建办公室工作台。",
        )
    if offered.version <= current.version:
        raise UsageError(
            f"方案文件的版本号是 {offered.version}，没有高于现行的第 {current.version} 版。",
            "请把方案文件中的 version 改大后再试。",
        )
    plan_usage.refuse_losses(current, offered, plan_usage.usage(desk))
    letter = Letter(
        ParcelKind.PLAN,
        EVERYBODY,
        f"关于启用方案第{offered.version}版的通知",
        f"《{offered.title}》任务包已更新至第{offered.version}版，原第{current.version}版停止使用。"
        "请在工作台中打开本文件，即可启用。此前已报送的月报继续有效。"
        + (f"\n{text.strip()}" if text.strip() else ""),
        revision=offered.version,
    )
    return write(
        desk, identity, letter, out,
        files=(Source(ParcelKind.PLAN.carries, plan_file),),
        also=lambda _: desk.adopt_plan(plan_file),
    )  # fmt: skip


def write_renewal(desk: Desk, unit: str, passphrase: str, *, out: Path | None = None) -> Written:
    """A new certificate 证书更新 over the key that a unit has already, and entered in the register.

    Raises UsageError for an unknown unit, FoundWrong for one without a valid certificate (a
    unit whose key was lost needs a new kit), WrongPassphrase, CannotWrite.
    """
    from rongchang_desk.app import enrol
    from rongchang_desk.signing.authority import read_authority
    from rongchang_desk.signing.renewal import renew

    desk.require(Role.OFFICE)
    require_unit(desk, unit)
    name = desk.plan.name_of(unit)
    valid = [r for r in keys.certificates(desk.store) if r.unit == unit and not r.revoked_at]
    if not valid:
        raise FoundWrong(f"“{name}”没有有效的证书，不能更新。", "请为该单位重新制作入网包。")
    valid = [row for row in valid if not row.replaced_by] or valid
    newest = max(valid, key=lambda row: row.issued_at)
    authority = read_authority(read_bytes(desk.keys / "root.p12"), passphrase)
    begin, end = enrol.validity(desk.plan, desk.now())
    certificate = renew(authority, newest.der, unit, name, not_before=begin, not_after=end)

    def enter() -> None:
        serial = enrol.register(desk, certificate, Route.RENEWAL)
        keys.replace(desk.store, newest.serial, serial)

    return write_certificate(
        desk, unit, certificate, desk.identity(passphrase), title="单位证书更新通知",
        text="现为你单位现有密钥换发新证书。请在工作台中打开本文件并输入本单位口令，"
        "即可更换；密钥和口令不变。",
        also=enter, out=out,
    )  # fmt: skip


def write_certificate(
    desk: Desk,
    unit: str,
    certificate: bytes,
    identity: Identity,
    *,
    title: str,
    text: str,
    also: Callable[[], object],
    newest_list: bytes = b"",
    out: Path | None = None,
) -> Written:
    """A certificate (DER) to the unit it is for; `also` enters it in the office's books.

    `newest_list` (DER) rides along instead of the newest one on the books. Raises CannotWrite.
    """
    from rongchang_desk.signing.envelope import Source

    letter = Letter(ParcelKind.RENEWAL, unit, title, text)
    return write(
        desk, identity, letter, out,
        files=(Source(ParcelKind.RENEWAL.carries, certificate),),
        also=lambda _: also(), newest_list=newest_list,
    )  # fmt: skip


# -- a unit --------------------------------------------------------------------


def write_feedback(
    desk: Desk, supervision: str, text: str, identity: Identity, *, out: Path | None = None
) -> Written:
    """A unit's answer 督办反馈 to the supervision order with this id, signed with its own key.

    Raises UsageError when no such order was opened here or the text is empty; CannotWrite.
    """
    require_key(desk, Role.UNIT, identity)
    found = [
        row.parcel
        for row in stored.opened(desk.store, ParcelKind.SUPERVISION)
        if row.parcel.id == supervision
    ]
    if not found:
        raise UsageError("没有打开过这份督办单。", "请先打开办公室发来的督办单，再作反馈。")
    if not text.strip():
        raise UsageError("请写明办理情况。", "办理情况会印在督办反馈上。")
    order = found[0]
    letter = Letter(
        ParcelKind.FEEDBACK, OFFICE, f"{order.title}办理情况反馈",
        f"你办督办单（编号{order.sequence}）收悉。现将办理情况反馈如下：\n{text.strip()}",
        month=order.month, answers=order.id,
    )  # fmt: skip
    return write(desk, identity, letter, out)
