"""The server as a process and under load."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx2
import psutil
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.server import serve as module
from weldspot.workspace import Workspace

# as phones meet it: on a busy machine a client may be held up for longer than LIMITS allow between two pieces
UNHURRIED = {"idle_seconds": 10.0, "body_seconds": 120.0}


def test_500_uploads_by_50_clients_arrive_once_each_in_flat_memory(server, shot, spooled, send):
    shots = [shot(number) for number in range(500)]
    large = b"\xff\xd8\xff" + bytes(190_000)
    codes: list[int] = []

    with server(**UNHURRIED) as running:
        process = psutil.Process(running.process.pid)

        def client(own: list) -> None:
            # a connection for each: one kept open is closed by the server after five idle seconds, perhaps just as a
            # client that a busy machine held up for so long sends on it
            limits = httpx2.Limits(max_keepalive_connections=0)
            with httpx2.Client(base_url=running.url, timeout=60, limits=limits) as http:
                for one in own:
                    codes.append(send(http, one).status_code)

        def all_at_once(chosen: list) -> None:
            with ThreadPoolExecutor(50) as pool:
                list(pool.map(client, [chosen[start::50] for start in range(50)]))

        all_at_once(shots[:100])
        before = process.memory_info().rss
        all_at_once(shots)  # a hundred of them again
        with httpx2.Client(base_url=running.url) as http:
            for one in shots[:40]:
                parts = one.parts() | {"image": ("a.jpg", large, "image/jpeg")}
                codes.append(http.post(one.path, files=parts).status_code)
        assert process.memory_info().rss < 1.5 * before
    assert Counter(codes) == {201: 500, 200: 100, 422: 40}
    assert spooled() == {one.path.removeprefix("/api/"): one.metadata["sha256"] for one in shots}


def test_killed_mid_load_every_acknowledged_upload_is_there_once(server, workspace, shot, spooled, send):
    acknowledged: dict[str, str] = {}
    shots = [shot(number) for number in range(3000)]

    def client(url: str, own: list) -> None:
        with httpx2.Client(base_url=url, timeout=20) as http:
            for one in own:
                try:
                    answer = send(http, one)
                except httpx2.HTTPError:
                    return
                assert answer.status_code == 201
                acknowledged[one.path] = one.metadata["sha256"]

    with server(**UNHURRIED) as running, ThreadPoolExecutor(8) as pool:
        threads = [pool.submit(client, running.url, shots[start::8]) for start in range(8)]
        while len(acknowledged) < 60:
            time.sleep(0.01)
        os.kill(running.process.pid, signal.SIGKILL)
        for thread in threads:
            thread.result()
    assert 60 <= len(acknowledged) < len(shots)
    assert spooled().items() >= {path.removeprefix("/api/"): sha for path, sha in acknowledged.items()}.items()
    with server(**UNHURRIED) as running, httpx2.Client(base_url=running.url) as http:
        tried = shots[:200]  # phones send again what they are unsure of
        answers = {send(http, one).status_code for one in tried}
        assert answers == {200, 201}
    images = list((workspace.spool / "feedback").rglob("*.jpg"))
    stored = spooled()
    assert len(stored) == len({path.split("/")[-1] for path in stored})
    assert all(f"feedback/welder-1/{path.stem}" in stored or path.stem not in str(tried) for path in images)


def test_stops_on_an_interrupt_and_says_where_it_listens(server):
    with server() as running:
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(20) in (0, 130, -signal.SIGINT)


def test_an_address_that_is_taken_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "weldspot.cli", "serve", "--port", str(port)],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "can't listen there" in done.stderr
    assert "Traceback" not in done.stderr


def test_beyond_loopback_a_token_is_made_and_printed(tmp_path, monkeypatch, capsys):
    started = threading.Event()
    kept: dict = {}

    def run(self, sockets: list) -> None:
        kept["config"], kept["tls"] = self.config, self.config.ssl_certfile
        started.set()

    monkeypatch.setattr(module.uvicorn.Server, "run", run)
    module.serve(Workspace(tmp_path), "0.0.0.0", 0, self_signed=True)
    assert started.is_set()
    assert kept["tls"] == tmp_path / ".weldspot/tls/certificate.pem"
    out = capsys.readouterr().out
    url = urlsplit(next(line.split()[1] for line in out.splitlines() if line.startswith("WeldSpot")))
    assert url.scheme == "https"
    assert url.fragment.startswith("token=")
    assert len(url.fragment) > 20
    assert "█" in out
    module.serve(Workspace(tmp_path), "127.0.0.1", 0)
    local = capsys.readouterr().out
    assert "#token=" not in local
    assert "█" not in local  # a code for an address that no phone can open


def test_log_handlers_of_others_stay_open(tmp_path, monkeypatch):
    closed = []
    other = logging.NullHandler()
    other.close = lambda: closed.append(other)
    monkeypatch.setattr(module.uvicorn.Server, "run", lambda self, sockets: None)
    module.serve(Workspace(tmp_path), "127.0.0.1", 0)
    assert closed == []


def test_a_client_configuration_that_can_not_be_used_is_one_line(tmp_path):
    path = tmp_path / "config.json"
    for text in ("{", '{"backend": "ftp"}', "[]"):
        path.write_text(text)
        with pytest.raises(WeldspotError, match="serving"):
            module.serve(Workspace(tmp_path), "127.0.0.1", 0, config=path)


@pytest.mark.parametrize(
    "options",
    [
        {"host": "a" * 64 + ".example.org"},
        {"host": "a\nb"},
        {"host": "a\0b"},
        {"host": "\udcff"},
        {"allowed": ["https://welds.example.org"]},
        {"allowed": [""]},
        {"self_signed": True, "host": "::%lo\xe4"},
    ],
)
def test_an_option_that_can_not_be_used_is_one_line(tmp_path, monkeypatch, options):
    monkeypatch.setattr(module.uvicorn.Server, "run", lambda self, sockets: None)
    with pytest.raises(WeldspotError):
        module.serve(Workspace(tmp_path), **{"host": "127.0.0.1", "port": 0} | options)


def test_behind_a_proxy_a_token_is_made_and_the_public_address_printed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(module.uvicorn.Server, "run", lambda self, sockets: None)
    module.serve(Workspace(tmp_path), "127.0.0.1", 0, allowed=["welds.example.org"])
    url = next(line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith("WeldSpot"))
    assert url.startswith("https://welds.example.org/#token=")
    assert len(url) > 50


def test_the_registry_is_read_before_the_address_is_told(monkeypatch, tmp_path):
    order = []
    monkeypatch.setattr(module.Models, "manifest", lambda self: order.append("read"))
    monkeypatch.setattr(module, "_announce", lambda *_: order.append("told"))
    monkeypatch.setattr(module, "_server", lambda *_: SimpleNamespace(run=lambda sockets: order.append("run")))
    module.serve(Workspace(tmp_path), "127.0.0.1", 0)
    assert order == ["read", "told", "run"]
