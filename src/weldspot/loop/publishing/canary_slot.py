"""The place beside a target's manifest where a challenger lies while it is tried."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from weldspot.contracts.canary import CanaryFile
from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import ServedManifest
from weldspot.runtime.state_files import Damaged

NAME = "canary.json"


class Folder(Protocol):
    """What a target can do with its files, whatever it is made of."""

    def read(self) -> bytes | None:
        """canary.json, None when there is none."""

    def write(self, data: bytes) -> None:
        """Replaces canary.json, durably."""

    def remove(self) -> None:
        """Takes canary.json away; calling it twice does no harm."""

    def model(self, file: Path, manifest: PublishedManifest) -> None:
        """Makes sure of the model that the manifest names."""


class Slot:
    """Model first, canary.json last; phones read it after manifest.json, which names whom the others follow."""

    def __init__(self, folder: Folder, where: str) -> None:
        self._folder, self._where = folder, where

    def served(self) -> ServedManifest | None:
        """The challenger's manifest, None when none is tried; raises Damaged."""
        found = self.found()
        return found.manifest if found else None

    def found(self) -> CanaryFile | None:
        """canary.json, None when there is none; raises Damaged."""
        data = self._folder.read()
        return None if data is None else CanaryFile.parse(data, self._where)

    def publish(self, file: Path, manifest: PublishedManifest, share: float) -> bool:
        """Gives this model to a share of the phones; False when it was so already."""
        self._folder.model(file, manifest)
        before = self._whole(self.found)
        given = ServedManifest.of(manifest)
        if before and before.share == share and given.same_but_for_the_time(before.manifest):
            return False
        self._folder.write(CanaryFile(share=share, manifest=given).json_bytes())
        return True

    def withdraw(self) -> None:
        """Nobody gets it any more; the model itself stays for those who are downloading it."""
        self._folder.remove()

    @staticmethod
    def _whole(read: Callable[[], CanaryFile | None]) -> CanaryFile | None:
        try:
            return read()
        except Damaged:  # it is written anew
            return None
