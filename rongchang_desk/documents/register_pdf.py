"""The register of keys 密钥登记簿 on paper: every certificate of the office, with its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.signature import SignatureBlock, SignerBlock, rows_for
from rongchang_desk.documents.tables import Cell, Column, Table
from rongchang_desk.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One certificate, in words; serial and fingerprint in hex."""

    unit: str
    code: str
    serial: str
    sha256: str
    route: str
    issued: str
    valid_until: str
    state: str


def render(
    plan: Plan,
    lines: Sequence[Line],
    *,
    moment: str,
    root_sha256: str,
    list_number: int,
    ledger: tuple[int, str] | None,
    digest: str,
    signer: SignerBlock,
) -> bytes:
    """The register as an unfinished PDF, landscape; `ledger` is the (row, hash) of its head."""
    columns = [
        Column("序号", "center", least=24, most=30),
        Column("单位", least=92, most=120),
        Column("来源", "center", least=36, most=50),
        Column("签发", "center", least=56, most=62),
        Column("有效期至", "center", least=56, most=62),
        Column("状态", least=90, most=150),
        Column("证书指纹（SHA-256）", least=208),
    ]
    rows: list[list[str | Cell]] = [
        [
            Cell(str(number), "center"),
            f"{line.unit}（{line.code}）",
            line.route,
            line.issued,
            line.valid_until,
            line.state,
            _two_rows(line.sha256),
        ]
        for number, line in enumerate(lines, 1)
    ]
    books = f"收文账第 {ledger[0]} 行，{page.groups_of_four(ledger[1])}" if ledger else "尚无收文"
    closing = SignatureBlock(rows_for(signer, digest))
    table = Table(columns, rows, width=page.HEIGHT, size=page.SMALL_5, leading=12.5)
    table.followed_by = page.height_of([closing]) + table.spaceAfter + 12
    story = [
        *page.headline("密钥登记簿"),
        page.gap(4),
        _line(f"{plan.office_name}　截至 {moment}　共 {len(lines)} 张证书"),
        _line(f"根证书指纹　{page.groups_of_four(root_sha256)}"),
        _line(f"吊销列表　第 {list_number} 号　　账首　{books}"),
        page.gap(6),
        table,
        page.gap(12),
        page.together([closing]),
    ]
    return page.build(
        story,
        title="密钥登记簿",
        author=plan.office_name,
        running=f"密钥登记簿　{moment}　摘要 {page.groups_of_four(digest[:8])}",
        first=page.LANDSCAPE,
    )


def _line(text: str) -> Paragraph:
    return Paragraph(text, size=page.SMALL_5, leading=14, face=fonts.SONG, align="left")


def _two_rows(sha256: str) -> str:
    words = page.groups_of_four(sha256).split(" ")
    return f"{' '.join(words[:8])}\n{' '.join(words[8:])}"
