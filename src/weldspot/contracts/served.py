"""manifest.json as phones read it where the repository has a key: the same manifest, and inside it a signed copy.

The outer fields are for readers that know no signatures: older apps, `weldspot status`. A phone that holds a key reads
what is inside `signed`, and nothing else. Signed is the text of the copy, byte for byte, in a DSSE envelope
(https://github.com/secure-systems-lab/dsse), so nobody has to agree on one spelling of JSON, and one fetch brings all.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from weldspot.contracts.base import Contract, Sha256
from weldspot.contracts.manifest import PublishedManifest
from weldspot.runtime import state_files

Text = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$")]  # base64, not the alphabet of URLs
Time = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")]
Public = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]  # base64 of the 32 bytes of an Ed25519 key
Channel = Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
PRODUCTION = "production"  # the channel that every phone reads
LARGEST_COUNTER = 2**53 - 1  # of which JavaScript keeps every digit


class Signature(Contract):
    """`keyid`: SHA-256 of the key's 32 bytes; `sig`: base64 of 64 bytes."""

    keyid: Sha256
    sig: Text


class Envelope(Contract):
    """DSSE, version 1; the names of the fields are its own."""

    payloadType: str
    payload: Text
    signatures: Annotated[list[Signature], Field(min_length=1, max_length=8)]


class PublicKey(Contract):
    """The key that signs; after `expires` nothing that it signs is taken in."""

    public: Public
    expires: Time


class Succession(Contract):
    """How one key hands over to the next: whoever trusts the key `before` trusts `key` in its place from now on.

    Signed by the key `before`, or, where that is lost, by the recovery key.
    """

    before: Sha256
    key: PublicKey
    signed: Time


class Release(Contract):
    """What is signed of a manifest. `counter` grows with each: a phone takes none that is lower than one it has had.

    `channel`: which of several manifests it is, each of which counts for itself; one is never taken for another.
    `key` and `recovery`: what a phone remembers that has seen none before.
    """

    counter: Annotated[int, Field(ge=1, le=LARGEST_COUNTER)]
    channel: Channel
    signed: Time
    expires: Time
    key: PublicKey
    recovery: Public
    manifest: PublishedManifest


class Signed(Contract):
    """`release`: a Release; `successions`: from the first key to the one that signed it, oldest first."""

    release: Envelope
    successions: list[Envelope] = Field(default_factory=list)


class ServedManifest(PublishedManifest):
    """As it lies where phones look; `signed` is missing where the repository has no key."""

    cure: ClassVar[str] = state_files.FROM_REGISTRY

    signed: Signed | None = None

    @classmethod
    def of(cls, manifest: PublishedManifest, signed: Signed | None = None) -> "ServedManifest":
        """The manifest as it is served; what is one already stays as it is."""
        if isinstance(manifest, cls) and signed is None:
            return manifest
        said = manifest.model_dump(exclude_unset=True, exclude={"signed"})
        return cls.model_validate(said if signed is None else said | {"signed": signed.model_dump(exclude_unset=True)})


class Trust(Contract):
    """trust.json: the first key, and how it came from there to the one that signs now. It is public, and in git.

    `recovery` hands over where the key that signs is lost; it signs nothing else.
    """

    cure: ClassVar[str] = "restore it: `git checkout trust.json`"

    root: PublicKey
    recovery: Public
    successions: list[Envelope] = Field(default_factory=list)
