"""The recipe of docs/serving.md, run: its command behind what a proxy does, and behind nginx itself."""

import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from weldspot import cli
from weldspot.server import serve as module
from weldspot.server.app import create
from weldspot.server.options import ServerOptions

PUBLIC = "welds.example.org"
SECTION = (
    (Path(__file__).resolve().parents[2] / "docs/serving.md").read_text().partition("## Behind a reverse proxy")[2]
)
COMMAND = re.findall(r"```sh\n(.*)\n```", SECTION)[0]
NGINX = re.findall(r"```nginx\n(.*?)```", SECTION, re.DOTALL)[0]


@pytest.fixture
def options(workspace, monkeypatch, capsys) -> ServerOptions:
    """What the documented command starts the server with."""
    kept: list[ServerOptions] = []

    def made(given: ServerOptions, _: object) -> object:
        kept.append(given)
        return type("Stopped", (), {"run": lambda self, sockets: None})()

    monkeypatch.setattr(module, "_server", made)
    monkeypatch.setattr(module, "_listen", lambda host, port: socket.create_server((host, 0)))
    arguments = shlex.split(COMMAND)
    assert arguments[0] == "weldspot"
    monkeypatch.setattr("sys.argv", ["weldspot", "-C", str(workspace.root), *arguments[1:]])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    return kept[0]


def upload(client: httpx2.Client, shot: Callable, options: ServerOptions, **headers: str) -> int:
    one = shot()
    bearer = {"authorization": f"Bearer {options.token.get_secret_value()}"}
    page = {"origin": f"https://{PUBLIC}", "sec-fetch-site": "same-origin"}
    return client.post(one.path, files=one.parts(), headers=bearer | page | headers).status_code


@pytest.mark.parametrize("host", [PUBLIC, "127.0.0.1:8000"])
def test_pages_of_the_public_name_may_send_whichever_host_the_proxy_asks_for(options, shot, host: str) -> None:
    with TestClient(create(options), base_url="http://127.0.0.1:8000") as client:
        assert upload(client, shot, options, host=host) == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": PUBLIC, "origin": "https://evil.example"}, 403),
        ({"host": PUBLIC, "origin": f"https://{PUBLIC}.evil.example"}, 403),
        ({"host": "127.0.0.1:8000", "origin": f"http://{PUBLIC}"}, 403),
        ({"host": PUBLIC, "authorization": ""}, 401),
    ],
)
def test_nobody_else_may(options, shot, headers: dict[str, str], status: int) -> None:
    with TestClient(create(options), base_url="http://127.0.0.1:8000") as client:
        assert upload(client, shot, options, **headers) == status


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def nginx(folder: Path, server: str) -> Iterator[str]:
    """nginx with the documented location in front of `server`; its address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    location = NGINX.replace("http://127.0.0.1:8000", server)
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "\n".join(f"{name}_temp_path {folder}/{name};" for name in names)
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off; {paths}\nserver {{ listen 127.0.0.1:{port}; server_name {PUBLIC};\n{location}}} }}\n"
    )
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        while not _answers(port):
            assert process.poll() is None, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def served(root: Path) -> Iterator[tuple[str, str]]:
    """The documented command on a free port; the address for phones, and the one for the proxy."""
    arguments = shlex.split(COMMAND.replace("--port 8000", "--port 0"))[1:]
    command = [sys.executable, "-u", "-m", "weldspot.cli", "-C", str(root), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        public = next(line.split()[1] for line in process.stdout if line.startswith("WeldSpot"))
        own = next(line.split()[-1] for line in process.stdout if line.startswith("A reverse proxy"))
        next(line for line in process.stdout if line.startswith("Ctrl-C"))
        yield public, own.rstrip("/")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not here")
def test_the_documented_nginx_passes_a_photograph_of_megabytes_on(workspace, shot, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("nginx")
    with (
        served(workspace.root) as (public, own),
        nginx(folder, own) as address,
        httpx2.Client(base_url=address) as client,
    ):
        one = shot()
        token = urlsplit(public).fragment.partition("=")[2]
        page = {"origin": f"https://{PUBLIC}", "host": PUBLIC, "authorization": f"Bearer {token}"}
        assert client.post(one.path, files=one.parts(), headers=page).status_code == 201
        large = one.parts() | {"image": ("a.jpg", b"\xff\xd8\xff" + bytes(3_000_000), "image/jpeg")}
        answer = client.post(one.path, files=large, headers=page)
        assert "error" in answer.json(), "the server's own answer, not the proxy's"
