"""Parcels 往来文件: what office and units send each other besides returns, and the rules for them.

Pure values and rules. A parcel that does not fit a desk comes back as findings with stable
codes; what an accepted one does there is for `app.parcel_opening`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rongchang_desk.domain.finding import Finding, Where, error
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan

FORMAT_VERSION = 1

OFFICE = "OFFICE"
"""The office as issuer or addressee: the code that stands in its signing certificate."""

EVERYBODY = ""
"""The addressee of what goes to all units."""

LIST_FILE = "crl.der"
"""A newer revocation list that may ride along in any parcel of the office."""


class ParcelKind(StrEnum):
    """What a parcel is; `FROM_UNITS` go to the office, all others to units."""

    RECEIPT = "receipt"
    RETURNED = "returned"
    SUPERVISION = "supervision"
    FEEDBACK = "feedback"
    REOPENING = "reopening"
    BULLETIN = "bulletin"
    PLAN = "plan"
    RENEWAL = "renewal"
    EXTENSION = "extension"
    EXTENDED = "extended"
    ONCE_MORE = "once_more"
    CLOSED = "closed"
    ANSWER = "answer"
    EVIDENCE = "evidence"

    @property
    def label(self) -> str:
        return {
            "receipt": "回执", "returned": "退回单", "supervision": "督办单",
            "feedback": "督办反馈", "reopening": "补报许可", "bulletin": "通报",
            "plan": "任务包", "renewal": "证书更新", "extension": "延期申请",
            "extended": "延期答复", "once_more": "续办通知", "closed": "销号通知",
            "answer": "事项答复", "evidence": "佐证材料包",
        }[self.value]  # fmt: skip

    @property
    def carries(self) -> str:
        """The file that a parcel of this kind must carry inside; empty when none."""
        return {"plan": "plan.toml", "renewal": "certificate.der"}.get(self.value, "")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel: the whole content of `parcel.json`.

    `sequence` grows from parcel to parcel of one issuer (so for every addressee too); `plan` is
    the plan's code; `issuer` and `addressee` are unit codes or `OFFICE`, the addressee is
    `EVERYBODY` for all units; `issued_at` is the issuer's claim and carries its time zone.
    `answers` is the digest of the return it answers, or the id of the parcel; `revision` that
    return's; paragraphs of `text` are separated by line ends.
    """

    format: int
    kind: ParcelKind
    id: str
    sequence: int
    plan: str
    issuer: str
    issuer_name: str
    addressee: str
    issued_at: datetime
    month: Month | None
    answers: str
    revision: int
    title: str
    text: str
    reasons: tuple[str, ...]
    due: date | None

    def __post_init__(self) -> None:
        if self.issued_at.tzinfo is None:
            raise ValueError("the time of issue needs a time zone")
        if self.sequence < 1 or self.revision < 0:
            raise ValueError("a sequence number starts at 1, a revision is not negative")

    @property
    def name(self) -> str:
        """The parcel as people call it, e.g. `2026年10月回执（编号20261102001）`."""
        return f"{self.month.label if self.month else ''}{self.kind.label}（编号{self.sequence}）"


@dataclass(frozen=True, slots=True)
class Reader:
    """What a desk knows when it judges a parcel.

    `code` is its unit code or `OFFICE`; `returns` the digests of the returns it issued;
    `supervisions` (id, addressee) of those the office issued; `opened` the parcels it opened;
    `issued` the ids of the parcels a unit issued and `problems` those of the problems it raised.
    """

    code: str
    plan: str
    returns: Collection[str] = ()
    supervisions: Collection[tuple[str, str]] = ()
    opened: tuple[Parcel, ...] = ()
    issued: Collection[str] = ()
    problems: Collection[str] = ()


def misfits(parcel: Parcel, signer: str, reader: Reader) -> tuple[Finding, ...]:
    """Why a parcel signed by `signer` (a unit code or `OFFICE`) does not fit a desk; () when it
    does. Codes: wrong-issuer, wrong-kind, wrong-addressee, wrong-plan, parcel-incomplete,
    unknown-return, unknown-supervision, unknown-matter, stale-parcel.

    A parcel for somebody else is not judged any further: its other faults are not this desk's.
    """
    strange = tuple(_not_for(parcel, signer, reader))
    return strange or (*_incomplete(parcel), *_answers_nothing(parcel, reader), *_late(
        parcel, reader.opened
    ))  # fmt: skip


def plan_misfits(parcel: Parcel, current: Plan, offered: Plan, unit: str) -> tuple[Finding, ...]:
    """Why the plan file in a parcel cannot replace the plan in force at a unit's desk.

    Codes: wrong-plan, stale-plan, unit-not-in-plan.
    """
    if offered.code != current.code:
        text = f"所附方案文件属于另一个方案（{offered.code}），本工作台的方案是 {current.code}。"
        return (_error(parcel, "wrong-plan", "plan", text),)
    if offered.version <= current.version:
        text = (
            f"所附方案是第 {offered.version} 版，本工作台已经在用第 {current.version} 版，"
            "不能换回旧版或同版。"
        )
        return (_error(parcel, "stale-plan", "plan", text),)
    if not offered.has_unit(unit):
        text = "新方案的报送单位中没有本单位。请与办公室联系核对。"
        return (_error(parcel, "unit-not-in-plan", "plan", text),)
    return ()


def file_misfits(parcel: Parcel, names: Iterable[str]) -> tuple[Finding, ...]:
    """Whether a parcel carries just the files of its kind: missing-file, unexpected-file.

    An evidence parcel carries any files, at least one; whose they are, their hashes tell.
    """
    carried = set(names)
    if parcel.kind is ParcelKind.EVIDENCE:
        text = "佐证材料包里没有文件。请该单位重新导出。"
        return () if carried else (_error(parcel, "missing-file", "", text),)
    wanted = parcel.kind.carries
    found = []
    if wanted and wanted not in carried:
        text = f"{parcel.kind.label}里缺少文件“{wanted}”。请向办公室重新索取。"
        found.append(_error(parcel, "missing-file", "", text))
    allowed = {wanted, LIST_FILE} if parcel.issuer == OFFICE else {wanted}
    extra = sorted(carried - allowed)
    if extra:
        text = f"{parcel.kind.label}里夹带了不该有的文件（{'、'.join(extra)}），不予接收。"
        found.append(_error(parcel, "unexpected-file", "", text))
    return tuple(found)


def closing(opened: Iterable[Parcel], month: Month) -> Parcel | None:
    """The bulletin that closes a month for a unit; None while it is open.

    A month is closed by a bulletin until a slip 补报许可 issued after that bulletin is opened
    (domain rule 10). The order of issue counts, not that of opening.
    """
    newest = max(
        (p for p in opened if p.month == month and p.kind in _LOCKS),
        key=lambda p: p.sequence,
        default=None,
    )
    return newest if newest is not None and newest.kind is ParcelKind.BULLETIN else None


_LOCKS = (ParcelKind.BULLETIN, ParcelKind.REOPENING)
_ANSWERS = (ParcelKind.RECEIPT, ParcelKind.RETURNED)
_NEEDS_MONTH = (
    ParcelKind.RECEIPT, ParcelKind.REOPENING, ParcelKind.BULLETIN, ParcelKind.EVIDENCE,
)  # fmt: skip
_FOR_ALL = (ParcelKind.BULLETIN, ParcelKind.PLAN)
ON_ORDERS = (ParcelKind.FEEDBACK, ParcelKind.EXTENSION)
FROM_UNITS = (*ON_ORDERS, ParcelKind.EVIDENCE)
_SETTLES = (ParcelKind.EXTENDED, ParcelKind.ONCE_MORE, ParcelKind.CLOSED, ParcelKind.ANSWER)
_NEEDS_ANSWERS = (ParcelKind.RECEIPT, *FROM_UNITS, *_SETTLES)


def _not_for(parcel: Parcel, signer: str, reader: Reader) -> Iterator[Finding]:
    at_office = reader.code == OFFICE
    from_office = parcel.issuer == OFFICE
    if parcel.issuer != signer or from_office == at_office:
        yield _error(
            parcel, "wrong-issuer", "issuer",
            "文件写明的发件单位与签名不符。请勿使用，并与办公室联系核实。"
            if parcel.issuer != signer
            else "这是办公室发给单位的文件，应由收件单位打开。"
            if at_office
            else "这不是办公室发出的文件，单位工作台不能打开。",
        )  # fmt: skip
        return
    if (parcel.kind in FROM_UNITS) == from_office:
        yield _error(
            parcel, "wrong-kind", "kind", f"{parcel.kind.label}不能由“{parcel.issuer_name}”发出。"
        )
        return
    if parcel.addressee != reader.code and (at_office or parcel.addressee != EVERYBODY):
        yield _error(
            parcel, "wrong-addressee", "addressee",
            f"这份{parcel.kind.label}是发给另一个单位（代码 {parcel.addressee or '无'}）的，"
            "不是发给本工作台的。请退还发件单位。",
        )  # fmt: skip
        return
    if parcel.plan != reader.plan:
        yield _error(
            parcel, "wrong-plan", "plan",
            f"这份{parcel.kind.label}属于另一个方案（{parcel.plan}），"
            f"本工作台的方案是 {reader.plan}。",
        )  # fmt: skip


def _incomplete(parcel: Parcel) -> Iterator[Finding]:
    """What a parcel of this kind must say."""
    missing = []
    if parcel.kind in _NEEDS_MONTH and parcel.month is None:
        missing.append("月份")
    if parcel.kind in _NEEDS_ANSWERS and not parcel.answers:
        missing.append("所答复的文件")
    if parcel.kind is ParcelKind.RETURNED and not (parcel.answers or parcel.month):
        missing.append("所退回的月报")
    if parcel.kind is ParcelKind.EXTENSION and parcel.due is None:
        missing.append("申请延至的日期")
    if parcel.issuer == OFFICE and parcel.addressee == EVERYBODY and parcel.kind not in _FOR_ALL:
        missing.append("收件单位")
    if missing:
        text = (
            f"这份{parcel.kind.label}没有写明{'、'.join(missing)}，不能使用。请向发件单位重新索取。"
        )
        yield _error(parcel, "parcel-incomplete", "", text)


def _answers_nothing(parcel: Parcel, reader: Reader) -> Iterator[Finding]:
    if parcel.kind in _ANSWERS and parcel.answers and parcel.answers not in reader.returns:
        yield _error(
            parcel, "unknown-return", "answers",
            f"这份{parcel.kind.label}所答复的月报（摘要 {parcel.answers[:8].upper()}…）"
            "不是本工作台生成的。若工作台是从旧备份恢复的，请与办公室联系。",
        )  # fmt: skip
    if parcel.kind in _SETTLES and parcel.answers:
        orders = {one.id for one in reader.opened if one.kind is ParcelKind.SUPERVISION}
        about = reader.problems if parcel.kind is ParcelKind.ANSWER else {*reader.issued, *orders}
        if parcel.answers not in about:
            yield _error(
                parcel, "unknown-matter", "answers",
                f"这份{parcel.kind.label}所答复的事项不在本工作台。请先打开督办单；"
                "若工作台是从旧备份恢复的，请与办公室联系。",
            )  # fmt: skip
    if parcel.kind in ON_ORDERS:
        known = (parcel.answers, parcel.issuer) in reader.supervisions
        if parcel.answers and not known:
            yield _error(
                parcel, "unknown-supervision", "answers",
                f"这份{parcel.kind.label}所答复的督办单不是本办公室发给该单位的。请与该单位核实。",
            )  # fmt: skip


def _late(parcel: Parcel, opened: Iterable[Parcel]) -> Iterator[Finding]:
    newer = max((p for p in opened if _replaces(p, parcel)), key=lambda p: p.sequence, default=None)
    if newer is not None:
        yield _error(
            parcel, "stale-parcel", "sequence",
            f"这份{parcel.name}已经过时：同一事项的{newer.name}在它之后发出，已经打开过。",
        )  # fmt: skip


def _replaces(newer: Parcel, parcel: Parcel) -> bool:
    """Whether an opened parcel leaves nothing for this one to say: same matter, issued later.

    Parcels travel on USB sticks and overtake each other, so an earlier number alone is no fault.
    A bulletin, a supervision, evidence and a notice about another month are never out of date.
    """
    if newer.id == parcel.id or newer.issuer != parcel.issuer or newer.sequence < parcel.sequence:
        return False
    if parcel.kind in _ANSWERS:
        same = newer.kind in _ANSWERS
        if parcel.answers and newer.answers:
            return same and newer.answers == parcel.answers
        return same and newer.month == parcel.month
    if parcel.kind is ParcelKind.REOPENING:
        return newer.kind in _LOCKS and newer.month == parcel.month
    if parcel.kind in ON_ORDERS or parcel.kind in _SETTLES:
        return newer.kind is parcel.kind and newer.answers == parcel.answers
    return parcel.kind in (ParcelKind.PLAN, ParcelKind.RENEWAL) and newer.kind is parcel.kind


def _error(parcel: Parcel, code: str, field: str, message: str) -> Finding:
    return error(code, Where("parcel", parcel.id, field), message)
