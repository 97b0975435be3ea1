"""trust.json: which key may sign, and how it came to be that one. In git, so that every clone knows it."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from weldspot.contracts.served import Envelope, PublicKey, Succession, Trust
from weldspot.runtime import atomic
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged
from weldspot.signing import dsse, private_key

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

SUCCESSION = "application/vnd.weldspot.succession+json"


@dataclass(frozen=True)
class Signer:
    """What it takes to sign: the private key, what phones know of it, and how they came to know it."""

    private: Ed25519PrivateKey
    key: PublicKey
    trust: Trust


def read(workspace: "Workspace") -> Trust | None:
    """trust.json, None where there is none; raises Damaged."""
    return Trust.found(workspace.trust)


def write(workspace: "Workspace", trust: Trust) -> None:
    """Writes trust.json."""
    atomic.write_bytes(workspace.trust, trust.json_bytes())


def raw(public: str) -> bytes:
    """The 32 bytes of a public key."""
    return base64.b64decode(public)


def public_key(key: Ed25519PrivateKey, days: int) -> PublicKey:
    """What others know of it, and that it signs for so many days from now."""
    return PublicKey(public=base64.b64encode(dsse.raw(key)).decode(), expires=moment(datetime.now(UTC), days))


def moment(start: datetime, days: float = 0) -> str:
    """A time as the contracts have it."""
    return (start + timedelta(days=days)).isoformat(timespec="seconds")


def keys(trust: Trust) -> list[PublicKey]:
    """Every key that has signed here, in order; the last is the one that signs now.

    Raises:
        Damaged: a key did not come from the one before it.
    """
    found = [trust.root]
    for number, envelope in enumerate(trust.successions, 1):
        before = raw(found[-1].public)
        try:
            payload, _ = dsse.opened(envelope, SUCCESSION, [before, raw(trust.recovery)])
        except dsse.Unverified as error:
            raise Damaged("trust.json", f"succession {number}: {error}", Trust.cure) from error
        said = Succession.parse(payload, f"trust.json: succession {number}", Trust.cure)
        if said.before != dsse.key_id(before):
            raise Damaged("trust.json", f"succession {number}: it comes after another key", Trust.cure)
        found.append(said.key)
    return found


def succession(signer: Ed25519PrivateKey, before: PublicKey, key: PublicKey) -> Envelope:
    """The word of `signer` (the key before, or the recovery key) that `key` takes the place of `before`."""
    said = Succession(before=dsse.key_id(raw(before.public)), key=key, signed=moment(datetime.now(UTC)))
    return dsse.sign(signer, SUCCESSION, said.json_bytes())


def signer(workspace: "Workspace") -> Signer | None:
    """Who signs here; None where the repository has no key, and so signs nothing.

    Raises:
        WeldspotError: there should be a key and is none, or it is another one, or it has expired.
    """
    trust, private = read(workspace), private_key.load(workspace)
    if trust is None and private is None:
        return None
    if trust is None or private is None:
        raise WeldspotError(
            "there is a signing key and no trust.json that knows it; `git pull`, or `weldspot keys make`"
            if trust is None
            else "trust.json says that this repository signs, and there is no key here: set WELDSPOT_SIGNING_KEY or "
            f"WELDSPOT_SIGNING_KEY_FILE, or put it at {workspace.signing_key} (docs/signing.md, also on a lost key)"
        )
    key = keys(trust)[-1]
    if dsse.raw(private) != raw(key.public):
        ours, theirs = dsse.key_id(dsse.raw(private))[:12], dsse.key_id(raw(key.public))[:12]
        raise WeldspotError(f"the signing key is {ours}…, trust.json says {theirs}…; give that one, or `git pull`")
    if expired(key):
        raise WeldspotError(f"the signing key has expired on {key.expires[:10]}; `weldspot keys rotate` makes the next")
    return Signer(private, key, trust)


def expired(key: PublicKey) -> bool:
    """Whether what it signs now is taken in by nobody."""
    return datetime.fromisoformat(key.expires) <= datetime.now(UTC)
