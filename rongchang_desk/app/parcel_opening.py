"""Opening parcels 往来文件: verify, judge by the rules, apply in one transaction, tell.

A parcel that was opened before changes nothing. One that is foreign, altered, stale or for
somebody else is refused with its reasons, and changes nothing either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import evidence_taking, own_key
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.evidence_taking import Sorted
from rongchang_desk.app.files import read_bytes
from rongchang_desk.app.letters import pages_of
from rongchang_desk.domain.finding import Finding, Where, error
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.domain.parcel import (
    LIST_FILE,
    OFFICE,
    Parcel,
    ParcelKind,
    Reader,
    closing,
    file_misfits,
    misfits,
    plan_misfits,
)
from rongchang_desk.errors import FoundWrong, PlanFileError, WrongPassphrase
from rongchang_desk.store import audit, keys, records, returns
from rongchang_desk.store import parcels as stored

if TYPE_CHECKING:
    from rongchang_desk.signing.envelope import Opened

_LARGEST = 32 * 1024 * 1024
_LARGEST_AT_OFFICE = 256 * 1024 * 1024  # evidence: 200 MB of files, and some for the rest
_AGAIN = "请向发件单位重新索取。"

_UNSEALED: dict[str, str] = {
    "too-large": "文件超过允许的大小。",
    "not-a-pdf": "这不是工作台的文件，或文件开头已损坏。",
    "file-incomplete": "文件不完整，可能拷贝或下载中断。",
    "not-signed": "文件中没有工作台的签名，可能是打印件或普通PDF。",
    "not-one-revision": "文件在签名后被追加或改写过，或不是由工作台生成。",
    "signature-invalid": "文件内容与签名不符，签名后可能被改动或损坏。",
    "signature-malformed": "文件中的签名不是工作台的格式。",
    "signer-unknown": "签名证书不是本区领导小组办公室签发的，文件来源不明，请勿使用。",
    "signer-not-allowed": "签名证书不允许用于签署文件。",
    "certificate-expired": "签名证书已过有效期。",
    "certificate-not-yet-valid": "签名证书尚未生效，请检查本机日期和时间。",
    "certificate-revoked": "签名证书已被吊销，请勿使用该文件，并与办公室电话核实。",
    "revocation-unknown": "本机没有证书吊销列表，不能确认签名是否有效。",
    "revocation-stale": "本机的证书吊销列表已过期，不能确认签名是否有效；请先检查本机日期和时间。",
    "payload-missing": "这是月报、汇总报告或其他文件，不是回执、通报一类的往来文件。",
}
"""What a seal's reasons mean for a parcel; the codes are those of `signing.verdict`."""


class ParcelRefused(FoundWrong):
    """A parcel was not opened; `findings` holds why, each with a stable code."""

    def __init__(self, name: str, findings: tuple[Finding, ...], hint: str = "") -> None:
        said = "\n".join(f"  · {finding.message}" for finding in findings)
        super().__init__(
            f"“{name}”没有打开，工作台没有任何改动：\n{said}", hint or f"如有疑问，{_AGAIN}"
        )
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Applied:
    """What opening a parcel did, in Chinese; `again` when it had been opened before.

    `evidence` tells the files of an evidence parcel.
    """

    what: str
    parcel: Parcel
    again: bool = False
    evidence: Sorted | None = None


@dataclass(frozen=True, slots=True)
class _Examined:
    """A verified parcel that fits this desk; nothing of it has been applied."""

    name: str
    parcel: Parcel
    payload: bytes
    pdf: bytes
    files: dict[str, bytes]
    signer_sha256: str
    before: stored.Opened | None
    newer_list: tuple[int, bytes] | None


def look(desk: Desk, source: Path | bytes) -> Parcel:
    """The parcel in a file, verified and judged, without applying it.

    Whoever must ask for a passphrase first (a renewal) learns its kind here. Raises as
    `open_parcel` does.
    """
    return _examine(desk, source).parcel


def open_parcel(desk: Desk, source: Path | bytes, passphrase: str = "") -> Applied:
    """Open what the office sent to this unit (a path, or the file's bytes) and apply it.

    `passphrase` is asked for by a renewal only. Raises ParcelRefused with all reasons,
    PlanFileError for an unusable plan file, WrongPassphrase, CannotRead, CannotWrite; nothing
    has then changed.
    """
    desk.require(Role.UNIT)
    seen = _examine(desk, source)
    if seen.before is not None:
        return _opened_before(seen)
    apply, what, about = _EFFECTS[seen.parcel.kind](desk, seen, passphrase)
    if seen.newer_list is not None:
        what += "办公室的证书吊销列表也已更新。"
    with desk.store.transaction():
        _keep(desk, seen, about)
        if seen.newer_list is not None:
            keys.keep_crl(desk.store, *seen.newer_list, desk.now())
        apply()
    return Applied(what, seen.parcel)


def open_feedback(desk: Desk, source: Path | bytes) -> Applied:
    """Open a unit's feedback on an order, its request for time, or its evidence, and keep it.

    Raises ParcelRefused with all reasons, CannotRead; nothing has then changed.
    """
    desk.require(Role.OFFICE)
    seen = _examine(desk, source)
    if seen.parcel.kind is ParcelKind.EVIDENCE:
        return _take_evidence(desk, seen)
    if seen.before is not None:
        return _opened_before(seen)
    with desk.store.transaction():
        _keep(desk, seen, seen.parcel.answers)
    return Applied(f"已收到“{seen.parcel.issuer_name}”的{seen.parcel.name}。", seen.parcel)


def open_evidence(desk: Desk, name: str, pdf: bytes, sealed: Opened) -> Applied:
    """Take the files out of an evidence parcel whose valid envelope was opened elsewhere.

    Raises ParcelRefused with all reasons; nothing has then changed.
    """
    desk.require(Role.OFFICE)
    return _take_evidence(desk, _judged(desk, name, pdf, sealed))


def _take_evidence(desk: Desk, seen: _Examined) -> Applied:
    """Store the files a parcel brings for the first time.

    Opened again it may bring some that only a later revision lists; else nothing changes.
    """
    found = evidence_taking.sort_out(desk, seen.parcel, seen.files)
    wrong = evidence_taking.misfits(desk, seen.parcel, found)
    if wrong:
        raise ParcelRefused(seen.name, wrong)
    with desk.store.transaction():
        if seen.before is None:
            # The files are kept by themselves: kept inside the parcel as well, they would double.
            _keep(desk, replace(seen, pdf=b""), seen.parcel.answers)
        evidence_taking.keep(desk, found)
    what = f"“{seen.parcel.issuer_name}”的{seen.parcel.name}：{found.told}。{found.refused}"
    again = seen.before is not None and not found.new
    return Applied(what, seen.parcel, again, found)


def opened(desk: Desk) -> tuple[stored.Opened, ...]:
    """The parcels this desk has opened, newest issue first."""
    return tuple(reversed(stored.opened(desk.store)))


def opened_pdf(desk: Desk, parcel_id: str) -> bytes:
    """An opened parcel's file, byte for byte; KeyError for one that was not opened here.

    Of an evidence parcel only the letter is left, laid out again from its data.
    """
    pdf = stored.opened_pdf(desk.store, parcel_id)
    if pdf:
        return pdf
    row = next(row for row in stored.opened(desk.store) if row.parcel.id == parcel_id)
    return pages_of(desk, row.parcel, row.digest, stored.opened_signer(desk.store, parcel_id))


# -- verifying and judging -------------------------------------------------------


def _examine(desk: Desk, source: Path | bytes) -> _Examined:
    name = source.name if isinstance(source, Path) else "往来文件"
    pdf = read_bytes(source, _largest(desk)) if isinstance(source, Path) else source
    return _judged(desk, name, pdf, _unsealed(desk, name, pdf, None))


def _largest(desk: Desk) -> int:
    """Bytes of a parcel: only the office is sent large ones."""
    return _LARGEST_AT_OFFICE if desk.role is Role.OFFICE else _LARGEST


def _judged(desk: Desk, name: str, pdf: bytes, sealed: Opened) -> _Examined:
    """A parcel whose envelope is valid, read and judged by the desk's rules."""
    from rongchang_desk.formats import parcel_json
    from rongchang_desk.formats.errors import FormatError

    assert sealed.payload is not None
    assert sealed.signer is not None
    try:
        parcel = parcel_json.loads(sealed.payload)
    except FormatError as wrong:
        raise _refused(name, "payload-malformed", wrong.message, wrong.hint) from wrong
    history = stored.opened(desk.store)
    before = next((row for row in history if row.parcel.id == parcel.id), None)
    digest = parcel_json.digest(sealed.payload)
    if before is not None and before.digest != digest:
        raise _refused(
            name, "parcel-conflict", f"这份{parcel.name}与以前打开过的同一编号文件内容不同。"
        )
    files = {file.name: file.data for file in sealed.sources}
    # Evidence opened again may still bring files, so it must be the unit's own again.
    if before is None or parcel.kind is ParcelKind.EVIDENCE:
        _must_fit(desk, name, parcel, sealed.signer.unit_code, history, files)
    has_list = before is None and parcel.issuer == OFFICE
    newer = _newer_list(desk, name, pdf, files.get(LIST_FILE)) if has_list else None
    return _Examined(
        name, parcel, sealed.payload, pdf, files, sealed.signer.certificate_sha256, before, newer
    )


def _unsealed(desk: Desk, name: str, pdf: bytes, newer_list: bytes | None) -> Opened:
    """The opened envelope; raises ParcelRefused unless it is valid by the desk's trust."""
    from rongchang_desk.signing.envelope import Trust, open_sealed

    trust = desk.trust() if newer_list is None else Trust(desk.root(), newer_list)
    sealed = open_sealed(
        pdf, trust, at=desk.now(), payload_name="parcel.json", max_size=_largest(desk),
        allow_sources=True,
    )  # fmt: skip
    if sealed.payload is None:
        other = "文件不是工作台往来文件的样子，不予接收。"
        raise ParcelRefused(
            name,
            tuple(
                error(reason.code, Where("parcel"), _UNSEALED.get(reason.code, other))
                for reason in sealed.reasons
            ),
            _AGAIN,
        )
    return sealed


def _must_fit(
    desk: Desk,
    name: str,
    parcel: Parcel,
    signer: str,
    history: Iterable[stored.Opened],
    files: Iterable[str],
) -> None:
    office = desk.role is Role.OFFICE
    orders = stored.issued(desk.store, ParcelKind.SUPERVISION) if office else ()
    reader = Reader(
        OFFICE if office else desk.unit_code,
        desk.plan.code,
        returns=frozenset() if office else returns.issued_digests(desk.store),
        supervisions=frozenset((order.id, order.addressee) for order in orders),
        opened=tuple(row.parcel for row in history),
        issued=frozenset() if office else frozenset(p.id for p in stored.issued(desk.store)),
        problems=frozenset() if office else records.ids(desk.store, "problem"),
    )
    findings = misfits(parcel, signer, reader)
    findings += () if findings else file_misfits(parcel, files)
    if findings:
        raise ParcelRefused(name, findings)


def _newer_list(
    desk: Desk, name: str, pdf: bytes, offered: bytes | None
) -> tuple[int, bytes] | None:
    """(number, DER) of a list that rides along and is newer than the desk's own.

    By the newer list, too, the parcel must be valid: it may revoke the key that signed it.
    """
    from rongchang_desk.signing.envelope import Trust
    from rongchang_desk.signing.renewal import list_number

    if offered is None:
        return None
    try:
        number = list_number(Trust(desk.root(), offered))
    except ValueError as wrong:
        raise _refused(name, "list-unusable", "文件所带的证书吊销列表不是办公室签发的。") from wrong
    if number <= list_number(desk.trust()):
        return None
    _unsealed(desk, name, pdf, offered)
    return number, offered


def _refused(name: str, code: str, message: str, hint: str = "") -> ParcelRefused:
    return ParcelRefused(name, (error(code, Where("parcel"), message),), hint)


# -- applying --------------------------------------------------------------------

_Effect = tuple[Callable[[], object], str, str]
"""What to do inside the transaction, what it means in Chinese, and what the parcel is about."""


def _nothing() -> None:
    pass


def _receipt(_desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    parcel = seen.parcel
    which = f"{_month(parcel).label}月报第{parcel.revision}版"
    return _nothing, f"办公室已收到{which}，该月状态改为“已收”。", parcel.answers


def _returned(desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    parcel = seen.parcel
    month = parcel.month
    about = parcel.answers
    if not about and month is not None:
        mine = returns.issued(desk.store, month)
        about = mine[-1].digest if mine else ""
    label = month.label if month else ""
    why = "；".join(parcel.reasons)
    return _nothing, f"办公室退回了{label}月报：{why}。请更正后重新报送。", about


def _supervision(_desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    parcel = seen.parcel
    until = f"，请于{in_words(parcel.due)}前反馈" if parcel.due else ""
    return _nothing, f"收到督办事项“{parcel.title}”{until}，已列入待办。", ""


def _extended(_desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    parcel = seen.parcel
    said = f"同意延至{in_words(parcel.due)}" if parcel.due else "不同意延期，仍按原期限办理"
    return _nothing, f"办公室答复延期申请：{said}。", parcel.answers


def _once_more(_desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    until = f"，请于{in_words(seen.parcel.due)}前再次反馈" if seen.parcel.due else ""
    return _nothing, f"办公室要求继续办理“{seen.parcel.title}”{until}。", seen.parcel.answers


def _closed(_desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    return _nothing, f"“{seen.parcel.title}”：该督办事项已销号。", seen.parcel.answers


def _answer(_desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    what = f"办公室已答复：{seen.parcel.title}。全文见来件，双击打开。"
    return _nothing, what, seen.parcel.answers


def _reopening(_desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    return _nothing, f"{_month(seen.parcel).label}已重新开放，可以补报或更正该月月报。", ""


def _bulletin(desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    month = _month(seen.parcel)
    known = stored.opened(desk.store, ParcelKind.BULLETIN, ParcelKind.REOPENING)
    locked = closing((*(row.parcel for row in known), seen.parcel), month)
    after = (
        "该月数据已锁定，补报或更正须有办公室的补报许可。"
        if locked
        else "本单位持有此后签发的补报许可，该月仍可补报。"
    )
    return _nothing, f"收到{month.label}通报“{seen.parcel.title}”，{after}", ""


def _plan(desk: Desk, seen: _Examined, _passphrase: str) -> _Effect:
    from rongchang_desk.formats import plan_toml

    body = seen.files[ParcelKind.PLAN.carries]
    try:
        offered = plan_toml.loads(body)
    except PlanFileError as wrong:
        raise PlanFileError(
            f"“{seen.name}”所附的方案文件有错误，没有启用，仍用原方案。", wrong.findings,
            "请把这份文件退回办公室更正。",
        ) from wrong  # fmt: skip
    findings = plan_misfits(seen.parcel, desk.plan, offered, desk.unit_code)
    if findings:
        raise ParcelRefused(seen.name, findings)
    what = f"已启用方案第{offered.version}版；此前的月报仍按原方案保存。"
    return lambda: desk.adopt_plan(body), what, ""


def _renewal(desk: Desk, seen: _Examined, passphrase: str) -> _Effect:
    from rongchang_desk.signing.certificates import signer_of
    from rongchang_desk.signing.envelope import Trust
    from rongchang_desk.signing.renewal import renewed
    from rongchang_desk.signing.token import TokenKey

    if not passphrase:
        raise WrongPassphrase(
            "打开证书更新需要本工作台的口令，没有提供口令。", "请输入口令后再打开这份文件。"
        )
    certificate = seen.files[ParcelKind.RENEWAL.carries]
    trust = Trust(desk.root(), seen.newer_list[1]) if seen.newer_list else desk.trust()
    present, waiting = desk.identity(passphrase), own_key.waiting_key(desk, passphrase)
    identity = renewed(present, certificate, trust, desk.now(), waiting)
    is_new = identity.key is not present.key
    signer = signer_of(certificate)
    assert signer is not None  # `renewed` has read its holder
    kept = "密钥和口令不变。"
    if is_new:
        on_token = isinstance(identity.key, TokenKey)
        kept = "已改用本单位自有密钥，" + (
            "签名时插入 USB 密码介质，口令是介质的 PIN。" if on_token else "口令不变。"
        )
    what = f"本单位证书已更新，有效期至{in_words(signer.not_after)}；{kept}"

    def keep() -> None:
        desk.keep_identity(identity, passphrase)
        if is_new:
            desk.drop_request()

    return keep, what, ""


_EFFECTS: dict[ParcelKind, Callable[[Desk, _Examined, str], _Effect]] = {
    ParcelKind.RECEIPT: _receipt,
    ParcelKind.RETURNED: _returned,
    ParcelKind.SUPERVISION: _supervision,
    ParcelKind.REOPENING: _reopening,
    ParcelKind.BULLETIN: _bulletin,
    ParcelKind.PLAN: _plan,
    ParcelKind.RENEWAL: _renewal,
    ParcelKind.EXTENDED: _extended,
    ParcelKind.ONCE_MORE: _once_more,
    ParcelKind.CLOSED: _closed,
    ParcelKind.ANSWER: _answer,
}


def _keep(desk: Desk, seen: _Examined, about: str) -> None:
    parcel = seen.parcel
    stored.keep_opened(
        desk.store,
        parcel,
        payload=seen.payload,
        pdf=seen.pdf,
        about=about,
        signer_sha256=seen.signer_sha256,
        now=desk.now(),
    )
    detail = f"{parcel.kind} {parcel.issuer} {parcel.sequence}"
    audit.note(desk.store, desk.now(), "parcel-opened", detail)


def _opened_before(seen: _Examined) -> Applied:
    assert seen.before is not None
    when = in_words(seen.before.opened_at)
    what = f"这份{seen.parcel.name}已于{when}打开过，工作台没有改动。"
    return Applied(what, seen.parcel, again=True)


def _month(parcel: Parcel) -> Month:
    assert parcel.month is not None  # `misfits` refuses one without
    return parcel.month
