"""Firebase ML's v1beta2: models that are locked while an operation imports their file, and are published by a patch."""

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from google_keys import PROJECT
from storage_double import Answer, StorageDouble

_ROOT = f"/v1beta2/projects/{PROJECT}/"


@dataclass
class MlDouble:
    """`polls`: how often an operation is asked before it is done.

    `unpublishes`: a new file takes the model off the air. `rejects`: what Firebase finds wrong with the next file.
    `duplicates`: a second model of a name is made, where Google's documentation says nothing.
    """

    storage: StorageDouble
    models: dict[str, dict] = field(default_factory=dict)
    polls: int = 2
    unpublishes: bool = True
    rejects: str = ""
    duplicates: bool = False
    published: list[str] = field(default_factory=list)  # SHA-256 of what was served, in order
    _operations: dict[str, dict] = field(default_factory=dict)

    def answer(self, method: str, path: str, query: dict[str, str], body: dict) -> Answer:
        kind, _, key = path.removeprefix(_ROOT).partition("/")
        if kind == "operations":
            return Answer(200, self._poll(f"projects/{PROJECT}/operations/{key}"))
        if not key:
            return self._create(body) if method == "POST" else self._list(query)
        return self._model(method, key, query, body)

    def _model(self, method: str, key: str, query: dict[str, str], body: dict) -> Answer:
        if key not in self.models:
            return Answer.error(404, f"model {key} not found")
        if method == "GET":
            return Answer(200, self.models[key])
        if self.models[key].get("activeOperations"):
            return Answer.error(400, "The model is locked by an active operation")
        if query.get("updateMask") == "state.published":
            return self._publish(key, bool(body["state"]["published"]))
        return self._import(key, body)

    def _list(self, query: dict[str, str]) -> Answer:
        wanted = re.fullmatch(r"display_name=(\S+)", query.get("filter", ""))
        found = [m for m in self.models.values() if wanted is None or m["displayName"] == wanted[1]]
        return Answer(200, {"models": found} if found else {})

    def _create(self, body: dict) -> Answer:
        if not self.duplicates and any(m["displayName"] == body["displayName"] for m in self.models.values()):
            return Answer.error(409, f"a model {body['displayName']} exists")
        key = str(1000 + len(self.models))
        time = f"2026-01-01T00:00:{len(self.models):02d}.000000Z"
        self.models[key] = {
            "name": f"projects/{PROJECT}/models/{key}",
            "displayName": body["displayName"],
            "createTime": time,
            "updateTime": time,
            "state": {"published": False},
        }
        return self._import(key, body)

    def _import(self, key: str, body: dict) -> Answer:
        uri = body["tfliteModel"]["gcsTfliteUri"]
        url = urlsplit(uri)
        if "X-Goog-Signature" not in parse_qs(url.query):
            return Answer.error(400, "the URI is not signed")
        bucket, _, name = unquote(url.path).lstrip("/").partition("/")
        if bucket not in self.storage.buckets or name not in self.storage.buckets[bucket]:
            return Answer.error(400, "the file can't be read")
        operation = f"projects/{PROJECT}/operations/op{len(self._operations)}"
        data = self.storage.buckets[bucket][name].data
        self._operations[operation] = {
            "left": self.polls,
            "key": key,
            "tags": body.get("tags", []),
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
        }
        self.models[key]["activeOperations"] = [{"name": operation}]
        return Answer(200, self._state(operation))

    def _poll(self, name: str) -> dict:
        operation = self._operations[name]
        operation["left"] -= 1
        model = self.models[operation["key"]]
        if operation["left"] <= 0 and model.pop("activeOperations", None):
            model["tags"] = operation["tags"]
            if self.rejects:
                model["state"]["validationError"] = {"code": 3, "message": self.rejects}
            else:
                model["state"].pop("validationError", None)
                model["modelHash"], model["tfliteModel"] = operation["sha256"], {"sizeBytes": operation["size"]}
            if self.unpublishes or self.rejects:
                model["state"]["published"] = False
            elif model["state"]["published"]:
                self.published.append(model["modelHash"])
        return self._state(name)

    def _state(self, name: str) -> dict:
        operation = self._operations[name]
        kind = "type.googleapis.com/google.firebase.ml.v1beta2.ModelOperationMetadata"
        model = self.models[operation["key"]]
        state = {"name": name, "metadata": {"@type": kind, "name": model["name"]}}
        return state | ({"done": True, "response": model} if operation["left"] <= 0 else {})

    def _publish(self, key: str, published: bool) -> Answer:
        self.models[key]["state"]["published"] = published
        if published:
            self.published.append(self.models[key]["modelHash"])
        return Answer(200, {"done": True, "response": self.models[key]})
