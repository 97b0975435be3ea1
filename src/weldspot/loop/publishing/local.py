"""The folder that `weldspot serve` hands out: manifest.json and models/<sha256>.tflite."""

import hashlib
import json
import os
from pathlib import Path

from weldspot.runtime.errors import WeldspotError
from weldspot.loop.publishing import phone_manifest
from weldspot.runtime import atomic

PUBLISHED = Path(".weldspot/published")
_KEPT = 2  # this model and the one before, which phones may still be downloading


class Local:
    """Model first, manifest last: at any moment the manifest names a model that is whole."""

    name = "local"

    def __init__(self, folder: Path = PUBLISHED) -> None:
        self._folder = folder

    def served(self) -> dict | None:
        """The manifest in the folder, None when there is none; one that can't be read counts as none."""
        path = self._folder / "manifest.json"
        try:
            manifest = json.loads(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        except OSError as error:
            raise WeldspotError(
                f"{path}: can't be read ({error.strerror or error}); correct its permissions"
            ) from error
        return manifest if isinstance(manifest, dict) else None

    def publish(self, file: Path, manifest: dict) -> bool:
        """Makes `manifest` and its model what is served; False when it was so already."""
        model = self._folder / manifest["file"]
        try:
            there = _sha256(model) == manifest["sha256"]
            if there and phone_manifest.same(self.served(), manifest):
                self._forget(model)
                return False
            if not there:
                atomic.write_file(model, file.read_bytes())
                self._verify(model, manifest["sha256"])
            os.utime(model)  # the newest file is the current one, also after a rollback
            atomic.write_file(self._folder / "manifest.json", _json(manifest))
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


def _json(manifest: dict) -> bytes:
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
