"""A web server for one file, with the manners of good ones (ranges, an ETag) or without, and with cuts."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from loopback import Quiet, running


@dataclass
class Web:
    """`served`: bytes of bodies so far. `cuts`: bytes after which each of the next long answers breaks off."""

    url: str
    data: bytes
    ranges: bool = True
    etag: bool = True
    password: str = ""
    cuts: list[int] = field(default_factory=list)
    served: int = 0
    changes: dict[int, bytes] = field(default_factory=dict)  # after so many bytes another file lies there
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(data: bytes) -> Iterator[Web]:
    with running(_Handler) as server:
        server.web = web = Web(f"http://127.0.0.1:{server.server_port}/export.zip", data)  # type: ignore[attr-defined]
        yield web


class _Handler(Quiet):
    @property
    def web(self) -> Web:
        return self.server.web  # type: ignore[attr-defined]

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        web = self.web
        web.asked.append(f"{self.path} {self.headers.get('Authorization', '')}")
        data = web.data
        if not self.path.startswith("/export.zip") or (web.password and not self.headers.get("Authorization")):
            self.send_response(404 if not web.password else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")) if web.ranges else None
        part = data[int(asked[1]) : int(asked[2]) + 1] if asked else data
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(part)))
        if asked:
            self.send_header("Content-Range", f"bytes {asked[1]}-{asked[2]}/{len(data)}")
        if web.etag:
            self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()[:20]}"')
        self.end_headers()
        if not body:
            return
        if web.cuts and len(part) > web.cuts[0]:
            part = part[: web.cuts.pop(0)]
            self.close_connection = True
        self.wfile.write(part)
        web.served += len(part)
        for after in [after for after in web.changes if web.served >= after]:
            web.data = web.changes.pop(after)
