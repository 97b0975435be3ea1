"""The private key: from the environment, or from a file that only its owner may read; never printed."""

import base64
import binascii
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)

from weldspot.config.settings import SIGNING_KEY, SIGNING_KEY_FILE
from weldspot.runtime import atomic, state_files
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_CURE = "give the key that `weldspot keys make` has written: the whole of key.pem, or the line in its middle"


def load(workspace: "Workspace") -> Ed25519PrivateKey | None:
    """The key that signs; None where there is none here.

    Raises:
        WeldspotError: what is there is no Ed25519 key, or others may read its file.
    """
    settings = workspace.settings
    if given := settings.weldspot_signing_key.get_secret_value().strip():
        return parsed(given.encode(), SIGNING_KEY)
    if named := settings.weldspot_signing_key_file:
        if not Path(named).is_file():
            raise WeldspotError(f"{SIGNING_KEY_FILE}={named}: no such file; {_CURE}")
        return read(Path(named))
    return read(workspace.signing_key) if workspace.signing_key.is_file() else None


def read(path: Path) -> Ed25519PrivateKey:
    """The key in a file; raises WeldspotError as `load` does."""
    if path.stat().st_mode & 0o077:
        raise WeldspotError(f"{path}: others may read this key (mode {path.stat().st_mode & 0o777:o}); `chmod 600` it")
    with state_files.reading(path, _CURE):
        return parsed(path.read_bytes(), str(path))


def parsed(data: bytes, where: str) -> Ed25519PrivateKey:
    """The key in a PEM file, or in the line in its middle; what is wrong is told without a byte of it."""
    try:
        if b"-----BEGIN" in data:
            found = load_pem_private_key(data.replace(b"\\n", b"\n"), None)
        else:
            found = load_der_private_key(base64.b64decode(data, validate=True), None)
    except (ValueError, TypeError, UnsupportedAlgorithm, binascii.Error):
        raise WeldspotError(f"{where}: no private key, or one with a password; {_CURE}") from None
    if not isinstance(found, Ed25519PrivateKey):
        raise WeldspotError(f"{where}: a private key of another kind than Ed25519; {_CURE}")
    return found


def write(path: Path, key: Ed25519PrivateKey) -> None:
    """Writes a key where none is; nobody but its owner may read it, at no moment."""
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    atomic.make_folder(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WeldspotError(f"{path}: there is a key already, which is not written over; move it away first") from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
