"""What is taken in, what is refused, and that refusals leave nothing behind."""

import io
import json
import struct
import zlib

import pytest
from PIL import Image
from starlette.testclient import TestClient

from weldspot.server.uploads import photo
from weldspot.server.answers import Refused
from weldspot.server.app import create
from weldspot.server.options import Limits, Settings

HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def bomb() -> bytes:
    """A JPEG of a few hundred bytes whose header says 65,000 × 65,000 pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG")
    data = bytearray(buffer.getvalue())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return buffer.getvalue()


def large(progressive: bool) -> bytes:
    """2100 × 2100 pixels with a thumbnail among its metadata, as a camera writes it."""
    thumbnail, buffer = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (160, 120)).save(thumbnail, "JPEG")
    exif = b"Exif\0\0" + thumbnail.getvalue()
    Image.new("RGB", (2100, 2100), (9, 99, 200)).save(buffer, "JPEG", progressive=progressive, exif=exif)
    return buffer.getvalue()


def many_scans() -> bytes:
    """A progressive JPEG whose last scan is repeated a thousand times."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (9, 99, 200)).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 1000 + b"\xff\xd9"


def test_an_upload_is_stored_with_its_metadata_and_a_replay_is_known(client, project, shot, send, spooled):
    first = shot(1)
    answer = send(client, first)
    assert answer.status_code == 201
    assert answer.json() == {"id": first.path.split("/")[-1], "sha256": first.metadata["sha256"]}
    assert send(client, first).status_code == 200
    name = first.path.removeprefix("/api/")
    assert spooled() == {name: first.metadata["sha256"]}
    assert json.loads((project / f".weldspot/spool/{name}.json").read_text()) == first.metadata
    other = shot(2)
    conflict = client.post(first.path, files=other.parts())
    assert conflict.status_code == 409
    assert "another upload" in conflict.json()["error"]
    assert spooled() == {name: first.metadata["sha256"]}


def test_metadata_may_come_as_a_browsers_blob(client, shot):
    one = shot()
    parts = one.parts() | {"metadata": ("blob", json.dumps(one.metadata), "application/json")}
    assert client.post(one.path, files=parts).status_code == 201


def test_a_large_picture_may_have_one_scan_only():
    photo.check(large(progressive=False), 25_000_000)
    with pytest.raises(Refused, match=r"progressive image may have at most 4 million pixels, not 2100 × 2100"):
        photo.check(large(progressive=True), 25_000_000)


@pytest.mark.parametrize(
    ("image", "status"),
    [
        (b"", 415), (HTML, 415), (png(), 415), (b"\xff\xd8\xff" + HTML, 415), (bomb(), 413), (many_scans(), 413),
        (b"\xff\xd8\xff" + bytes(250_000), 413), (zlib.compress(bytes(10**6)), 415),
    ],
    ids=["empty", "html", "png", "html-with-magic", "bomb", "scans", "large", "zlib"],
)  # fmt: skip
def test_what_is_no_photograph_is_refused(client: TestClient, shot, spooled, image, status):
    one = shot(sha256="")
    answer = client.post(one.path, files=one.parts() | {"image": ("shot.jpg", image, "image/jpeg")})
    assert answer.status_code == status, answer.text
    assert answer.json()["error"].endswith(".")
    assert not spooled()


def test_a_photograph_that_ends_early_is_refused(client, shot, spooled):
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(buffer, "JPEG")
    one = shot(sha256="")
    cut = buffer.getvalue()[: len(buffer.getvalue()) // 2]
    answer = client.post(one.path, files=one.parts() | {"image": ("shot.jpg", cut, "image/jpeg")})
    assert answer.status_code == 415
    assert "damaged" in answer.json()["error"]
    assert not spooled()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"labels": "Rust"}, "Rust"),
        ({"labels": ""}, "no labels"),
        ({"labels": "Background,Crack"}, "Background"),
        ({"scores": "0.1,0.2"}, "2 scores"),
        ({"scores": "1.5,0,0,0,0,0,0"}, "between 0 and 1"),
        ({"scores": "nan,0,0,0,0,0,0"}, "between 0 and 1"),
        ({"model": "latest"}, "SHA-256"),
        ({"model": "f" * 64}, "No model of this project"),
        ({"taken": "yesterday"}, "ISO 8601"),
        ({"sha256": "0" * 64}, "not the one"),
        ({"note": "x" * 3000}, "note"),
    ],
)
def test_metadata_that_can_not_be_true_is_refused(client, shot, send, spooled, changes, says):
    answer = send(client, shot(**changes))
    assert answer.status_code == 422
    assert says in answer.json()["error"]
    assert not spooled()


@pytest.mark.parametrize("missing", ["labels", "scores", "model", "taken"])
def test_every_field_that_is_needed_is_asked_for(client, shot, send, spooled, missing):
    one = shot()
    del one.metadata[missing]
    assert send(client, one).status_code == 422
    assert not spooled()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"labels": 1}', "{", "[" * 9000, '{"note": "\\ud800"}', "9" * 9000, "\ufeff{}"]
)
def test_metadata_of_another_form_is_refused(client, shot, spooled, text):
    one = shot()
    answer = client.post(one.path, files=one.parts() | {"metadata": (None, text, "application/json")})
    assert answer.status_code == 400, answer.text
    assert not spooled()


@pytest.mark.parametrize(
    "path",
    [
        "/api/feedback/../../evil/x",
        "/api/feedback/..%2f..%2fevil/00000000-0000-0000-0000-000000000001",
        "/api/feedback/welder/..%2f..%2f..%2fevil",
        "/api/feedback/welder/%2e%2e",
        "/api/feedback/welder/00000000-0000-0000-0000-000000000001%00.jpg",
        "/api/feedback/welder/not-a-uuid",
        "/api/feedback/welder/ABCDEF00-0000-0000-0000-000000000001",
        f"/api/feedback/{'w' * 200}/00000000-0000-0000-0000-000000000001",
    ],
)
def test_names_that_climb_or_stretch_are_refused(client, project, shot, path):
    before = sorted(project.rglob("*"))
    answer = client.post(path, files=shot().parts())
    assert 400 <= answer.status_code < 500
    assert sorted(project.rglob("*")) == before


def test_forms_of_another_kind_are_refused(client, shot, spooled):
    one, parts = shot(), shot().parts()
    answers = [
        (client.post(one.path, content=one.image, headers={"content-type": "image/jpeg"}), 415),
        (client.post(one.path, content=b"x", headers={"content-type": "multipart/form-data"}), 400),
        (client.post(one.path, files={"image": parts["image"]}), 400),
        (client.post(one.path, files={"metadata": parts["metadata"]}), 400),
        (client.post(one.path, files=parts | {"image": ("a.jpg", one.image, "text/html")}), 415),
        (client.put(one.path, files=parts), 405),
        (client.get(one.path), 404),
    ]
    for answer, status in answers:
        assert answer.status_code == status, answer.text
    many = [("image", parts["image"])] * 20
    assert client.post(one.path, files=many).status_code == 400
    large = parts | {"metadata": (None, json.dumps(one.metadata | {"note": "x" * 20_000}), "application/json")}
    assert client.post(one.path, files=large).status_code in (400, 413)
    assert not spooled()


def test_too_many_at_a_time_are_asked_to_come_again(project, shot, send, spooled):
    settings = Settings(root=project, limits=Limits(receiving=0))
    with TestClient(create(settings), base_url="http://localhost") as client:
        answer = send(client, shot())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert not spooled()


def test_a_full_disk_is_said_and_may_be_tried_again(client, shot, send, spooled, monkeypatch):
    from weldspot.runtime import atomic

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(atomic, "write_file", full)
        answer = send(client, shot())
        assert (answer.status_code, answer.headers["retry-after"]) == (507, "5")
    assert not spooled()
    assert send(client, shot()).status_code == 201
