"""Envelopes: bytes, what they are, and Ed25519 signatures over both (https://github.com/secure-systems-lab/dsse)."""

import base64
import hashlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from weldspot.contracts.served import Envelope, Signature
from weldspot.runtime.errors import WeldspotError


class Unverified(WeldspotError):
    """An envelope that does not hold what is asked of it."""


def pae(kind: str, payload: bytes) -> bytes:
    """What is signed: "DSSEv1", and type and payload each behind its length, so that neither passes for the other."""
    name = kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def raw(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of its public half."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: bytes) -> str:
    """SHA-256 of a public key's 32 bytes."""
    return hashlib.sha256(public).hexdigest()


def sign(key: Ed25519PrivateKey, kind: str, payload: bytes) -> Envelope:
    """The payload in an envelope of this type, signed."""
    signature = Signature(keyid=key_id(raw(key)), sig=_text(key.sign(pae(kind, payload))))
    return Envelope(payloadType=kind, payload=_text(payload), signatures=[signature])


def opened(envelope: Envelope, kind: str, keys: Iterable[bytes]) -> tuple[bytes, str]:
    """The payload, and the id of the key of these (32 bytes each) that has signed it.

    Raises:
        Unverified: it is of another type, of another key, or was changed since.
    """
    if envelope.payloadType != kind:
        raise Unverified(f"it is {envelope.payloadType[:80]}, not {kind}")
    known = {key_id(key): key for key in keys}
    payload = _bytes(envelope.payload)
    for signature in envelope.signatures:
        if (public := known.get(signature.keyid)) is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(_bytes(signature.sig), pae(kind, payload))
        except InvalidSignature:
            raise Unverified(f"it was changed since key {signature.keyid[:12]}… signed it") from None
        return payload, signature.keyid
    signers = ", ".join(f"{signature.keyid[:12]}…" for signature in envelope.signatures)
    raise Unverified(
        f"key {signers} signed it, which is none of {', '.join(f'{key[:12]}…' for key in known) or 'ours'}"
    )


def unopened(envelope: Envelope) -> bytes:
    """The payload, whoever has signed it: for what is to be compared, never for what is to be believed."""
    return _bytes(envelope.payload)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Unverified("its base64 is damaged") from None
