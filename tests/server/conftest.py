"""A project folder with a published model, uploads for it, and the server in process or as a process of its own."""

import hashlib
import io
import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from PIL import Image
from starlette.testclient import TestClient

from weldspot.labels import CLASSES
from weldspot.loop.publishing import phone_manifest
from weldspot.loop.publishing.local import Local
from weldspot.server.app import create
from weldspot.server.options import Limits, Settings

MODEL = b"not a network, but its bytes are served"
LIMITS = Limits(image_bytes=200_000, pixels=1_000_000, idle_seconds=0.6, body_seconds=2.0)


@dataclass(frozen=True)
class Shot:
    """One upload, as the client sends it."""

    path: str
    image: bytes
    metadata: dict[str, str]

    def parts(self) -> dict:
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
        "model": hashlib.sha256(MODEL).hexdigest(),
        "taken": "2026-11-20T08:00:00+01:00",
        "sha256": hashlib.sha256(image).hexdigest(),
    }
    return Shot(f"/api/feedback/welder-1/{uuid.UUID(int=number + 1)}", image, metadata | changes)


@pytest.fixture
def shot() -> Callable[..., Shot]:
    return make_shot


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder whose local target serves version 3."""
    file, sha256 = tmp_path / "model.tflite", hashlib.sha256(MODEL).hexdigest()
    file.write_bytes(MODEL)
    export = {"name": "weldspot", "sha256": sha256, "metrics": {"mean_roc_auc": 0.98}, "checks_passed": True}
    Local(tmp_path / ".weldspot/published").publish(file, phone_manifest.manifest_of(export, "3"))
    return tmp_path


@pytest.fixture
def client(project: Path) -> Iterator[TestClient]:
    settings = Settings(root=project, limits=LIMITS)
    with TestClient(create(settings), base_url="http://localhost", raise_server_exceptions=False) as found:
        yield found


_START = """
import signal, sys
from pathlib import Path
from weldspot.server.serve import serve
from weldspot.server.settings import Limits
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job inherits it ignored
serve("127.0.0.1", 0, root=Path(sys.argv[1]), limits=Limits(**eval(sys.argv[2])))
"""


@dataclass
class Running:
    """A server process and the address that it printed."""

    url: str
    process: subprocess.Popen[str]


@pytest.fixture
def server(project: Path) -> Callable[[], AbstractContextManager[Running]]:
    @contextmanager
    def start() -> Iterator[Running]:
        command = [sys.executable, "-u", "-c", _START, str(project), repr(LIMITS.__dict__)]
        with (project / "server.log").open("a") as log:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=project)
        try:
            assert process.stdout is not None
            url = next(line.split()[1] for line in process.stdout if line.startswith("WeldSpot"))
            next(line for line in process.stdout if line.startswith("Ctrl-C"))
            yield Running(url.rstrip("/"), process)
        finally:
            process.kill()
            process.communicate()

    return start


@pytest.fixture
def spooled(project: Path) -> Callable[[], dict[str, str]]:
    """Acknowledged uploads in the spool: object name → SHA-256 of the image that lies there."""

    def read() -> dict[str, str]:
        root = project / ".weldspot/spool"
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
