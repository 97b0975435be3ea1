"""Speaks the calls of Roboflow's SDK on a loopback port and hands out export zips, well or badly."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from loopback import Quiet, running

KEY = "rFdoubleSecretKey42"
LINK_KEY = "linkSecret77"
WORKSPACE, PROJECT, VERSION = "welders", "seams", 9


@dataclass
class Double:
    """`exports`: the zip of each format. `cut`: bytes after which the next download breaks off, None for never.
    `damaged`: flips a byte in the middle of the zip. `waiting`: how often an export is said to be not ready yet.
    """

    url: str
    exports: dict[str, bytes]
    cut: int | None = None
    damaged: bool = False
    waiting: int = 1
    ranges: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)


@contextmanager
def serving(exports: dict[str, bytes]) -> Iterator[Double]:
    """A running double; its `url` is what API_URL must be."""
    with running(_Handler) as server:
        double = Double(f"http://127.0.0.1:{server.server_port}", exports)
        server.double = double  # type: ignore[attr-defined]
        yield double


class _Handler(Quiet):
    @property
    def double(self) -> Double:
        return self.server.double  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        url = urlsplit(self.path)
        self.double.calls.append(url.path)
        parts, query = url.path.strip("/").split("/"), parse_qs(url.query)
        if parts[0] == "download":
            self._download(parts[1], query)
        elif query.get("api_key") != [KEY]:
            self._json(401, {"error": {"message": "This API key does not exist (or has been revoked).", "type": "O"}})
        elif parts == [""]:
            self._json(200, {"welcome": "Welcome to the Roboflow API.", "workspace": WORKSPACE})
        elif parts[:2] != [WORKSPACE, PROJECT]:
            self._json(404, {"error": {"message": "Unsupported get request. Project does not exist."}})
        elif len(parts) == 2:
            self._json(200, _project())
        elif parts[2:3] == [str(VERSION)] and parts[3] in self.double.exports:
            self._export(parts[3])
        else:
            self._json(404, {"error": {"message": f"Unknown export {url.path}"}})

    def _export(self, layout: str) -> None:
        if self.double.waiting:
            self.double.waiting -= 1
            self._json(202, {"progress": 0.5})
            return
        link = f"{self.double.url}/download/{layout}?key={LINK_KEY}"
        self._json(200, {"workspace": {}, "project": {}, "version": {}, "export": {"format": layout, "link": link}})

    def _download(self, layout: str, query: dict[str, list[str]]) -> None:
        if query.get("key") != [LINK_KEY]:
            self._json(403, {"error": "AccessDenied"})
            return
        data = bytearray(self.double.exports[layout])
        if self.double.damaged:
            data[len(data) // 2] ^= 0xFF
        asked = self.headers.get("Range", "")
        self.double.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Type", "application/zip")
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        cut, self.double.cut = self.double.cut, None
        self.wfile.write(data[start : None if cut is None else start + cut])
        self.close_connection = True

    def _json(self, status: int, value: dict) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _project() -> dict:
    counts = {"train": 2, "valid": 1, "test": 0}
    common = {"created": 1712289600.0, "images": 3, "splits": counts}
    project = {
        **common,
        "id": f"{WORKSPACE}/{PROJECT}",
        "annotation": "welds",
        "classes": {"Crack": 2},
        "colors": {"Crack": "#f00"},
        "name": "Seams",
        "public": True,
        "type": "object-detection",
        "unannotated": 0,
        "updated": 1712289600.0,
    }
    version = {
        **common,
        "id": f"{WORKSPACE}/{PROJECT}/{VERSION}",
        "name": "first",
        "augmentation": {},
        "preprocessing": {},
        "exports": [],
    }
    return {"workspace": {"name": "Welders", "url": WORKSPACE}, "project": project, "versions": [version]}
