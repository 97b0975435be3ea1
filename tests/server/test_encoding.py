"""Models as they travel."""

import gzip
import hashlib
import os

import contract_examples
import pytest
from starlette.testclient import TestClient

from weldspot.loop.publishing.local import Local
from weldspot.server.app import create
from weldspot.server.encoding import Gzipped, accepted
from weldspot.server.options import ServerOptions

REPEATED = b"weights that repeat themselves " * 500
RANDOM = os.urandom(5000)  # compressed it is larger


@pytest.fixture
def published(workspace, tmp_path):
    """Publishes a model of these bytes; gives its SHA-256 and a client of the server."""

    def publish(data):
        sha256 = hashlib.sha256(data).hexdigest()
        (tmp_path / "other.tflite").write_bytes(data)
        manifest = contract_examples.manifest(sha256=sha256).as_published("4")
        Local(workspace.published).publish(tmp_path / "other.tflite", manifest)
        return sha256, TestClient(create(ServerOptions(workspace)), base_url="http://localhost")

    return publish


@pytest.mark.parametrize(
    ("data", "taken", "encoding"),
    [
        (REPEATED, "br, gzip", "gzip"),
        (REPEATED, "identity", None),
        (REPEATED, "gzip;q=0", None),
        (RANDOM, "gzip", None),
    ],
)
def test_a_model_travels_compressed_where_that_helps_and_arrives_as_it_was(published, data, taken, encoding):
    sha256, client = published(data)
    with client.stream("GET", f"/api/models/{sha256}.tflite", headers={"Accept-Encoding": taken}) as answer:
        travelled = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == encoding
    assert int(answer.headers["content-length"]) == len(travelled)
    assert (gzip.decompress(travelled) if encoding else travelled) == data
    assert encoding is None or len(travelled) < len(data) / 10
    assert answer.headers["vary"] == "Accept-Encoding"


def test_each_is_compressed_once_and_two_are_kept(monkeypatch):
    made = []
    monkeypatch.setattr("weldspot.server.encoding.gzip.compress", lambda data, **_: made.append(data) or b"")
    forms = Gzipped()
    for name in ("a", "b", "a", "c", "a", "b"):
        assert forms.form(name, name.encode()) == b""
    assert made == [b"a", b"b", b"c", b"b"]


def test_the_first_phone_finds_it_compressed(published, monkeypatch):
    made = []
    sha256, client = published(REPEATED)
    monkeypatch.setattr(Gzipped, "form", lambda _, name, data: made.append((name, data)))
    with client:
        pass
    assert made == [(sha256, REPEATED)]


def test_what_a_browser_takes():
    scope = {"type": "http", "headers": [(b"accept-encoding", b"GZIP;q=0.5, br ;q=0.0, zstd")]}
    assert accepted(scope) == {"gzip", "zstd"}
