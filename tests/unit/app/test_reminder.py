"""催报通知: who is named, and when there is nobody to name."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from rongchang_desk.app import reminder
from rongchang_desk.errors import FoundWrong, UsageError
from tests.district import MONTH, District, at


def test_the_notice_names_who_is_missing_and_nobody_else(
    district: District, tmp_path: Path
) -> None:
    district.take(district.report("A1"), district.report("B1"))
    out = reminder.write(district.office, MONTH, tmp_path / "notice.docx")
    document = Document(str(out))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "关于催报2026年10月月报的通知" in texts
    assert any("应于2026年11月10日前报送" in text and "3个单位" in text for text in texts)
    named = [row.cells[1].text for row in document.tables[0].rows[1:]]
    plan = district.office.plan
    assert named == [plan.name_of(code) for code in ("A2", "C1", "C2")]


def test_after_the_due_day_the_notice_says_so(district: District) -> None:
    district.clock.now = at(20)
    words = reminder.paper(district.office, MONTH).blocks[0]
    assert "已经超过2026年11月10日的报送期限" in words.text  # type: ignore[union-attr]


def test_when_all_have_reported_there_is_no_notice(district: District, tmp_path: Path) -> None:
    codes = [unit.code for unit in district.office.plan.units]
    district.take(*(district.report(code) for code in codes))
    with pytest.raises(FoundWrong, match="没有需要催报"):
        reminder.write(district.office, MONTH, tmp_path / "notice.docx")
    assert not (tmp_path / "notice.docx").exists()


def test_a_notice_is_only_written_as_a_document(district: District, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="不能写成"):
        reminder.write(district.office, MONTH, tmp_path / "notice.pdf")
