"""A project folder with a published model, uploads for it, and the server in process or as a process of its own."""

import hashlib
import io
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import contract_examples
import httpx2
import pytest
from PIL import Image
from starlette.testclient import TestClient
from weld_classes import CLASSES

from weldspot.loop.publishing.local import Local
from weldspot.server.app import create
from weldspot.server.options import ServerOptions, UploadLimits
from weldspot.workspace import Workspace

MODEL = b"not a network, but its bytes are served"
SHA256 = hashlib.sha256(MODEL).hexdigest()
LIMITS = UploadLimits(image_bytes=200_000, pixels=1_000_000, idle_seconds=0.6, body_seconds=2.0, uploads_per_day=5000)


@dataclass(frozen=True)
class Shot:
    """One upload, as the client sends it."""

    path: str
    image: bytes
    metadata: dict[str, str]

    def parts(self) -> dict[str, tuple[str | None, bytes | str, str]]:
        """The multipart form, for httpx2."""
        return {
            "image": ("shot.jpg", self.image, "image/jpeg"),
            "metadata": (None, json.dumps(self.metadata), "application/json"),
        }


def jpeg(number: int = 0, side: int = 48) -> bytes:
    """A small photograph; another number, another picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), (number % 256, number // 256 % 256, 90)).save(buffer, "JPEG")
    return buffer.getvalue()


def make_shot(number: int = 0, **changes: str) -> Shot:
    """An upload that is right but for the metadata that is changed."""
    image = jpeg(number)
    metadata = {
        "labels": "Crack,Porosity",
        "scores": ",".join(["0.1"] * len(CLASSES)),
        "model": SHA256,
        "taken": "2026-11-20T08:00:00+01:00",
        "sha256": hashlib.sha256(image).hexdigest(),
    }
    return Shot(f"/api/feedback/welder-1/{uuid.UUID(int=number + 1)}", image, metadata | changes)


@pytest.fixture
def shot() -> Callable[..., Shot]:
    return make_shot


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A folder whose local target serves version 3."""
    file = tmp_path / "model.tflite"
    file.write_bytes(MODEL)
    found = Workspace(tmp_path)
    Local(found.published).publish(file, contract_examples.manifest(sha256=SHA256).as_published("3"))
    return found


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    options = ServerOptions(workspace, limits=LIMITS)
    with TestClient(create(options), base_url="http://localhost", raise_server_exceptions=False) as found:
        yield found


_START = """
import json, signal, sys
from pathlib import Path
from weldspot.server.options import UploadLimits
from weldspot.server.serve import serve
from weldspot.workspace import Workspace
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job inherits it ignored
serve(Workspace(Path(sys.argv[1])), "127.0.0.1", 0, limits=UploadLimits(**json.loads(sys.argv[2])))
"""


@dataclass
class Running:
    """A server process and the address that it printed."""

    url: str
    process: subprocess.Popen[str]


@pytest.fixture
def server(workspace: Workspace) -> Callable[..., AbstractContextManager[Running]]:
    """Starts one, with other limits than LIMITS and a token if they are given."""

    @contextmanager
    def start(token: str = "", **changes: float) -> Iterator[Running]:
        limits = json.dumps(asdict(LIMITS) | changes)
        command = [sys.executable, "-u", "-c", _START, str(workspace.root), limits]
        environment = os.environ | {"WELDSPOT_TOKEN": token}
        with (workspace.root / "server.log").open("a") as log:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        try:
            assert process.stdout is not None
            url = next(line.split()[1] for line in process.stdout if line.startswith("WeldSpot"))
            next(line for line in process.stdout if line.startswith("Ctrl-C"))
            yield Running(url.partition("#")[0].rstrip("/"), process)
        finally:
            process.kill()
            process.communicate()

    return start


@pytest.fixture
def spooled(workspace: Workspace) -> Callable[[], dict[str, str]]:
    """Acknowledged uploads in the spool: object name → SHA-256 of the image that lies there."""

    def read() -> dict[str, str]:
        root = workspace.spool
        return {
            path.relative_to(root).with_suffix("").as_posix(): hashlib.sha256(
                path.with_suffix(".jpg").read_bytes()
            ).hexdigest()
            for path in root.glob("feedback/*/*.json")
        }

    return read


@pytest.fixture
def send() -> Callable[[httpx2.Client, Shot], httpx2.Response]:
    return lambda client, shot: client.post(shot.path, files=shot.parts())
