"""A package index on loopback with a certificate of its own authority and a log-in, as companies have them."""

import base64
import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from google_keys import tls

LOG_IN = "weld:spot"


def wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> Path:
    """A wheel of these files, by their path; those under `bin/` become commands."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    metadata = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    placed = {key.replace("bin/", f"{name}-{version}.data/scripts/"): text for key, text in files.items()} | metadata
    record = f"{info}/RECORD"
    with zipfile.ZipFile(path, "w") as archive:
        for key, text in placed.items():
            member = zipfile.ZipInfo(key)
            member.external_attr = 0o100755 << 16  # a command may be run
            archive.writestr(member, text)
        archive.writestr(record, "".join(f"{key},,\n" for key in [*placed, record]))
    return path


@dataclass
class Index:
    """The files that it serves and, of every request, who asked for what."""

    folder: Path
    refused: str = "nobody"  # the User-Agent that it answers with 403
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"https://{LOG_IN}@localhost:{self.port}/simple/"

    @property
    def authority(self) -> Path:
        return self.folder / "ca.pem"

    def who_took(self, file: str) -> set[str]:
        return {agent for agent, path in self.asked if path.endswith(file)}

    def answer(self, path: str) -> bytes | None:
        """A project's page, a file, or nothing."""
        parts = path.strip("/").split("/")
        if parts[0] == "files":
            return (self.folder / parts[1]).read_bytes()
        found = [file for file in self.folder.glob("*.whl") if file.name.split("-")[0] == parts[-1].replace("-", "_")]
        links = [
            f'<a href="/files/{file.name}#sha256={hashlib.sha256(file.read_bytes()).hexdigest()}">{file.name}</a>'
            for file in found
        ]
        return b"<!DOCTYPE html>\n" + "\n".join(links).encode() if links else None


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        index: Index = self.server.index  # type: ignore[attr-defined]
        agent = self.headers["User-Agent"].split("/")[0]
        index.asked.append((agent, self.path))
        expected = "Basic " + base64.b64encode(LOG_IN.encode()).decode()
        body = index.answer(self.path)
        status = 401 if self.headers["Authorization"] != expected else 200 if body else 404
        if agent == index.refused:
            status = 403
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if "/simple/" in self.path else "application/octet-stream")
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="packages"')
        sent = body if status == 200 and body else b""
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Not among the tests' output."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that does not trust the certificate hangs up: that is what is tested."""


@contextmanager
def serve(folder: Path) -> Iterator[Index]:
    """The index of the wheels in `folder`, while the block runs."""
    index = Index(folder)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.index = index  # type: ignore[attr-defined]
    index.port = server.server_address[1]
    server.socket = tls(folder, "localhost").wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
