"""The folder that `weldspot serve` hands out: manifest.json and models/<sha256>.tflite."""

import hashlib
import os
from pathlib import Path

from weldspot.contracts.manifest import PublishedManifest
from weldspot.runtime import atomic
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged

_KEPT = 2  # this model and the one before, which phones may still be downloading


class Local:
    """Model first, manifest last: at any moment the manifest names a model that is whole."""

    name = "local"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def served(self) -> PublishedManifest | None:
        """The manifest in the folder, None when there is none.

        Raises:
            Damaged: it can't be read as one, or the model that it names is not there as it was published.
        """
        manifest = PublishedManifest.found(self._folder / "manifest.json")
        if manifest is not None and (wrong := _ails(model := self._folder / manifest.file, manifest.sha256)):
            raise Damaged(model, f"{wrong}: phones are not given it", PublishedManifest.cure)
        return manifest

    def publish(self, file: Path, manifest: PublishedManifest) -> bool:
        """Makes `manifest` and its model what is served; False when it was so already."""
        model = self._folder / manifest.file
        try:
            there = not _ails(model, manifest.sha256)
            if there and manifest.same_but_for_the_time(self._served_whole()):
                self._forget(model)
                return False
            if not there:
                atomic.write_bytes(model, file.read_bytes())
                self._verify(model, manifest.sha256)
            os.utime(model)  # the newest file is the current one, also after a rollback
            atomic.write_bytes(self._folder / "manifest.json", manifest.json_bytes())
            self._forget(model)
        except OSError as error:
            raise WeldspotError(
                f"{error.filename or self._folder}: can't be written ({error.strerror or error}); "
                "free some space or correct its permissions, and publish again"
            ) from error
        return True

    def _served_whole(self) -> PublishedManifest | None:
        try:
            return self.served()
        except Damaged:  # it is written anew
            return None

    def _verify(self, model: Path, sha256: str) -> None:
        if _ails(model, sha256):
            model.unlink(missing_ok=True)
            raise WeldspotError(f"{model}: does not read back as written; check the disk and publish again")

    def _forget(self, current: Path) -> None:
        others = sorted(current.parent.glob("*.tflite"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for old in [path for path in others if path != current][_KEPT - 1 :]:
            old.unlink(missing_ok=True)


def _ails(path: Path, sha256: str) -> str:
    """What is wrong with a model's file, "" when its content is what the SHA-256 says."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return error.strerror or str(error)
    return "" if found == sha256 else f"its SHA-256 is {found[:12]}…"
