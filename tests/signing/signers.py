"""A repository with keys, for tests."""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from exported import manifest

from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import Envelope
from weldspot.signing import keys, trust
from weldspot.signing.trust import Signer
from weldspot.workspace import Workspace

DAYS = 180


def with_keys(folder: Path) -> Workspace:
    """A folder with a key, its recovery key and trust.json."""
    workspace = Workspace(folder)
    keys.make(workspace, 730, False)
    return workspace


def signer_of(workspace: Workspace) -> Signer:
    found = trust.signer(workspace)
    assert found is not None
    return found


def stranger() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"a stranger's key, thirty-two byt")


def published(version: str = "3") -> PublishedManifest:
    return manifest(f"model {version}".encode()).as_published(version)


def tampered(envelope: Envelope, before: bytes, after: bytes) -> Envelope:
    """With other bytes in what was signed."""
    payload = base64.b64decode(envelope.payload)
    assert before in payload
    changed = base64.b64encode(payload.replace(before, after)).decode()
    return envelope.model_copy(update={"payload": changed})
