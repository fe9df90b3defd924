"""What pages cost: ours against typst, WeasyPrint, fpdf2 and Qt on the same text and tables.

The peers are no part of the product: they are installed into an environment of their own, from
`peers/requirements.txt`, the first time this runs; one that cannot be had is skipped by name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import median

import pikepdf
import pytest

from rongchang_desk import assets
from rongchang_desk.app import enrol
from rongchang_desk.app.files import read_bytes
from rongchang_desk.documents import archive, charts, paper_pdf, return_pdf
from rongchang_desk.domain.describe import fields_of, kind_label
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.plan import Plan
from rongchang_desk.signing.authority import read_authority
from rongchang_desk.signing.envelope import Source, seal
from tests.benchmarks import corpus as making
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.racing import Race
from tests.unit.documents import samples

HERE = Path(__file__).parent / "peers"
ROUNDS = 15
COLD = Path(__file__).with_name("cold_export.py")
COLD_MS = 700
MERGED_SECONDS = 3.0
_HEAVY = ("weasyprint", "fpdf2")  # about a second a round
PEERS = ("typst", "qt", *_HEAVY)


def content(plan: Plan, value: MonthlyReturn) -> list[list[object]]:
    """A return's text as blocks that any engine can set: a table for each kind of record."""
    blocks: list[list[object]] = [
        ["heading", return_pdf.title_of(plan)],
        ["text", f"报送单位：{value.unit_name}　月份：{value.month.label}　版次：{value.revision}"],
    ]
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for record in value.records.all():
        fields = fields_of(plan, record)
        key = (kind_label(record), *(title for title, _ in fields))
        tables.setdefault(key, []).append([text or "—" for _, text in fields])
    for (label, *titles), rows in tables.items():
        blocks.append(["heading", label])
        if len(titles) > 8:  # too wide for portrait: read out instead
            said = ("；".join(f"{t}：{x}" for t, x in zip(titles, r, strict=True)) for r in rows)
            blocks += [["text", text] for text in said]
        else:
            blocks.append(["table", [titles, *rows]])
    return blocks


@pytest.fixture(scope="module")
def peers_python(pytestconfig: pytest.Config) -> Path | str:
    """The interpreter of the peers' own environment; when it cannot be made, why."""
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("document-peers")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        done = subprocess.run(
            [
                python, "-m", "pip", "--disable-pip-version-check", "install", "-qq",
                "--require-hashes", "--only-binary", ":all:", "-r", HERE / "requirements.txt",
            ],
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        if done.returncode:
            return f"the peers cannot be installed: {done.stderr.strip().splitlines()[-1:]}"
        (folder / "complete").touch()
    return python


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of the typical return, as a file."""
    file = tmp_path_factory.mktemp("content") / "content.json"
    made = content(samples.plan(), samples.monthly_return())
    file.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    return file


def typeset(
    engine: str, python: Path, blocks: Path, environment: dict[str, str], rounds: int = 1
) -> tuple[float, int]:
    """Median CPU seconds of a warm round of an engine, and its pages; skips one that fails."""
    out = blocks.with_name(f"{engine}.pdf")
    done = subprocess.run(
        [python, HERE / "typeset.py", engine, blocks, assets.resource("fonts"), str(rounds), out],
        env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"{engine} does not run here: {done.stderr.strip().splitlines()[-1]}")
    with pikepdf.open(out) as pdf:
        return median(json.loads(done.stdout)["cpu"]), len(pdf.pages)


@pytest.mark.parametrize("peer", PEERS)
def test_pages_of_a_return_against_a_peer(
    race: Race, peers_python: Path | str, blocks: Path, environment: dict[str, str], peer: str
) -> None:
    """Warm CPU for the same text and tables; printed, not judged: the peers lay out otherwise."""
    if peer != "qt" and isinstance(peers_python, str):
        pytest.skip(peers_python)
    python = Path(sys.executable) if peer == "qt" else Path(peers_python)
    counts: dict[str, int] = {}

    def side(engine: str, interpreter: Path) -> float:
        cpu, counts[engine] = typeset(engine, interpreter, blocks, environment, rounds=5)
        return cpu

    race.run(
        2 if peer in _HEAVY else 5,
        desk=lambda: side("desk", Path(sys.executable)),
        **{peer: lambda: side(peer, python)},
    )
    race.judge(
        f"pages of a return ({counts['desk']} of ours, {counts[peer]} of {peer})", "desk", peer
    )


def test_a_three_page_return_warm(race: Race) -> None:
    plan, value = samples.plan(), samples.monthly_return()
    pages = 0

    def made() -> float:
        nonlocal pages
        begin = time.process_time()
        drawn = return_pdf.render(plan, value, digest=samples.DIGEST, signer=samples.SIGNER)
        finished = archive.finish(
            drawn, title="月报", author="单位", created=datetime(2026, 11, 3, tzinfo=UTC)
        )
        cpu = time.process_time() - begin
        with pikepdf.open(BytesIO(finished)) as pdf:
            pages = len(pdf.pages)
        return cpu

    race.run(ROUNDS, pages=made)
    race.judge_amount(
        f"a return of {pages} pages, warm CPU", race.medians["pages"] * 1000, "ms", COLD_MS
    )


COLD_ROUNDS = 6


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A department's desk with its key file, joined from a kit, and typical months recorded."""
    folder = tmp_path_factory.mktemp("cold")
    body, plan = making.shipped_plan()
    with enrol.create_office(folder / "office", making.PASSPHRASE, plan_file=body) as office:
        (kit,) = enrol.enrol(office, ["D05"], making.PASSPHRASE, folder / "kits")
    with enrol.join(folder / "unit", kit.path, kit.password, making.PASSPHRASE) as desk:
        for month in making.last_months(plan, COLD_ROUNDS + 1):
            making.record_month(desk, month)
    return folder / "unit"


def test_a_cold_export_in_a_fresh_process(
    race: Race, unit: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """CPU from the interpreter's start to the signed file, the key's opening told apart."""
    months = iter(making.last_months(making.shipped_plan()[1], COLD_ROUNDS + 1))
    known = environment | {"RONGCHANG_DESK_PASSPHRASE": making.PASSPHRASE}
    keys: list[float] = []

    def exported() -> float:
        done = subprocess.run(
            [sys.executable, COLD, unit, str(next(months)), tmp_path / "return.pdf"],
            env=known, check=True, capture_output=True,
        )  # fmt: skip
        told = json.loads(done.stdout)
        keys.append(told["key"])
        return float(told["whole"] - told["key"])

    race.run(COLD_ROUNDS, export=exported)
    race.tell(f"opening the key file, slow on purpose: {median(keys) * 1000:.0f} ms CPU")
    race.judge_amount(
        "export in a fresh process, CPU without opening the key",
        race.medians["export"] * 1000, "ms", COLD_MS,
    )  # fmt: skip


def test_a_merged_report_of_forty_pages_with_39_originals(race: Race, corpus: Corpus) -> None:
    """Chart, pages, finishing, embedding and signing; wall clock."""
    month = max(folder.name for folder in corpus.returns.iterdir())
    files = sorted((corpus.returns / month).glob("*.pdf"))
    assert len(files) == 39
    sources = [Source(f"{f.stem}_{month}_r1.pdf", f.read_bytes()) for f in files]
    authority = read_authority(read_bytes(corpus.office / "keys" / "root.p12"), making.PASSPHRASE)
    _, plan = making.shipped_plan()
    identity = making.identity_of(authority, plan.units[0])
    paper = samples.report_paper(39, charts=False)
    whole = replace(paper, blocks=(*paper.blocks, *(paper.blocks[-1:] * 33)))
    made = b""

    def report() -> None:
        nonlocal made
        figure = charts.target_progress(samples.progress_rows())
        charts.to_pdf(figure)
        now = datetime.now(UTC)
        pages = archive.finish(
            paper_pdf.render(whole), title="汇总报告", author="办公室", created=now
        )
        made = seal(
            pages, b"{}", identity, payload_name="report.json", signed_at=now, sources=sources
        )

    race.run(5, report=report)
    with pikepdf.open(BytesIO(made)) as pdf:
        count = len(pdf.pages)
    assert count >= 40
    race.judge_amount(
        f"merged report, {count} pages, 39 originals", race.medians["report"], "s", MERGED_SECONDS
    )
