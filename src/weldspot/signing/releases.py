"""A manifest is signed, and a signed one is read again."""

from dataclasses import dataclass
from datetime import UTC, datetime

from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import LARGEST_COUNTER, PRODUCTION, Release, ServedManifest, Signed, Trust
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import dsse, trust
from weldspot.signing.dsse import Unverified
from weldspot.signing.trust import Signer

RELEASE = "application/vnd.weldspot.release+json"
_LEFT = 1 / 3  # of its days: with less to go a release is signed anew, though nothing else has changed


def seal(
    signer: Signer, manifest: PublishedManifest, counter: int, days: int, channel: str = PRODUCTION
) -> ServedManifest:
    """The manifest with its signed copy, which phones take in for so many days, never longer than the key lives."""
    if counter > LARGEST_COUNTER:
        raise WeldspotError("no counter is left to sign with; `weldspot keys make --anew` begins again")
    now = datetime.now(UTC)
    release = Release(
        counter=counter,
        channel=channel,
        signed=trust.moment(now),
        expires=min(trust.moment(now, days), signer.key.expires),
        key=signer.key,
        recovery=signer.trust.recovery,
        manifest=PublishedManifest.model_validate(manifest.model_dump(exclude_unset=True, exclude={"signed"})),
    )
    envelope = dsse.sign(signer.private, RELEASE, release.json_bytes())
    return ServedManifest.of(manifest, Signed(release=envelope, successions=signer.trust.successions))


def opened(served: ServedManifest, known: Trust) -> Release:
    """The release inside, signed by the key that signs now.

    Raises:
        Unverified: it is not signed, by another key, or changed since; or says something else than what lies around it.
    """
    if served.signed is None:
        raise Unverified("it is not signed")
    key = trust.keys(known)[-1]
    payload, _ = dsse.opened(served.signed.release, RELEASE, [trust.raw(key.public)])
    release = Release.parse(payload, "the signed release")
    if ServedManifest.of(release.manifest, served.signed) != served:
        raise Unverified("what is signed in it is not what it says")
    return release


@dataclass(frozen=True)
class Standing:
    """What is served: as it is if it holds still, and the counter that the next one must be above."""

    holds: ServedManifest | None
    counter: int


def standing(
    served: object, manifest: PublishedManifest, signer: Signer, days: int, channel: str = PRODUCTION
) -> Standing:
    """Whether what is served is this manifest, signed by this signer, with enough of its days to go."""
    if not isinstance(served, ServedManifest) or served.signed is None:
        return Standing(None, 0)
    try:
        release = opened(served, signer.trust)
    except WeldspotError:  # of the key before, or nobody's: its counter is no number to go by
        return Standing(None, 0)
    left = datetime.fromisoformat(release.expires) - datetime.now(UTC)
    whole = datetime.fromisoformat(min(trust.moment(datetime.now(UTC), days), signer.key.expires)) - datetime.now(UTC)
    same = manifest.same_but_for_the_time(release.manifest) and served.signed.successions == signer.trust.successions
    same &= release.channel == channel
    return Standing(served if same and left > whole * _LEFT else None, release.counter)
