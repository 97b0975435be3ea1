"""The JSON API of Cloud Storage, as much of it as the SDK's listing, reading, uploading, marking and deleting needs."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

import google_crc32c


@dataclass
class Answer:
    status: int
    body: dict | bytes = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def error(cls, status: int, message: str) -> "Answer":
        return cls(status, {"error": {"code": status, "message": message, "errors": [{"message": message}]}})


@dataclass
class Object:
    data: bytes
    resource: dict


@dataclass
class StorageDouble:
    """`page`: objects in a page of a listing. `damaged`: name → how many of its downloads come with a flipped byte.

    `patches`: whether metadata can be changed, which the emulator of Firebase can't.
    """

    url: str
    buckets: dict[str, dict[str, Object]] = field(default_factory=dict)
    page: int = 25
    damaged: dict[str, int] = field(default_factory=dict)
    patches: bool = True
    _sessions: dict[str, tuple[str, dict, bytes]] = field(default_factory=dict)
    _generation: int = 0

    def put(self, bucket: str, name: str, data: bytes, resource: dict | None = None) -> Object:
        self._generation += 1
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        digest = google_crc32c.Checksum(data).digest()
        full = (resource or {}) | {
            "kind": "storage#object",
            "name": name,
            "bucket": bucket,
            "size": str(len(data)),
            "generation": str(self._generation),
            "metageneration": "1",
            "timeCreated": (resource or {}).get("timeCreated", now),
            "updated": now,
            "crc32c": base64.b64encode(digest).decode(),
            "md5Hash": base64.b64encode(hashlib.md5(data).digest()).decode(),
        }
        made = Object(data, full)
        self.buckets[bucket][name] = made
        return made

    def answer(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Answer:
        found = re.fullmatch(r"/(?P<kind>upload/|download/|)storage/v1/b/(?P<bucket>[^/]+)/o(?:/(?P<name>.+))?", path)
        if not found:
            return Answer.error(404, f"no route {path}")
        bucket, name = unquote(found["bucket"]), unquote(found["name"] or "")
        if bucket not in self.buckets:
            return Answer.error(404, "The specified bucket does not exist.")
        if found["kind"] == "upload/":
            return self._upload(method, bucket, query, headers, body)
        return self._object(method, bucket, name, query, body) if name else self._list(bucket, query)

    def _object(self, method: str, bucket: str, name: str, query: dict[str, str], body: bytes) -> Answer:
        there = self.buckets[bucket].get(name)
        if there is None:
            return Answer.error(404, f"No such object: {bucket}/{name}")
        if query.get("ifGenerationMatch", there.resource["generation"]) != there.resource["generation"]:
            return Answer.error(412, "At least one of the pre-conditions you specified did not hold.")
        if method == "GET" and query.get("alt") == "media":
            return self._media(name, there)
        return self._change(method, bucket, name, there, body)

    def _change(self, method: str, bucket: str, name: str, there: Object, body: bytes) -> Answer:
        if method == "DELETE":
            del self.buckets[bucket][name]
            return Answer(204, b"")
        if method == "PATCH":
            if not self.patches:
                return Answer.error(501, "Not Implemented")
            change = json.loads(body)
            there.resource["metadata"] = there.resource.get("metadata", {}) | change.pop("metadata", {})
            there.resource |= change
        return Answer(200, there.resource)

    def _media(self, name: str, there: Object) -> Answer:
        data = there.data
        if self.damaged.get(name, 0) > 0:
            self.damaged[name] -= 1
            data = bytes([data[0] ^ 0xFF]) + data[1:]
        hashes = f"crc32c={there.resource['crc32c']},md5={there.resource['md5Hash']}"
        return Answer(200, data, {"Content-Type": "application/octet-stream", "X-Goog-Hash": hashes})

    def _list(self, bucket: str, query: dict[str, str]) -> Answer:
        names = sorted(name for name in self.buckets[bucket] if name.startswith(query.get("prefix", "")))
        if "delimiter" in query:
            names = [name for name in names if query["delimiter"] not in name[len(query.get("prefix", "")) :]]
        names = [name for name in names if name > query.get("pageToken", "")]
        page, rest = names[: self.page], names[self.page :]
        answer: dict = {"items": [self.buckets[bucket][name].resource for name in page]}
        return Answer(200, answer | ({"nextPageToken": page[-1]} if rest else {}))

    def _upload(self, method: str, bucket: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Answer:
        if query["uploadType"] == "multipart":
            boundary = re.search(r'boundary="?([^";]+)', headers.get("Content-Type", headers.get("content-type", "")))
            assert boundary
            _, first, second, _ = body.split(b"--" + boundary[1].encode())
            resource = json.loads(first.split(b"\r\n\r\n", 1)[1])
            part, data = second.split(b"\r\n\r\n", 1)
            resource |= {"contentType": re.search(rb"(?i)content-type: ([^\r]+)", part)[1].decode()}  # type: ignore[index]
            return self._stored(bucket, resource, data[:-2])
        if method == "POST":
            session = f"session{len(self._sessions)}"
            resource = json.loads(body) | {"contentType": headers.get("x-upload-content-type", "")}
            self._sessions[session] = (bucket, resource, b"")
            where = f"{self.url}/upload/storage/v1/b/{bucket}/o?uploadType=resumable&upload_id={session}"
            return Answer(200, {}, {"Location": where})
        bucket, resource, so_far = self._sessions[query["upload_id"]]
        so_far += body
        total = headers.get("Content-Range", headers.get("content-range", "")).rsplit("/", 1)[-1]
        if not total.isdigit() or len(so_far) < int(total):
            self._sessions[query["upload_id"]] = (bucket, resource, so_far)
            return Answer(308, b"", {"Range": f"bytes=0-{len(so_far) - 1}"})
        return self._stored(bucket, resource, so_far)

    def _stored(self, bucket: str, resource: dict, data: bytes) -> Answer:
        sent = resource.get("crc32c")
        made = self.put(bucket, resource["name"], data, resource)
        if sent and sent != made.resource["crc32c"]:
            del self.buckets[bucket][resource["name"]]
            return Answer.error(400, "Provided CRC32C does not match calculated CRC32C.")
        return Answer(200, made.resource)
