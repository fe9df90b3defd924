"""Editable twins of reports and bulletins: docx and xlsx with the very same words and numbers."""

from __future__ import annotations

from pathlib import Path

from rongchang_desk.app import basis as bases
from rongchang_desk.app import issued_papers, report, report_content
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import write_whole
from rongchang_desk.app.report import Wish
from rongchang_desk.app.running import Running
from rongchang_desk.documents.paper import Paper
from rongchang_desk.errors import UsageError
from rongchang_desk.store.issued import IssuedRow


def write(desk: Desk, wish: Wish, out: Path, running: Running | None = None) -> Path:
    """The paper a wish gives now, as docx or xlsx by the file's ending.

    Raises UsageError for another ending, FoundWrong as `report.issue`, CannotWrite.
    """
    require_ending(out)
    desk.require(Role.OFFICE)
    running = running or Running()
    running.step(0, 3, "合并")
    basis = bases.gather(desk, wish.period)
    running.step(1, 3, "排版")
    paper = report_content.with_chart(report.compose(desk, wish, basis), basis)
    return _written(paper, out, running)


def write_issued(desk: Desk, row: IssuedRow, out: Path, running: Running | None = None) -> Path:
    """An issued paper as docx or xlsx, from the returns it used; raises as `write`."""
    require_ending(out)
    desk.require(Role.OFFICE)
    running = running or Running()
    running.step(0, 3, "合并")
    paper, basis = issued_papers.paper_as_issued(desk, row)
    running.step(1, 3, "排版")
    return _written(report_content.with_chart(paper, basis), out, running)


def write_paper(paper: Paper, out: Path) -> Path:
    """A paper as docx or xlsx by the file's ending; raises UsageError, CannotWrite."""
    require_ending(out)
    return _written(paper, out, Running())


def _written(paper: Paper, out: Path, running: Running) -> Path:
    from rongchang_desk.documents import docx_file, xlsx_file

    make = docx_file.render if out.suffix.lower() == ".docx" else xlsx_file.render
    data = make(paper)
    running.step(2, 3, "写入")
    write_whole(out, data)
    running.show(3, 3, "完成")
    return out


def require_ending(out: Path) -> None:
    """Raise UsageError unless a file's name says docx or xlsx."""
    if out.suffix.lower() not in (".docx", ".xlsx"):
        raise UsageError(
            f"不能写成“{out.name}”这种文件。", "请用 .docx（文字）或 .xlsx（表格）作为文件名结尾。"
        )
