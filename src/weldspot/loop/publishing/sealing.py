"""What is published is signed, where the repository has a key."""

import time
from typing import TYPE_CHECKING, Protocol

from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import PRODUCTION, ServedManifest
from weldspot.runtime.state_files import Damaged
from weldspot.signing import releases, trust

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class _Place(Protocol):
    def served(self) -> object:
        """What is served there."""


class Sealer:
    """Signs for one run of publish; without a key it hands on what it is given, and says so."""

    def __init__(self, workspace: "Workspace", days: int) -> None:
        self._signer, self._days = trust.signer(workspace), days
        if self._signer is None:
            print("publish: not signed, this repository has no key; `weldspot keys make` makes one (docs/signing.md)")

    def sealed(self, manifest: PublishedManifest, place: _Place, channel: str = PRODUCTION) -> ServedManifest:
        """The manifest as it goes to a place: what is served there if that holds still, else signed now.

        Its counter is the time in seconds, so that it grows from whichever machine is published, and above that of
        what is served there.
        """
        if self._signer is None:
            return ServedManifest.of(manifest)
        try:
            served = place.served()
        except Damaged:  # it is written anew
            served = None
        standing = releases.standing(served, manifest, self._signer, self._days, channel)
        if standing.holds is not None:
            return standing.holds
        counter = max(int(time.time()), standing.counter + 1)
        return releases.seal(self._signer, manifest, counter, self._days, channel)
