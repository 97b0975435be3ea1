"""A manifest that is signed says the same inside as outside, and is signed anew when it has to be."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from signers import DAYS, published, signer_of, stranger, tampered, with_keys

from weldspot.contracts.served import LARGEST_COUNTER, ServedManifest, Signed
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import dsse, keys, releases, trust
from weldspot.signing.dsse import Unverified
from weldspot.workspace import Workspace


@pytest.fixture
def repository(tmp_path: Path) -> Workspace:
    return with_keys(tmp_path)


def sealed(workspace: Workspace, version: str = "3", counter: int = 5, days: int = DAYS) -> ServedManifest:
    return releases.seal(signer_of(workspace), published(version), counter, days)


def test_signed_served_and_read_again(repository: Workspace) -> None:
    served = ServedManifest.parse(sealed(repository).json_bytes(), "the server")
    release = releases.opened(served, signer_of(repository).trust)
    assert release.manifest.same_but_for_the_time(published())
    assert (release.counter, release.key) == (5, signer_of(repository).key)
    left = datetime.fromisoformat(release.expires) - datetime.now(UTC)
    assert timedelta(days=DAYS - 1) < left <= timedelta(days=DAYS)


def test_it_does_not_outlive_its_key(repository: Workspace) -> None:
    release = releases.opened(sealed(repository, days=3650), signer_of(repository).trust)
    assert release.expires == signer_of(repository).key.expires


def test_unsigned_changed_inside_or_outside_and_of_another_key(repository: Workspace) -> None:
    known, served = signer_of(repository).trust, sealed(repository)
    assert served.signed is not None
    with pytest.raises(Unverified, match="not signed"):
        releases.opened(ServedManifest.of(published()), known)
    inside = Signed(release=tampered(served.signed.release, b'"counter": 5', b'"counter": 6'))
    with pytest.raises(Unverified, match="changed since"):
        releases.opened(served.model_copy(update={"signed": inside}), known)
    with pytest.raises(Unverified, match="what is signed in it is not what it says"):
        releases.opened(served.model_copy(update={"version": "4"}), known)
    body = dsse.unopened(served.signed.release)
    foreign = Signed(release=dsse.sign(stranger(), releases.RELEASE, body))
    with pytest.raises(Unverified, match="none of"):
        releases.opened(served.model_copy(update={"signed": foreign}), known)


def test_what_holds_is_left_as_it_is(repository: Workspace) -> None:
    signer, served = signer_of(repository), sealed(repository)
    later = published().model_copy(update={"published": "2099-01-01T00:00:00+00:00"})
    assert releases.standing(served, later, signer, DAYS) == releases.Standing(served, 5)
    assert releases.standing(served, published("4"), signer, DAYS) == releases.Standing(None, 5)


def test_one_channel_is_not_served_in_place_of_another(repository: Workspace) -> None:
    signer = signer_of(repository)
    other = releases.seal(signer, published(), 5, DAYS, "canary")
    assert releases.opened(other, signer.trust).channel == "canary"
    assert releases.standing(other, published(), signer, DAYS) == releases.Standing(None, 5)
    assert releases.standing(other, published(), signer, DAYS, "canary").holds == other


def test_what_nobody_here_has_signed_has_no_counter_to_go_by(repository: Workspace) -> None:
    signer, served = signer_of(repository), sealed(repository, counter=LARGEST_COUNTER)
    assert served.signed is not None
    foreign = Signed(release=dsse.sign(stranger(), releases.RELEASE, dsse.unopened(served.signed.release)))
    for other in (None, ServedManifest.of(published()), served.model_copy(update={"signed": foreign}), object()):
        assert releases.standing(other, published(), signer, DAYS) == releases.Standing(None, 0)
    with pytest.raises(WeldspotError, match="no counter is left"):
        sealed(repository, counter=LARGEST_COUNTER + 1)


def test_signed_anew_before_it_runs_out_and_after_a_rotation(repository: Workspace) -> None:
    old = sealed(repository, days=50)
    assert releases.standing(old, published(), signer_of(repository), DAYS).holds is None  # less than a third of 180
    assert releases.standing(old, published(), signer_of(repository), 100).holds == old
    fresh = sealed(repository)
    keys.rotate(repository, 365, None)
    assert releases.standing(fresh, published(), signer_of(repository), DAYS) == releases.Standing(None, 0)
    again = sealed(repository, counter=1)
    assert again.signed is not None
    assert len(again.signed.successions) == 1
    assert trust.keys(signer_of(repository).trust)[-1] == releases.opened(again, signer_of(repository).trust).key
