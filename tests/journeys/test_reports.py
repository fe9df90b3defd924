"""Reports of all periods and the bulletin from the command line, with their twins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from tests.journeys.command import desk, told


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three units of the real plan, August to October 2026."""
    folder = tmp_path_factory.mktemp("demo") / "区"
    done = desk("demo", folder, "--units", 3, "--months", 3, "--month", "2026-10")
    assert done.returncode == 0, done.stderr
    return folder


def passphrase(demo: Path) -> str:
    return (demo / "passphrase.txt").read_text().strip()


def inside(file: Path) -> tuple[dict[str, Any], int]:
    """The payload of a report, and how many originals it carries."""
    with pikepdf.open(file) as pdf:
        payload = json.loads(pdf.attachments["report.json"].get_file().read_bytes())
        return payload, len(pdf.attachments) - 1


def test_a_quarter_and_a_year_are_issued_with_all_their_originals(
    demo: Path, tmp_path: Path
) -> None:
    office, secret = demo / "office", passphrase(demo)
    quarter = told(desk("report", office, "--quarter", "2026Q3", "--out", tmp_path / "季.pdf",
                        "--json", passphrase=secret))  # fmt: skip
    assert (quarter["period"], quarter["month"]) == ("2026Q3", "2026-09")
    payload, originals = inside(tmp_path / "季.pdf")
    assert payload["months"] == ["2026-08", "2026-09"]
    assert originals >= quarter["returns"] > 3
    year = told(
        desk(
            "report",
            office,
            "--year",
            2026,
            "--out",
            tmp_path / "年.pdf",
            "--json",
            passphrase=secret,
        )
    )
    payload, _ = inside(tmp_path / "年.pdf")
    assert payload["months"] == ["2026-08", "2026-09", "2026-10"]
    assert year["returns"] > quarter["returns"]
    for name in ("季.pdf", "年.pdf"):
        seen = told(desk("inspect", tmp_path / name, "--trust", demo / "root.pem", "--json"))
        assert seen["verdict"] == "valid"


def test_a_bulletin_comes_with_word_and_excel_twins(demo: Path, tmp_path: Path) -> None:
    words = tmp_path / "要求.txt"
    words.write_text("一是抓紧补报。\n二是核对数据。", "utf-8")
    made = told(
        desk(
            "bulletin", demo / "office", "--month", "2026-10", "--number", "荣知强办〔2026〕5号",
            "--text-file", words, "--out", tmp_path / "通报.pdf", "--docx", tmp_path / "通报.docx",
            "--xlsx", tmp_path / "通报.xlsx", "--json", passphrase=passphrase(demo),
        )
    )  # fmt: skip
    assert made["twins"] == [str(tmp_path / "通报.docx"), str(tmp_path / "通报.xlsx")]
    payload, originals = inside(tmp_path / "通报.pdf")
    assert (payload["kind"], payload["number"]) == ("bulletin", "荣知强办〔2026〕5号")
    assert originals >= made["returns"]
    texts = [paragraph.text for paragraph in Document(str(tmp_path / "通报.docx")).paragraphs]
    assert {"荣知强办〔2026〕5号", "一是抓紧补报。", "二是核对数据。"} <= set(texts)
    book = CalamineWorkbook.from_path(tmp_path / "通报.xlsx")
    assert "主要指标" in book.sheet_names


def test_a_period_must_be_named_once_and_understood(demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.pdf"
    for options, words in (
        ((), "没有指定一个期间"),
        (("--month", "2026-10", "--year", 2026), "没有指定一个期间"),
        (("--quarter", "2026Q5"), "不是季度"),
        (("--quarter", "2026-10"), "不是季度"),
    ):
        done = desk("report", demo / "office", *options, "--out", out, passphrase=None)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert not out.exists()


def test_a_twin_of_another_kind_is_refused(demo: Path, tmp_path: Path) -> None:
    done = desk("report", demo / "office", "--month", "2026-10", "--out", tmp_path / "r.pdf",
                "--docx", tmp_path / "r.doc", passphrase=passphrase(demo))  # fmt: skip
    assert done.returncode == 2
    assert "不能写成“r.doc”" in done.stderr
    assert list(tmp_path.iterdir()) == []
