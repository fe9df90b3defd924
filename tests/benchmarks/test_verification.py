"""What judging one signed return costs."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from rongchang_desk.app.clock import system_clock
from rongchang_desk.signing.envelope import Trust, open_sealed
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.racing import Race

SCRIPT = Path(__file__).with_name("plain_pyhanko.py")


def test_our_judgement_of_a_file_costs_little_more_than_plain_pyhanko(
    race: Race, corpus: Corpus, environment: dict[str, str]
) -> None:
    month = min(corpus.returns.iterdir())
    files = sorted(month.glob("*.pdf"))
    trust = Trust.from_pem(corpus.root.read_bytes())
    algorithm = ec.ECDSA(Prehashed(hashes.SHA256()))
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    signatures = {
        path: key.sign(hashlib.sha256(path.read_bytes()).digest(), algorithm) for path in files
    }

    def ours() -> float:
        begin = time.perf_counter()
        for path in files:
            opened = open_sealed(path.read_bytes(), trust, at=system_clock())
            assert opened.verdict == "valid"
        return (time.perf_counter() - begin) / len(files)

    def plain() -> float:
        done = subprocess.run(
            [sys.executable, SCRIPT, corpus.root, month],
            env=environment, capture_output=True, check=True, timeout=300,
        )  # fmt: skip
        told = json.loads(done.stdout)
        assert told["valid"] == len(files)
        return float(told["seconds"]) / len(files)

    def floor() -> float:
        begin = time.perf_counter()
        for path in files:
            public.verify(signatures[path], hashlib.sha256(path.read_bytes()).digest(), algorithm)
        return (time.perf_counter() - begin) / len(files)

    race.run(9, open_sealed=ours, pyhanko=plain, floor=floor)
    race.judge("verification of a file", "open_sealed", "floor")
    race.judge("verification of a file", "open_sealed", "pyhanko", 1.3)
