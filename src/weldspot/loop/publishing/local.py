"""The folder that `weldspot serve` hands out: manifest.json and models/<sha256>.tflite."""

import hashlib
import os
from pathlib import Path

from weldspot.contracts.manifest import PublishedManifest
from weldspot.runtime import atomic
from weldspot.runtime.errors import WeldspotError

_KEPT = 2  # this model and the one before, which phones may still be downloading


class Local:
    """Model first, manifest last: at any moment the manifest names a model that is whole."""

    name = "local"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def served(self) -> PublishedManifest | None:
        """The manifest in the folder, None when there is none; one that can't be read as one counts as none.

        Raises:
            WeldspotError: the file is there, and may not be opened.
        """
        path = self._folder / "manifest.json"
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise WeldspotError(
                f"{path}: can't be read ({error.strerror or error}); correct its permissions"
            ) from error
        try:
            return PublishedManifest.parse(data, str(path))
        except WeldspotError:
            return None

    def publish(self, file: Path, manifest: PublishedManifest) -> bool:
        """Makes `manifest` and its model what is served; False when it was so already."""
        model = self._folder / manifest.file
        try:
            there = _sha256(model) == manifest.sha256
            if there and manifest.same_but_for_the_time(self.served()):
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

    def _verify(self, model: Path, sha256: str) -> None:
        if _sha256(model) != sha256:
            model.unlink(missing_ok=True)
            raise WeldspotError(f"{model}: does not read back as written; check the disk and publish again")

    def _forget(self, current: Path) -> None:
        others = sorted(current.parent.glob("*.tflite"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for old in [path for path in others if path != current][_KEPT - 1 :]:
            old.unlink(missing_ok=True)


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
