"""Firebase ML's hosting of custom models: one model under one name, its version and SHA-256 in its tags.

Google ends it on 15 June 2027 (https://firebase.google.com/docs/ml/migrate-to-cloud-storage).
"""

import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from weldspot.contracts.manifest import PublishedManifest
from weldspot.loop.google import firebase, objects, retries
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from firebase_admin.ml import Model

    from weldspot.config.settings import Settings

END = "Google shuts Firebase ML's custom models down on 15 June 2027; firebase_storage is the target that stays"
UPLOADS = "Firebase/ML/Models"  # where Firebase's own tools put the files that it imports
_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
_UNLOCK = 600  # seconds that Firebase may take to import a model
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Tagged:
    """What the published model says of itself; `sha256` may be its first 12 digits."""

    version: str
    sha256: str


class FirebaseMl:
    """Created once, updated after, published last: each step looks at what is there, so a killed run goes on."""

    name = "firebase_ml"

    def __init__(self, settings: "Settings", bucket: str, model: str) -> None:
        if not _NAME.fullmatch(model):
            raise WeldspotError(
                f"tracking.model: {model!r} can't be a name on Firebase ML; use up to 32 letters, digits, - and _"
            )
        self._bucket = firebase.bucket(settings, bucket, "loop.publish.bucket")
        if not firebase.project():
            raise WeldspotError("no Firebase project; set GOOGLE_CLOUD_PROJECT, or use a service account's key file")
        self._model = model

    def served(self) -> Tagged | None:
        """The published model by its tags, None when none is."""
        model = self._find()
        if model is None or not model.published:
            return None
        tags = dict(tag.split("-", 1) for tag in model.tags or [] if "-" in tag)
        start = tags.get("sha", "")
        whole = (model.model_hash or "").lower()
        return Tagged(tags.get("version", ""), whole if start and whole.startswith(start) else start)

    def publish(self, file: Path, manifest: PublishedManifest) -> bool:
        """Makes this file the published model; False when it was so already, without a write."""
        sha256, version = manifest.sha256, manifest.version
        tags = [f"version-{version}", f"sha-{sha256[:12]}"]
        model = self._find()
        if model is not None and not model.locked and model.published and _holds(model, tags, sha256):
            return False
        print(f"firebase_ml: {END}")
        model = self._unlocked(model) if model is not None else None
        if model is None or model.validation_error or not _holds(model, tags, sha256):
            model = self._unlocked(self._send(self._upload(file, sha256), tags))
            if model.validation_error:
                raise WeldspotError(f"Firebase ML does not accept {self._model}: {model.validation_error[:200]}")
        if not model.published:
            self._publish(str(model.model_id))
        self._check(tags, sha256)
        return True

    def _find(self) -> "Model | None":
        """The model of this name; the oldest, should someone have made a second by hand."""

        def search() -> "list[Model]":
            ml = _sdk()
            page = ml.list_models(list_filter=f"display_name={self._model}")
            return [model for model in page.iterate_all() if model.display_name == self._model]

        return min(self._call(search, "search"), key=lambda model: model.create_time or 0, default=None)

    def _upload(self, file: Path, sha256: str) -> str:
        name, data = f"{UPLOADS}/{self._model}-{sha256}.tflite", file.read_bytes()
        if not objects.holds(self._bucket, name, data):
            objects.write(self._bucket, name, data, "application/octet-stream", "no-store")
        return f"gs://{self._bucket.name}/{name}"

    def _send(self, uri: str, tags: list[str]) -> "Model":
        """Creates or updates: asked before each attempt, since one that broke off may have arrived."""

        def send() -> "Model":
            from firebase_admin import exceptions

            ml = _sdk()
            source = ml.TFLiteFormat(model_source=ml.TFLiteGCSModelSource(uri))
            found = self._find()
            if found is None:
                try:
                    return ml.create_model(ml.Model(display_name=self._model, tags=tags, model_format=source))
                except (exceptions.AlreadyExistsError, exceptions.ConflictError):
                    found = self._find()
                    if found is None:
                        raise
            if found.locked:
                found.wait_for_unlocked(_UNLOCK)
            found.tags, found.model_format = tags, source
            return ml.update_model(found)

        return self._call(send, "import")

    def _unlocked(self, model: "Model") -> "Model":
        def wait() -> "Model":
            ml = _sdk()
            current = ml.get_model(model.model_id)
            current.wait_for_unlocked(_UNLOCK)
            return ml.get_model(model.model_id)

        return self._call(wait, "wait for the import")

    def _publish(self, model_id: str) -> None:
        def release() -> None:
            ml = _sdk()
            ml.publish_model(model_id)

        self._call(release, "publication")

    def _check(self, tags: list[str], sha256: str) -> None:
        model = self._find()
        if model is None or not model.published or not _holds(model, tags, sha256):
            raise WeldspotError(
                f"Firebase ML does not serve {self._model} as it was sent; run `weldspot publish` again"
            )

    def _call(self, call: Callable[[], _Result], step: str) -> _Result:
        with _quiet():
            return retries.retried(call, f"Firebase ML, {self._model}, {step}")


def _holds(model: "Model", tags: list[str], sha256: str) -> bool:
    """Whether tags and file are these; the file only where Firebase names its SHA-256."""
    found = (model.model_hash or "").lower()
    return set(tags) <= set(model.tags or []) and (not re.fullmatch("[0-9a-f]{64}", found) or found == sha256)


def _sdk() -> ModuleType:
    """firebase_admin.ml without TensorFlow, which it imports, for seconds, to convert models that are none yet."""
    name = "tensorflow"
    if name in sys.modules:
        return import_module("firebase_admin.ml")
    sys.modules[name] = None  # type: ignore[assignment]  # an import of it is an ImportError, which the SDK heeds
    try:
        return import_module("firebase_admin.ml")
    finally:
        del sys.modules[name]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the SDK's warning at every call: END says it once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
