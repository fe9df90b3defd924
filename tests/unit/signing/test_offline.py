"""Signing loads no network client."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rongchang_desk.signing.offline import NetworkClient


def test_a_process_that_signs_imports_no_network_client() -> None:
    code = "import rongchang_desk.signing.sealing, sys; print('aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_network_client_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="never goes online"):
        NetworkClient("http://localhost")
