"""Lists for spreadsheets."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import python_calamine

from rongchang_desk.app.table_export import write_table
from rongchang_desk.errors import CannotWrite
from rongchang_desk.formats import plain_table

HEADER = ("单位", "说明")
ROWS = [("区科技局", "=1+1"), ("仁义镇", "一行\n两行"), ("-3", "")]


def test_a_workbook_holds_every_text_as_text() -> None:
    data = plain_table.to_xlsx("清单", HEADER, ROWS)
    rows = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows == [list(HEADER), *map(list, ROWS)]


def test_a_csv_runs_no_formula_and_keeps_chinese() -> None:
    data = plain_table.to_csv(HEADER, ROWS)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["区科技局", "'=1+1"]
    assert rows[2] == ["仁义镇", "一行\n两行"]
    assert rows[3][0] == "'-3"


def test_the_ending_chooses_the_kind_and_a_missing_one_means_xlsx(tmp_path: Path) -> None:
    assert write_table(tmp_path / "a.csv", "清单", HEADER, ROWS).read_bytes()[:3] == b"\xef\xbb\xbf"
    out = write_table(tmp_path / "清单.2026", "清单", HEADER, ROWS)
    assert out.name == "清单.2026.xlsx"
    assert out.read_bytes()[:2] == b"PK"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite):
        write_table(tmp_path / "file" / "a.csv", "清单", HEADER, ROWS)
