"""The acceptance binder 验收材料: a folder that a third party can check without this program.

By task: an index, the evidence files; once for all: the signed originals byte for byte, a list
for `sha256sum -c`, the root certificate and the exact `pdfsig` commands. The folder (and the
zip) appear whole or not at all; nothing that exists is ever replaced.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import binder_content, district
from rongchang_desk.app.binder_content import TaskContent
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.evidence import safe_name
from rongchang_desk.app.files import cannot_write, make_folder
from rongchang_desk.app.running import Running
from rongchang_desk.domain.merge import Filed
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.store import audit, returns
from rongchang_desk.store import evidence as contents

if TYPE_CHECKING:
    from rongchang_desk.documents.binder_pdf import EvidenceRow, OriginalRow, TaskIndex

LIST, GUIDE, ROOT, INDEX = "核验清单.txt", "核验说明.txt", "根证书.pem", "总目录.pdf"
ORIGINALS, EVIDENCE = "月报原件", "佐证材料"


@dataclass(frozen=True, slots=True)
class Bound:
    """A binder that was written.

    `evidence` files came along, `listed` ones are only named by their hash: their units sent no
    evidence parcel. `list_sha256` is the hash of the check list: written down elsewhere, it
    protects all the rest.
    """

    folder: Path
    archive: Path | None
    tasks: int
    originals: int
    evidence: int
    listed: int
    files: int
    size: int
    list_sha256: str


@dataclass
class _Folder:
    """The folder while it is being made: every file written is put on the list."""

    place: Path
    hashes: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def write(self, name: str, data: bytes) -> str:
        """Write a file whole; its SHA-256. Raises CannotWrite."""
        path = self.place / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            raise cannot_write(path, problem) from problem
        self.hashes[name] = hashlib.sha256(data).hexdigest()
        self.size += len(data)
        return self.hashes[name]


def years(desk: Desk) -> tuple[int, ...]:
    """The years this desk received returns of."""
    return tuple(sorted({month.year for month in returns.received_months(desk.store)}))


def bind(
    desk: Desk,
    out: Path,
    *,
    task: int | None = None,
    year: int | None = None,
    archive: bool = False,
    running: Running | None = None,
) -> Bound:
    """Write the binder into a new folder `out`; with `archive` the same as `out`.zip as well.

    `task` and `year` narrow it down. Raises UsageError for an unknown task or a place that is
    taken, FoundWrong when there is nothing to bind, CannotWrite, Cancelled: then nothing of it
    remains.
    """
    desk.require(Role.OFFICE)
    running = running or Running()
    out = out.absolute()
    packed = out.with_name(f"{out.name}.zip") if archive else None
    numbers = _tasks(desk, task)
    _refuse_taken(out, packed)
    running.step(0, 1, "汇集月报")
    first, last = _span(desk, year)
    picture = district.merged(desk, last)
    heads = binder_content.heads_between(picture, first, last)
    found = tuple(binder_content.of_task(desk.plan, heads, no) for no in numbers)
    if task is not None:
        cited = {placed.filed.digest for content in found for placed in content.placed}
        heads = tuple(head for head in heads if head.digest in cited)
    if not heads:
        raise FoundWrong("没有可以汇编的月报。", "请核对任务和年份，或先接收各单位的月报。")
    chains = binder_content.chains(picture, heads)
    make_folder(out.parent)
    try:
        place = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name[:20]}-"))
    except OSError as problem:
        raise cannot_write(out, problem) from problem
    try:
        made = _Maker(
            desk, _Folder(place / "folder"), running, first, last, district.fingerprint(picture)
        )
        bound = made.write(found, heads, chains)
        if packed is not None:
            _pack(place / "zip", place / "folder", out.name, running)
        running.step(1, 1, "完成")
        _appear(place, out, packed)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    with desk.store.transaction():
        audit.note(desk.store, desk.now(), "binder", f"{first}..{last} {bound.list_sha256}")
    return Bound(
        out, packed, len(found), bound.originals, bound.evidence, bound.listed,
        len(made.folder.hashes), made.folder.size, bound.list_sha256,
    )  # fmt: skip


def _tasks(desk: Desk, task: int | None) -> tuple[int, ...]:
    if task is not None and not desk.plan.has_task(task):
        raise UsageError(f"方案中没有第 {task} 项任务。", "请核对任务序号。")
    return (task,) if task is not None else tuple(t.no for t in desk.plan.tasks)


def _refuse_taken(out: Path, packed: Path | None) -> None:
    for path in (out, packed):
        if path is not None and (path.exists() or path.is_symlink()):
            raise UsageError(f"“{path}”已经存在，没有覆盖。", "请换一个名称或位置。")


def _span(desk: Desk, year: int | None) -> tuple[Month, Month]:
    received = returns.received_months(desk.store)
    if year is not None:
        received = tuple(month for month in received if month.year == year)
    if not received:
        raise FoundWrong("没有可以汇编的月报。", "请核对年份，或先接收各单位的月报。")
    return received[0], received[-1]


@dataclass(frozen=True, slots=True)
class _Counts:
    originals: int
    evidence: int
    listed: int
    list_sha256: str


@dataclass
class _Maker:
    """Writes one binder into a folder of its own."""

    desk: Desk
    folder: _Folder
    running: Running
    first: Month
    last: Month
    fingerprint: str

    @property
    def _months(self) -> str:
        if self.first == self.last:
            return self.first.label
        return f"{self.first.label}至{self.last.label}"

    def write(
        self,
        tasks: tuple[TaskContent, ...],
        heads: tuple[Filed, ...],
        chains: Mapping[str, tuple[Filed, ...]],
    ) -> _Counts:
        """All files, the check list last."""
        filed = [one for head in heads for one in chains[head.digest]]
        self._total = len(filed) + 2 * len(tasks) + 1
        originals = self._originals(filed, {head.digest for head in heads})
        indexes = [
            self._task(content, originals, chains, len(filed) + 2 * number)
            for number, content in enumerate(tasks)
        ]
        self.running.step(self._total - 1, self._total, "编总目录和核验清单")
        self._whole(indexes, tuple(originals.values()))
        self._guide(tuple(originals.values()))
        evidence = {row.sha256: row for index in indexes for row in index.evidence}
        listed = sum(not row.path for row in evidence.values())
        return _Counts(len(filed), len(evidence) - listed, listed, self._check_list())

    def _originals(self, filed: Iterable[Filed], counting: set[str]) -> dict[str, OriginalRow]:
        """The signed files as they came, by digest; earlier revisions are marked."""
        from rongchang_desk.documents.binder_pdf import OriginalRow

        rows: dict[str, OriginalRow] = {}
        for number, one in enumerate(filed, 1):
            name = self.desk.plan.name_of(one.unit)
            self.running.step(number - 1, self._total, f"取出原件 {name} {one.month}")
            revision = one.monthly_return.revision
            path = f"{ORIGINALS}/{one.month}/{safe_name(f'{one.unit}_{name}')}_第{revision}版.pdf"
            sha256 = self.folder.write(path, returns.original(self.desk.store, one.digest))
            told = f"第{revision}版" + ("" if one.digest in counting else "\n已更正")
            received = f"{one.received_at:%Y-%m-%d %H:%M}"
            rows[one.digest] = OriginalRow(
                number, name, str(one.month), told, received, path, sha256
            )
        return rows

    def _task(
        self,
        content: TaskContent,
        originals: Mapping[str, OriginalRow],
        chains: Mapping[str, tuple[Filed, ...]],
        done: int,
    ) -> TaskIndex:
        """One task's evidence files and index."""
        from rongchang_desk.documents import binder_pdf
        from rongchang_desk.documents.binder_pdf import ProgressRow, RecordRow, TaskIndex

        plan = self.desk.plan
        task = plan.task(content.no)
        place = f"任务{task.no:02d}_{safe_name(task.title)}"
        self.running.step(done, self._total, f"任务{task.no}：取出佐证材料")
        evidence = self._evidence(content, place, originals)
        self.running.step(done + 1, self._total, f"任务{task.no}：排目录")
        used = dict.fromkeys(
            one.digest for p in content.placed for one in chains[p.filed.digest]
        )  # fmt: skip
        index = TaskIndex(
            no=task.no,
            title=task.title,
            text=task.text,
            lead=plan.name_of(task.lead),
            support="、".join(map(plan.name_of, task.support)),
            span=self._months,
            progress=tuple(
                ProgressRow(
                    str(p.filed.month), plan.name_of(p.filed.unit),
                    *binder_content.progress_texts(p.record), originals[p.filed.digest].number,
                )
                for p in content.progress
            ),
            records=tuple(
                RecordRow(
                    binder_content.day_of(p.record), plan.name_of(p.filed.unit),
                    *binder_content.label_of(plan, p.record), originals[p.filed.digest].number,
                )
                for p in content.records
            ),
            evidence=evidence,
            originals=tuple(originals[digest] for digest in used),
        )  # fmt: skip
        pages = binder_pdf.render_task(index, author=plan.office_name)
        self._pdf(f"{place}/目录.pdf", pages, f"验收材料目录 任务{task.no}")
        return index

    def _evidence(
        self, content: TaskContent, place: str, originals: Mapping[str, OriginalRow]
    ) -> tuple[EvidenceRow, ...]:
        """Write the evidence files that the desk holds, each content once a task."""
        from rongchang_desk.documents.binder_pdf import EvidenceRow

        plan = self.desk.plan
        written: dict[str, str] = {}
        rows = []
        for one, placed in content.evidence():
            if one.sha256 not in written:
                body = contents.body(self.desk.store, one.sha256)
                sound = body is not None and hashlib.sha256(body).hexdigest() == one.sha256
                path = f"{place}/{EVIDENCE}/{one.sha256[:12]}_{safe_name(one.name)}"
                if sound and body is not None:
                    self.folder.write(path, body)
                written[one.sha256] = path if sound else ""
            kind, name = binder_content.label_of(plan, placed.record)
            rows.append(
                EvidenceRow(
                    one.name, one.size, one.sha256, plan.name_of(placed.filed.unit),
                    f"{kind}：{name}", written[one.sha256],
                    originals[placed.filed.digest].number,
                )
            )  # fmt: skip
        return tuple(rows)

    def _whole(self, indexes: list[TaskIndex], originals: tuple[OriginalRow, ...]) -> None:
        from rongchang_desk.documents import binder_pdf
        from rongchang_desk.documents.binder_pdf import WholeIndex
        from rongchang_desk.signing.certificates import fingerprint

        plan, now = self.desk.plan, self.desk.now()
        index = WholeIndex(
            title=f"{plan.title.split('（', maxsplit=1)[0].removesuffix('工作方案')}验收材料",
            span=self._months,
            made=in_words(now),
            issuer=plan.office_name,
            fingerprint=self.fingerprint,
            root=fingerprint(self.desk.root()),
            tasks=tuple(indexes),
            originals=originals,
        )
        self._pdf(INDEX, binder_pdf.render_whole(index), "验收材料总目录")

    def _pdf(self, name: str, pages: bytes, title: str) -> None:
        from rongchang_desk.documents import archive

        office, now = self.desk.plan.office_name, self.desk.now()
        self.folder.write(name, archive.finish(pages, title=title, author=office, created=now))

    def _guide(self, originals: tuple[OriginalRow, ...]) -> None:
        """The root, and how to check everything with other people's programs."""
        from rongchang_desk.signing.certificates import fingerprint

        root = self.desk.root()
        self.folder.write(ROOT, ssl.DER_cert_to_PEM_cert(root).encode())
        text = guide(
            fingerprint(root),
            [row.path for row in originals],
            self.desk.plan.office_name,
            self.desk.now(),
        )
        self.folder.write(GUIDE, text.encode())

    def _check_list(self) -> str:
        """Write the list of all files so far; its own SHA-256."""
        lines = [f"{self.folder.hashes[name]}  {name}\n" for name in sorted(self.folder.hashes)]
        return self.folder.write(LIST, "".join(lines).encode())


def guide(root: str, originals: Iterable[str], issuer: str, now: datetime) -> str:
    """How to check a binder with sha256sum and pdfsig alone; commands stand behind `$ `."""
    commands = "\n".join(f'$ pdfsig -nssdir sql:nss "{path}"' for path in originals)
    grouped = " ".join(root[n : n + 4].upper() for n in range(0, len(root), 4))
    return f"""验收材料核验说明
{issuer}，{in_words(now)}

核验不需要本软件。请在终端里进入本文件夹，逐行执行“$”后面的命令。

一、核对文件是否完整、有没有改动（sha256sum）

$ sha256sum -c {LIST}

每个文件都显示 OK（成功）才算完整。有一个字节不同，就会显示 FAILED（失败）。

二、核对根证书（指纹应与办公室书面公布的一致）

根证书指纹（SHA-256）：
{grouped}

$ openssl x509 -in {ROOT} -noout -fingerprint -sha256

三、核对月报原件上的数字签名（pdfsig，Debian 在 poppler-utils 包里）

先让 pdfsig 认识上面的根证书（certutil 在 libnss3-tools 包里，只做一次）：

$ mkdir nss
$ certutil -N -d sql:nss --empty-password
$ certutil -A -d sql:nss -n office -t CT,C,C -i {ROOT}

再逐份核对，每份都应有这两行：
  Signature Validation: Signature is Valid.
  Certificate Validation: Certificate is Trusted.
“Signer Certificate Common Name”一行是报送单位。没有 certutil 时，去掉“-nssdir sql:nss”也能核对
签名本身，只是不显示证书可信。证书过期后只显示证书已过期，签名本身仍应有效；收到的时间
见总目录。

{commands}
"""


def _pack(target: Path, folder: Path, name: str, running: Running) -> None:
    """The folder as one zip; raises CannotWrite."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for number, path in enumerate(paths):
                inside = path.relative_to(folder).as_posix()
                running.step(number, len(paths), f"压缩 {path.name}")
                made.write(path, f"{name}/{inside}")
        with target.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as problem:
        raise cannot_write(target, problem) from problem


def _appear(place: Path, out: Path, packed: Path | None) -> None:
    """Give folder and zip their names; both or none. Raises CannotWrite."""
    undo: list[Callable[[], object]] = []
    try:
        if packed is not None:
            (place / "zip").chmod(0o644)
            (place / "zip").rename(packed)
            undo.append(packed.unlink)
        (place / "folder").chmod(0o755)
        (place / "folder").rename(out)
    except OSError as problem:
        for step in undo:
            step()
        raise cannot_write(out, problem) from problem
