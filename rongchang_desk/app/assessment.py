"""The assessment 考核 at the office: rules in force, score sheets, snapshots, appeals, papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import district, paper_fonts, standing
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import ready_to_appear
from rongchang_desk.app.running import Running
from rongchang_desk.domain import assessment_rules
from rongchang_desk.domain.assessment import FORMAT_VERSION, Assessment, Facts, Order, score
from rongchang_desk.domain.assessment_rules import AssessmentRules
from rongchang_desk.domain.finding import Finding
from rongchang_desk.domain.measures import figures
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.domain.parcel import ParcelKind
from rongchang_desk.domain.period import Period
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.formats import assessment_json
from rongchang_desk.store import assessment as stored
from rongchang_desk.store import audit, parcels, returns
from rongchang_desk.store.assessment import Appeal, RulesVersion, Snapshot

if TYPE_CHECKING:
    from rongchang_desk.signing.identity import Identity

__all__ = ["Appeal", "RulesVersion", "Snapshot"]

LONGEST_NAME = 50
LONGEST_TEXT = 2000


# -- rules --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules in force: version 0 are the plan's own."""

    version: int
    rules: AssessmentRules


def rules_in_force(desk: Desk) -> InForce:
    """The newest rules the office saved, else the plan's; FoundWrong where there are none."""
    desk.require(Role.OFFICE)
    versions = stored.rules_versions(desk.store)
    if versions:
        return InForce(versions[0].version, versions[0].rules)
    rules = desk.plan.assessment
    if rules is None:
        raise FoundWrong(
            "本方案没有规定考核，工作台没有考核规则。",
            "如需考核，请在方案文件里加上 [assessment] 部分后重新载入方案。",
        )
    return InForce(0, rules)


def rules_history(desk: Desk) -> tuple[RulesVersion, ...]:
    """The versions the office saved, newest first; the plan's own are not among them."""
    return stored.rules_versions(desk.store)


def save_rules(
    desk: Desk, rules: AssessmentRules, author: str, reason: str
) -> tuple[int, tuple[Finding, ...]]:
    """Keep a new version of the rules, in force from now on; snapshots keep theirs.

    (its number, ()) when it was kept, (0, findings) when the rules are wrong. Raises UsageError
    when nobody is named, no reason is given, or nothing changes.
    """
    now = rules_in_force(desk)
    author, reason = _said(author, "修改人", LONGEST_NAME), _said(reason, "修改原因", LONGEST_TEXT)
    if rules == now.rules:
        raise UsageError("规则没有改动，不用保存新版本。", "改动后再保存。")
    findings = assessment_rules.check(rules)
    if findings:
        return 0, findings
    with desk.store.transaction():
        version = stored.keep_rules(desk.store, rules, author, reason, desk.now())
        audit.note(desk.store, desk.now(), "assessment-rules", f"version {version}")
    return version, ()


# -- score sheets -------------------------------------------------------------------


def assess(desk: Desk, period: Period, running: Running | None = None) -> Assessment:
    """The score sheets of a period as the returns stand now.

    Judged are the months of the period within the plan that are over and not before the first
    month this desk received anything of. Raises FoundWrong when none is, or without rules.
    """
    running = running or Running()
    now = rules_in_force(desk)
    months = _months(desk, period)
    running.step(0, 2, "合并")
    picture = district.merged(desk, months[-1])
    running.step(1, 2, "计分")
    facts = Facts(
        desk.plan,
        picture,
        figures(desk.plan, picture),
        months,
        {month: desk.due(month) for month in months},
        desk.today(),
        _orders(desk),
    )
    sheets = score(facts, now.rules)
    running.show(2, 2, "完成")
    return Assessment(
        FORMAT_VERSION,
        desk.plan.code,
        desk.plan_digest,
        period.code,
        period.label,
        months,
        desk.today(),
        district.fingerprint(picture),
        now.version,
        now.rules,
        sheets,
    )


def _months(desk: Desk, period: Period) -> tuple[Month, ...]:
    received = returns.received_months(desk.store)
    over = Month.of(desk.today()).previous
    first = max(period.first, desk.plan.first_month, min(received, default=over))
    last = min(period.last, desk.plan.last_month, over)
    months = first.until(last)
    if not months or not received:
        raise FoundWrong(
            f"{period.label}还没有可以考核的月份。",
            "考核从本工作台收到的第一个月报月份算起，到上个月为止，不超出方案实施期。",
        )
    return months


def _orders(desk: Desk) -> tuple[Order, ...]:
    """The supervision orders; answered on the day their first feedback was opened here."""
    opened: dict[str, date] = {}
    for row in parcels.opened(desk.store, ParcelKind.FEEDBACK):
        day = row.opened_at.date()
        opened[row.parcel.answers] = min(day, opened.get(row.parcel.answers, day))
    return tuple(
        Order(
            matter.order.id,
            matter.order.addressee,
            matter.order.title,
            matter.order.issued_at.date(),
            matter.order.due,
            opened.get(matter.order.id),
        )
        for matter in standing.matters(desk)
    )


# -- snapshots and appeals ----------------------------------------------------------


def freeze(desk: Desk, value: Assessment, author: str) -> Snapshot:
    """Keep an assessment with its figures, rules version and fingerprint; it never changes.

    The very same assessment again gives the snapshot there is. Raises UsageError when nobody
    is named.
    """
    desk.require(Role.OFFICE)
    author = _said(author, "办理人", LONGEST_NAME)
    with desk.store.transaction():
        made = stored.freeze(desk.store, value, author, desk.now())
        audit.note(desk.store, desk.now(), "assessment-frozen", f"{value.period} {made.digest}")
    return made


def snapshots(desk: Desk) -> tuple[Snapshot, ...]:
    """All snapshots, newest first."""
    return stored.snapshots(desk.store)


def frozen(desk: Desk, digest: str) -> Assessment:
    """The assessment of a snapshot, from the very bytes that were frozen.

    Raises FoundWrong when the bytes are not those of the digest any more, or there are none.
    """
    try:
        body = stored.snapshot_body(desk.store, digest)
    except KeyError as problem:
        raise FoundWrong("工作台里没有这份考核快照。", "请刷新（F5）后再试。") from problem
    if assessment_json.digest(body) != digest:
        raise FoundWrong("考核快照与它的摘要不符，数据可能已被改动。", "请从备份恢复后核对。")
    return assessment_json.loads(body)


def appeals(desk: Desk, snapshot: str) -> tuple[Appeal, ...]:
    """The appeals against a snapshot, oldest first."""
    return stored.appeals(desk.store, snapshot)


def raise_appeal(
    desk: Desk, snapshot: str, unit: str, rule: str, item: str, by: str, text: str
) -> Appeal:
    """Note an objection to an item (`item` empty: to the whole rule) of a unit's frozen sheet.

    Raises UsageError when the place does not exist, or nobody and nothing is named.
    """
    sheet = frozen(desk, snapshot).sheet(unit)
    scores = {s.rule: s for s in sheet.scores} if sheet else {}
    if rule not in scores or (item and item not in {i.key for i in scores[rule].items}):
        raise UsageError("这份考核快照里没有这一项。", "请先选中一项，再登记申诉。")
    made = Appeal(
        desk.new_id(), snapshot, unit, rule, item,
        _said(by, "申诉人", LONGEST_NAME), desk.now(), _said(text, "申诉内容", LONGEST_TEXT),
    )  # fmt: skip
    stored.raise_appeal(desk.store, made)
    return made


def answer_appeal(desk: Desk, appeal: str, *, upheld: bool, answer: str, by: str) -> None:
    """Settle an appeal, once; the snapshot stays as it is: a new one shows what changed.

    Raises UsageError when it is settled already, or nobody and nothing is named.
    """
    done = stored.answer_appeal(
        desk.store, appeal, "upheld" if upheld else "rejected",
        _said(answer, "处理意见", LONGEST_TEXT), _said(by, "办理人", LONGEST_NAME), desk.now(),
    )  # fmt: skip
    if not done:
        raise UsageError("这条申诉已经办结，不能再改。", "如有新的情况，请另登记一条。")


def _said(text: str, what: str, longest: int) -> str:
    text = text.strip()
    if not text:
        raise UsageError(f"请填写{what}。", "填好后再试。")
    if len(text) > longest:
        raise UsageError(f"{what}太长（{len(text)} 字，最多 {longest} 字）。", "请缩短后再试。")
    return text


# -- paper --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """A signed score paper; `snapshot` is the digest of what it prints."""

    file: Path
    period: str
    units: int
    snapshot: str
    size: int


def paper_name(value: Assessment, unit: str = "") -> str:
    """A clear name for the paper's file, e.g. `2026年考核得分_区科技局.pdf`."""
    sheet = value.sheet(unit) if unit else None
    return f"{value.label}考核得分_{sheet.name if sheet else '全部单位'}.pdf"


def require_unit(value: Assessment, unit: str) -> None:
    """Raise UsageError for a unit that has no sheet; empty stands for all."""
    if unit and value.sheet(unit) is None:
        raise UsageError(f"考核结果里没有单位 {unit}。", "请核对单位代码。")


def pages(desk: Desk, value: Assessment, unit: str = "") -> bytes:
    """The unsigned pages of one unit's sheet, or of all; the office's certificate is named.

    Raises UsageError for a unit that has no sheet.
    """
    from rongchang_desk.documents import score_pdf
    from rongchang_desk.documents.signature import SignerBlock
    from rongchang_desk.signing.certificates import fingerprint

    require_unit(value, unit)
    digest = assessment_json.digest(assessment_json.dumps(value))
    signer = SignerBlock(
        desk.plan.office_name,
        desk.now().isoformat(timespec="seconds"),
        fingerprint(desk.certificate()),
    )
    with paper_fonts.applied(desk):
        return score_pdf.render(
            desk.plan, value, unit=unit, digest=digest, signer=signer,
            notes=_upheld(desk, value, digest),
        )  # fmt: skip


def _upheld(desk: Desk, value: Assessment, digest: str) -> dict[tuple[str, str], str]:
    """Notes to scores that an appeal against an earlier snapshot of the period altered, by unit
    and rule."""
    kept = [one for one in stored.snapshots(desk.store) if one.period == value.period]
    moments = [one.frozen_at for one in kept if one.digest == digest]
    notes: dict[tuple[str, str], str] = {}
    for snapshot in kept:  # the newest first: what it says stands
        if snapshot.digest == digest or any(snapshot.frozen_at > at for at in moments):
            continue
        upheld = [one for one in appeals(desk, snapshot.digest) if one.outcome == "upheld"]
        before = frozen(desk, snapshot.digest) if upheld else None
        for one in upheld:
            old, new = (_points_of(of, one.unit, one.rule) for of in (before, value))
            if one.answered_at is not None and old is not None and old != new:
                at = one.answered_at
                notes.setdefault(
                    (one.unit, one.rule),
                    f"{in_words(at)}采纳申诉，由{old:.2f}分改计。",
                )
    return notes


def _points_of(value: Assessment | None, unit: str, rule: str) -> Decimal | None:
    sheet = value.sheet(unit) if value else None
    scores = sheet.scores if sheet else ()
    return next((score.points for score in scores if score.rule == rule), None)


def write_papers(
    desk: Desk, snapshot: str, identity: Identity, folder: Path, running: Running | None = None
) -> tuple[Written, ...]:
    """Sign one paper for every unit into a folder; existing files of these names are replaced.

    Raises as `write_paper`, and Cancelled: papers that were finished stay.
    """
    running = running or Running()
    value = frozen(desk, snapshot)
    made = []
    for number, sheet in enumerate(value.sheets):
        running.step(number, len(value.sheets), sheet.name)
        out = folder / paper_name(value, sheet.unit)
        made.append(write_paper(desk, snapshot, identity, out, unit=sheet.unit))
    running.show(len(value.sheets), len(value.sheets), "完成")
    return tuple(made)


def write_paper(
    desk: Desk,
    snapshot: str,
    identity: Identity,
    out: Path,
    *,
    unit: str = "",
    running: Running | None = None,
) -> Written:
    """Sign the paper of a snapshot, of one unit or of all, with the frozen figures inside.

    Raises UsageError for a foreign key or unit, CannotWrite; then no file appears.
    """
    from rongchang_desk.documents import archive
    from rongchang_desk.signing.certificates import OFFICE_CODE
    from rongchang_desk.signing.envelope import seal

    desk.require(Role.OFFICE)
    running = running or Running()
    if identity.unit_code != OFFICE_CODE:
        raise UsageError("密钥不是办公室的签名密钥。", "请使用建立办公室工作台时的口令和密钥。")
    running.step(0, 3, "排版")
    value = frozen(desk, snapshot)
    made = archive.finish(
        pages(desk, value, unit),
        title=paper_name(value, unit).removesuffix(".pdf"),
        author=desk.plan.office_name,
        created=desk.now(),
    )
    running.step(1, 3, "签名")
    pdf = seal(
        made,
        stored.snapshot_body(desk.store, snapshot),
        identity,
        payload_name="assessment.json",
        signed_at=desk.now(),
    )
    running.step(2, 3, "写文件")
    with ready_to_appear(out, pdf), desk.store.transaction():
        audit.note(desk.store, desk.now(), "assessment-paper", f"{value.period} {snapshot}")
    running.show(3, 3, "完成")
    return Written(out, value.period, 1 if unit else len(value.sheets), snapshot, len(pdf))
