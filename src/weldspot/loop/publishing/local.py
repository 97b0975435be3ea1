"""The folder that `weldspot serve` hands out: manifest.json and models/<sha256>.tflite."""

import hashlib
import os
from pathlib import Path

from weldspot.contracts.canary import CanaryFile
from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import ServedManifest
from weldspot.loop.publishing import canary_slot
from weldspot.loop.publishing.canary_slot import Slot
from weldspot.runtime import atomic, state_files
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged

_KEPT = 2  # this model and the one before, which phones may still be downloading


class Local:
    """Model first, manifest last: at any moment the manifest names a model that is whole."""

    name = "local"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def served(self) -> ServedManifest | None:
        """The manifest in the folder, None when there is none.

        Raises:
            Damaged: it can't be read as one, or the model that it names is not there as it was published.
        """
        manifest = ServedManifest.found(self._folder / "manifest.json")
        if manifest is not None and (wrong := _ails(model := self._folder / manifest.file, manifest.sha256)):
            raise Damaged(model, f"{wrong}: phones are not given it", ServedManifest.cure)
        return manifest

    def publish(self, file: Path, manifest: PublishedManifest) -> bool:
        """Makes `manifest` and its model what is served; False when it was so already."""
        model = self._folder / manifest.file
        try:
            there = not _ails(model, manifest.sha256)
            if there and ServedManifest.of(manifest).same_but_for_the_time(self._served_whole()):
                self._forget(model)
                return False
            if not there:
                self._write(file, model, manifest.sha256)
            os.utime(model)  # the newest file is the current one, also after a rollback
            atomic.write_bytes(self._folder / "manifest.json", manifest.json_bytes())
            self._forget(model)
        except OSError as error:
            raise WeldspotError(
                f"{error.filename or self._folder}: can't be written ({error.strerror or error}); "
                "free some space or correct its permissions, and publish again"
            ) from error
        return True

    def canary(self) -> Slot:
        """Where a challenger lies while it is tried."""
        return Slot(_Challenger(self), str(self._folder / canary_slot.NAME))

    def _write(self, file: Path, model: Path, sha256: str) -> None:
        atomic.write_bytes(model, file.read_bytes())
        self._verify(model, sha256)

    def _served_whole(self) -> ServedManifest | None:
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
        for old in [path for path in others if path not in (current, self._tried())][_KEPT - 1 :]:
            old.unlink(missing_ok=True)

    def _tried(self) -> Path | None:
        """The challenger's model."""
        try:
            found = self.canary().served()
        except Damaged:
            return None
        return self._folder / found.file if found else None


class _Challenger:
    """canary.json in the folder of a Local."""

    def __init__(self, place: Local) -> None:
        self._place = place
        self._path = place._folder / canary_slot.NAME

    def read(self) -> bytes | None:
        try:
            with state_files.reading(self._path, CanaryFile.cure):
                return self._path.read_bytes()
        except FileNotFoundError:
            return None

    def write(self, data: bytes) -> None:
        atomic.write_bytes(self._path, data)

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)

    def model(self, file: Path, manifest: PublishedManifest) -> None:
        model = self._path.parent / manifest.file
        if _ails(model, manifest.sha256):
            self._place._write(file, model, manifest.sha256)


def _ails(path: Path, sha256: str) -> str:
    """What is wrong with a model's file, "" when its content is what the SHA-256 says."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return error.strerror or str(error)
    return "" if found == sha256 else f"its SHA-256 is {found[:12]}…"
