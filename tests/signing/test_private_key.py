"""The private key: where it comes from, and that nobody else sees it."""

import base64
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from signers import stranger

from weldspot.config.secrets import known_secrets
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.redaction import redact
from weldspot.signing import private_key
from weldspot.workspace import Workspace

KEY = stranger()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
LINE = PEM.splitlines()[1]
VARIABLES = ("WELDSPOT_SIGNING_KEY", "WELDSPOT_SIGNING_KEY_FILE")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def same(key: Ed25519PrivateKey | None) -> bool:
    return key is not None and key.private_bytes_raw() == KEY.private_bytes_raw()


@pytest.mark.parametrize("value", [PEM, LINE, PEM.replace("\n", "\\n"), f"  {LINE}\n"])
def test_from_the_environment_as_a_file_or_as_its_line(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WELDSPOT_SIGNING_KEY", value)
    assert same(private_key.load(Workspace(tmp_path)))


def test_from_a_file_that_the_environment_or_dot_env_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert private_key.load(Workspace(tmp_path)) is None
    private_key.write(tmp_path / "elsewhere/key.pem", KEY)
    (tmp_path / ".env").write_text("WELDSPOT_SIGNING_KEY_FILE=elsewhere/key.pem\n")
    assert same(private_key.load(Workspace(tmp_path)))  # of .env relative to itself
    monkeypatch.setenv("WELDSPOT_SIGNING_KEY_FILE", str(tmp_path / "gone.pem"))
    with pytest.raises(WeldspotError, match=r"gone\.pem: no such file"):
        private_key.load(Workspace(tmp_path))


def test_from_the_folder_of_this_machine_by_its_owner_alone(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    old = os.umask(0)
    try:
        private_key.write(workspace.signing_key, KEY)
    finally:
        os.umask(old)
    assert stat.S_IMODE(workspace.signing_key.stat().st_mode) == 0o600
    assert same(private_key.load(workspace))
    with pytest.raises(WeldspotError, match="not written over"):
        private_key.write(workspace.signing_key, Ed25519PrivateKey.generate())
    for mode in (0o640, 0o604, 0o660):
        workspace.signing_key.chmod(mode)
        with pytest.raises(WeldspotError, match="chmod 600"):
            private_key.load(workspace)


def test_what_is_no_key_is_one_line_without_a_byte_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for value in ("half-a-key", LINE[:40], PEM[:90], other.decode(), base64.b64encode(b"x" * 32).decode()):
        monkeypatch.setenv("WELDSPOT_SIGNING_KEY", value)
        with pytest.raises(WeldspotError, match=r"^WELDSPOT_SIGNING_KEY: ") as told:
            private_key.load(Workspace(tmp_path))
        assert value[:20] not in str(told.value)
    monkeypatch.delenv("WELDSPOT_SIGNING_KEY")
    key = Workspace(tmp_path).signing_key
    private_key.write(key, KEY)
    for data in (b"", bytes(range(256)), PEM.encode()[:60], b"[]"):
        key.write_bytes(data)
        with pytest.raises(WeldspotError, match=r"key\.pem: "):
            private_key.load(Workspace(tmp_path))


@pytest.mark.parametrize("value", [PEM, LINE])
def test_it_is_blanked_out_of_what_is_told(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_SIGNING_KEY", value)
    for known in (known_secrets(tmp_path / ".env"), Workspace(tmp_path).settings.secrets()):
        assert LINE not in redact(f"the server says: {value} is wrong", known)
    assert LINE not in repr(Workspace(tmp_path).settings)
