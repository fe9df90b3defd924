"""A unit's key on a USB token, with SoftHSM2 as the token."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from rongchang_desk.app import backup, export, key_register, own_key, parcel_opening
from rongchang_desk.errors import CannotRead, WrongPassphrase
from rongchang_desk.signing import token as tokens
from tests.district import MONTH, PASSPHRASE, District

PIN, LABEL = "624913", "东门街道介质"
LIBRARY = next(
    (
        path
        for path in (
            "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        )
        if Path(path).is_file()
    ),
    "",
)  # fmt: skip
pytestmark = pytest.mark.skipif(
    not LIBRARY or shutil.which("softhsm2-util") is None, reason="softhsm2 is not installed"
)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> own_key.Token:
    """An empty token; its library reads the environment once a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", "87654321",
         "--pin", PIN],
        check=True, capture_output=True,
    )  # fmt: skip
    return own_key.Token(LIBRARY, LABEL, PIN)


@pytest.fixture
def on_token(district: District, token: own_key.Token, tmp_path: Path) -> District:
    """B1 signs with a key that was made on the token and certified by the office."""
    desk = district.desk("B1")
    asked = own_key.make_request(desk, PASSPHRASE, tmp_path / "申请.csr", token=token)
    made = key_register.issue(
        district.office, asked.file, asked.fingerprint, PASSPHRASE, date(2026, 11, 12)
    )
    told = parcel_opening.open_parcel(desk, made.file, PASSPHRASE)
    assert "USB 密码介质" in told.what
    return district


def test_a_return_signed_on_the_token_is_taken_in(on_token: District) -> None:
    desk = on_token.desk("B1")
    assert not (desk.keys / "identity.p12").exists()
    assert PIN.encode() not in desk.token_file.read_bytes()
    identity = desk.identity(PIN)
    assert PIN not in repr(identity)
    on_token.record("B1", on_token.progress("B1"))
    file = on_token.folder / "returns" / "token.pdf"
    export.export(desk, MONTH, identity, out=file)
    assert [o.outcome for o in on_token.take(file).outcomes] == ["accepted"]
    assert not backup.diagnose(desk).findings


def test_a_wrong_pin_signs_nothing(on_token: District) -> None:
    with pytest.raises(WrongPassphrase, match="PIN"):
        on_token.desk("B1").identity("000000")
    with pytest.raises(WrongPassphrase):
        on_token.desk("B1").identity(PASSPHRASE)
    assert on_token.desk("B1").identity(PIN).unit_code == "B1"


def test_a_token_that_is_not_there_is_told(
    district: District, token: own_key.Token, tmp_path: Path
) -> None:
    desk = district.desk("C1")
    other = own_key.Token(token.library, "别的介质", PIN)
    nothing = own_key.Token(str(tmp_path / "none.so"), LABEL, PIN)
    for wrong in (other, nothing):
        with pytest.raises(CannotRead, match="没有找到 USB 密码介质"):
            own_key.make_request(desk, PASSPHRASE, tmp_path / "申请.csr", token=wrong)
    assert not desk.token_request.exists()
    assert not (tmp_path / "申请.csr").exists()
    assert desk.identity(PASSPHRASE).unit_code == "C1"


def test_asking_again_is_about_the_same_key(
    district: District, token: own_key.Token, tmp_path: Path
) -> None:
    desk = district.desk("C2")
    first = own_key.make_request(desk, PASSPHRASE, tmp_path / "1.csr", token=token)
    again = own_key.make_request(desk, PASSPHRASE, tmp_path / "2.csr", token=token)
    assert (again.again, again.fingerprint) == (True, first.fingerprint)
    assert own_key.own_key(desk).waiting


def test_a_damaged_note_of_the_token_is_told(on_token: District) -> None:
    desk = on_token.desk("B1")
    good = desk.token_file.read_bytes()
    for body in (b"", b"{}", good[:-20], good.replace(b'"format": 1', b'"format": 9')):
        with pytest.raises(CannotRead, match="已损坏"):
            tokens.loads(body)
