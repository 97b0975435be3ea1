"""Google on a loopback port for its real SDKs: tokens, Cloud Storage, Firebase ML behind a TLS proxy; and failures.

`serving` yields the double and the environment that leads the SDKs to it.
"""

import json
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import google_keys
from ml_double import MlDouble
from storage_double import Answer, StorageDouble

ML_HOST = "firebaseml.googleapis.com"
BUCKET = "weld-double.firebasestorage.app"
TOKEN = "doubleToken42"


@dataclass
class Fault:
    """Befalls the next `times` requests whose "METHOD path" the pattern finds.

    kind: a status to answer, "reset" (the connection is cut) or "hang" (nothing comes for a second).
    `late`: the request is carried out first, and only its answer is lost.
    """

    pattern: str
    kind: int | str
    times: int = 1
    message: str = "injected"
    late: bool = False


@dataclass
class Google:
    url: str
    storage: StorageDouble
    ml: MlDouble
    anonymous: bool = False  # as the emulator, which lets in whoever comes
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def writes(self) -> list[str]:
        return [line for line in self.requests if not line.startswith("GET") and "/token" not in line]

    def fault(self, line: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and re.search(fault.pattern, line):
                fault.times -= 1
                return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    host = ""

    @property
    def google(self) -> Google:
        return self.server.google  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        pass

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.connection.close()  # after CONNECT it is another one than the server's own

    def do_CONNECT(self) -> None:
        self.close_connection = False  # some clients ask in HTTP/1.0, and stay
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        self.host = self.path.split(":")[0]
        context: ssl.SSLContext = self.server.tls  # type: ignore[attr-defined]
        self.rfile.close()
        self.wfile.close()
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def do_GET(self) -> None:
        body = self._body()
        url = urlsplit(self.path)
        line = f"{self.command} {self.path}"
        with self.google.lock:
            self.google.requests.append(line)
            fault = self.google.fault(line)
            answer = None
            if fault is None or fault.late:
                answer = self._route(url.path, {k: v[-1] for k, v in parse_qs(url.query).items()}, body)
        if fault is not None:
            self._fail(fault)
        elif answer is not None:
            self._send(answer)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            data = b""
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _route(self, path: str, query: dict[str, str], body: bytes) -> Answer:
        if path == "/token":
            return Answer(200, {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})
        if not self.google.anonymous and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Answer.error(401, "Invalid Credentials")
        if self.host == ML_HOST:
            return self.google.ml.answer(self.command, path, query, json.loads(body or b"{}"))
        return self.google.storage.answer(self.command, path, query, dict(self.headers), body)

    def _fail(self, fault: Fault) -> None:
        if isinstance(fault.kind, int):
            self._send(Answer.error(fault.kind, fault.message))
            return
        self.close_connection = True
        if fault.kind == "hang":
            time.sleep(1)
            return
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()  # with linger 0 the peer gets a reset

    def _send(self, answer: Answer) -> None:
        data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # clients that gave up, and connections cut on purpose


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Google, dict[str, str]]]:
    """A running double; keys and certificates are made in `folder`."""
    server = _Server(("127.0.0.1", 0), _Handler)
    url = f"http://127.0.0.1:{server.server_port}"
    storage = StorageDouble(url, {BUCKET: {}})
    google = Google(url, storage, MlDouble(storage))
    server.google, server.tls = google, google_keys.tls(folder, "*.googleapis.com")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    env = {
        "GOOGLE_APPLICATION_CREDENTIALS": str(google_keys.service_account(folder, f"{url}/token")),
        "STORAGE_EMULATOR_HOST": url,
        "HTTPS_PROXY": url,
        "https_proxy": url,
        "REQUESTS_CA_BUNDLE": str(folder / "ca.pem"),
        "NO_PROXY": "",
        "no_proxy": "",
        "NO_GCE_CHECK": "true",
    }
    try:
        yield google, env
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
