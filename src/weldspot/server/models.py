"""The model that phones are given, and the models whose feedback is believed."""

import hashlib
import json
import logging
import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from weldspot.loop.publishing import phone_manifest
from weldspot.loop.publishing.local import PUBLISHED

EXPORT = Path("artifacts/export")
_REGISTRY_SECONDS = 60.0  # so that made-up SHA-256 can't keep the registry busy
log = logging.getLogger("weldspot.server")


class Models:
    """What .weldspot/published/ holds (production), else artifacts/export/ when its checks passed (staging).

    The methods block; files are hashed once for each time that they change.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._hashes: dict[tuple[Path, int, int], str] = {}
        self._versions: dict[str, str] = {}
        self._asked = float("-inf")

    def manifest(self) -> dict | None:
        """The manifest that phones read; None when there is no model to give."""
        production = _json(self._root / PUBLISHED / "manifest.json")
        if production is not None and self.file(str(production.get("sha256"))):
            return production
        path = self._root / EXPORT / "manifest.json"
        export = _json(path)
        if export is None or not export.get("checks_passed") or not self.file(str(export.get("sha256"))):
            return None
        since = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        version = self._registered().get(export["sha256"], "")
        return phone_manifest.manifest_of(export, version, "staging") | {"published": since}

    def file(self, sha256: str) -> Path | None:
        """The file with this content, hashed to be sure; None when it is not one that is given out."""
        candidates = [path for path in self._published() if path.stem == sha256]
        export = _json(self._root / EXPORT / "manifest.json") or {}
        if export.get("sha256") == sha256 and export.get("checks_passed"):
            candidates.append(self._root / EXPORT / Path(str(export.get("file"))).name)
        return next((path for path in candidates if self._sha256(path) == sha256), None)

    def known(self, sha256: str) -> bool:
        """Whether this project made the model: published, exported or registered."""
        near = {path.stem for path in self._published()}
        near |= {
            str((_json(self._root / place / "manifest.json") or {}).get("sha256")) for place in (PUBLISHED, EXPORT)
        }
        return sha256 in near or sha256 in self._registered()

    def _published(self) -> list[Path]:
        return sorted((self._root / PUBLISHED / "models").glob("*.tflite"))

    def _registered(self) -> dict[str, str]:
        """SHA-256 → version, as the MLflow registry had it within the last minute."""
        with self._lock:
            if time.monotonic() - self._asked > _REGISTRY_SECONDS:
                self._versions = _registry(self._root) or self._versions
                self._asked = time.monotonic()
            return self._versions

    def _sha256(self, path: Path) -> str | None:
        try:
            state = path.stat()
            key = (path, state.st_mtime_ns, state.st_size)
            if key not in self._hashes:
                with path.open("rb") as file:
                    self._hashes = {k: v for k, v in self._hashes.items() if k[0] != path}
                    self._hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
            return self._hashes[key]
        except OSError:
            return None


def _registry(root: Path) -> dict[str, str]:
    from weldspot.config import parameters
    from weldspot.registry import registration
    from weldspot.tracking import lineage_tags, runs

    own = lineage_tags.main_root(root) / "mlflow.db"
    if not (root / "params.yaml").exists() or ("MLFLOW_TRACKING_URI" not in os.environ and not own.exists()):
        return {}  # nothing has been trained here: a look must not make a database
    try:
        import mlflow

        params = parameters.load(root / "params.yaml")
        runs.connect(params)
        found = mlflow.MlflowClient().search_model_versions(f"name = '{params.tracking.model}'")
        return {v.tags[registration.SHA_TAG]: str(v.version) for v in found if registration.SHA_TAG in v.tags}
    except Exception as error:  # whatever ails the registry, phones still get their model
        log.warning("the model registry does not answer (%s)", " ".join(str(error).split())[:200])
        return {}


def _json(path: Path) -> dict | None:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
