"""The model that phones are given, and the models whose feedback is believed."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from weldspot.contracts.canary import CanaryFile
from weldspot.contracts.manifest import Manifest, PublishedManifest
from weldspot.contracts.served import ServedManifest
from weldspot.labels import ClassList
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.redaction import redact
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_REGISTRY_SECONDS = 60.0  # so that made-up SHA-256 can't keep the registry busy
_Read = TypeVar("_Read")
log = logging.getLogger("weldspot.server")


class Models:
    """What .weldspot/published/ holds (production), else artifacts/export/ when its checks passed (staging).

    The methods block; files are hashed once for each time that they change, and whenever one is handed out.
    """

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._export = workspace.artifact("export")
        self._lock = threading.Lock()
        self._hashes: dict[tuple[Path, int, int, int], str] = {}
        self._versions: dict[str, str] = {}
        self._promoted = ""  # SHA-256 of the registry's production version
        self._answered, self._silent = False, False  # the registry: ever, and whether there is one that never did
        self._asked = float("-inf")

    def manifest(self) -> PublishedManifest | None:
        """The manifest that phones read; None when there is no model to give.

        Staging is given while nothing was ever promoted, never in place of a production that is damaged or gone, nor
        while the registry can't say whether there is one.
        """
        try:
            production = self._production()
            if production is not None:
                if self._candidate(production.sha256):
                    return production
                log.error("%s: not what was published; `weldspot publish` writes it anew", production.file)
                return None
            export = self._exported()
        except Damaged as error:
            log.error("phones are given no model: %s", error)
            return None
        return self._staging(export) if export is not None and export.checks_passed else None

    def canary(self) -> CanaryFile | None:
        """canary.json as phones read it; None when nothing is tried, or the model is not here as it was published."""
        try:
            found = CanaryFile.found(self._workspace.published / "canary.json")
        except Damaged as error:
            log.error("no phone is given a canary: %s", error)
            return None
        return found if found is not None and self._candidate(found.manifest.sha256) else None

    def _staging(self, export: Manifest) -> PublishedManifest | None:
        if self._withheld(export.sha256):
            there = "there may be a production version" if self._silent else "there is a production version"
            log.error("phones are given no model: %s; `weldspot publish` brings it here", there)
            return None
        try:
            since = datetime.fromtimestamp((self._export / "manifest.json").stat().st_mtime, UTC)
        except OSError:  # `dvc repro` is at it
            return None
        if not self._candidate(export.sha256):
            return None
        found = export.as_published(self._registered().get(export.sha256, ""), "staging")
        return found.model_copy(update={"published": since.isoformat(timespec="seconds")})

    def has_production(self) -> bool:
        """Whether a version was promoted, wherever its files are now: then phones are given no other."""
        if (self._workspace.published / "manifest.json").exists() or self._published():
            return True
        self._registered()
        return bool(self._promoted) or self._silent  # of what can't be asked nobody knows that it has none

    def _withheld(self, sha256: str) -> bool:
        return self.has_production() and self._promoted != sha256

    def content(self, sha256: str) -> bytes | None:
        """The model of this SHA-256, hashed as it is handed out; None when it is not one that is given out."""
        path = self._candidate(sha256)
        try:
            data = path.read_bytes() if path else b""
        except OSError as error:
            log.error("%s: can't be read (%s); `weldspot publish` writes it anew", path, error.strerror)
            return None
        if path is None or hashlib.sha256(data).hexdigest() == sha256:
            return data or None
        log.error("%s: damaged, phones are not given it; `weldspot publish` writes it anew", path)
        with self._lock:
            self._hashes = {key: "" if key[0] == path else found for key, found in self._hashes.items()}
        return None

    def _candidate(self, sha256: str) -> Path | None:
        """The file that held this content when it was last looked at."""
        candidates = [path for path in self._published() if path.stem == sha256]
        export = self._whole(self._exported)
        if export is not None and export.sha256 == sha256 and export.checks_passed and not self._withheld(sha256):
            candidates.append(self._export / Path(export.file).name)
        return next((path for path in candidates if self._sha256(path) == sha256), None)

    def known(self, sha256: str) -> bool:
        """Whether this project made the model: published, exported or registered."""
        near = {path.stem for path in self._published()}
        made = (self._whole(self._production), self._whole(self._exported))
        near |= {found.sha256 for found in made if found is not None}
        return sha256 in near or sha256 in self._registered()

    def list_of(self, sha256: str) -> ClassList:
        """The classes of a model, of those that phones are given now; of any other the project's own."""
        given = [found for found in (self._whole(self._production), self._whole(self._exported)) if found is not None]
        lists = [found.class_list() for found in given if found.sha256 == sha256]
        return next(iter(lists), None) or self._own() or next((found.class_list() for found in given), ClassList(()))

    def _own(self) -> ClassList | None:
        from weldspot.config import parameters

        try:
            return parameters.load(self._workspace.params).labels.class_list()
        except WeldspotError as error:
            log.error("the project's list of classes can't be read: %s", error)
            return None

    def _production(self) -> PublishedManifest | None:
        return ServedManifest.found(self._workspace.published / "manifest.json")  # what is signed in it goes along

    def _exported(self) -> Manifest | None:
        return Manifest.found(self._export / "manifest.json")

    @staticmethod
    def _whole(read: Callable[[], _Read | None]) -> _Read | None:
        try:
            return read()
        except Damaged:  # /loop and `weldspot status` say so
            return None

    def _published(self) -> list[Path]:
        return sorted((self._workspace.published / "models").glob("*.tflite"))

    def _registered(self) -> dict[str, str]:
        """SHA-256 → version, as the MLflow registry had it within the last minute."""
        with self._lock:
            if time.monotonic() - self._asked > _REGISTRY_SECONDS:
                try:
                    found = _registry(self._workspace)
                    self._silent = False
                except _NoAnswer:
                    found, self._silent = None, not self._answered
                if found is not None:
                    (self._versions, self._promoted), self._answered = found, True
                self._asked = time.monotonic()
            return self._versions

    def _sha256(self, path: Path) -> str | None:
        try:
            state = path.stat()
            key = (path, state.st_mtime_ns, state.st_ctime_ns, state.st_size)
            if key not in self._hashes:
                with path.open("rb") as file:
                    self._hashes = {k: v for k, v in self._hashes.items() if k[0] != path}
                    self._hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
            return self._hashes[key]
        except OSError:
            return None


class _NoAnswer(Exception):
    """There is a registry, and it can't be asked."""


def _registry(workspace: "Workspace") -> tuple[dict[str, str], str] | None:
    """SHA-256 → version, and the SHA-256 of production; None where there is no registry. Raises _NoAnswer."""
    from weldspot.config import parameters
    from weldspot.registry.model_registry import PRODUCTION, SHA_TAG, ModelRegistry, recorded

    if not workspace.params.exists() or not recorded(workspace):
        return None  # nothing has been trained here
    try:
        registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
        hashes, production = registry.hashes(), registry.aliases().get(PRODUCTION)
        return hashes, registry.tags(production).get(SHA_TAG, "") if production else ""
    except Exception as error:  # whatever ails the registry, phones still get what was published
        told = redact(" ".join(str(error).split()), workspace.settings.secrets())
        log.warning("the model registry does not answer (%s)", told[:200])
        raise _NoAnswer from error
