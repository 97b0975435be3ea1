"""What is taken in, what is refused, and that refusals leave nothing behind."""

import hashlib
import io
import json
import tempfile

import pytest
from PIL import Image
from starlette.testclient import TestClient

from weldspot.server.app import create
from weldspot.server.options import ServerOptions, UploadLimits


def test_an_upload_is_stored_with_its_metadata_and_a_replay_is_known(client, workspace, shot, send, spooled):
    first = shot(1)
    answer = send(client, first)
    assert answer.status_code == 201
    assert answer.json() == {"id": first.path.split("/")[-1], "sha256": first.metadata["sha256"]}
    assert send(client, first).status_code == 200
    name = first.path.removeprefix("/api/")
    assert spooled() == {name: first.metadata["sha256"]}
    assert json.loads((workspace.spool / f"{name}.json").read_text()) == first.metadata | {"via": "loopback"}
    other = shot(2)
    conflict = client.post(first.path, files=other.parts())
    assert conflict.status_code == 409
    assert "another upload" in conflict.json()["error"]
    assert spooled() == {name: first.metadata["sha256"]}


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
def test_names_that_climb_or_stretch_are_refused(client, workspace, shot, path):
    before = sorted(workspace.root.rglob("*"))
    answer = client.post(path, files=shot().parts())
    assert 400 <= answer.status_code < 500
    assert sorted(workspace.root.rglob("*")) == before


def test_too_many_at_a_time_are_asked_to_come_again(workspace, shot, send, spooled):
    options = ServerOptions(workspace, limits=UploadLimits(receiving=0))
    with TestClient(create(options), base_url="http://localhost") as client:
        answer = send(client, shot())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert not spooled()


def test_a_full_disk_is_said_and_may_be_tried_again(client, shot, send, spooled, monkeypatch):
    from weldspot.runtime import atomic

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(atomic, "write_bytes", full)
        answer = send(client, shot())
        assert (answer.status_code, answer.headers["retry-after"]) == (507, "5")
    assert not spooled()
    assert send(client, shot()).status_code == 201


def test_damaged_metadata_is_written_anew_when_the_phone_sends_it_again(client, workspace, shot, send, spooled):
    one, other = shot(1), shot(2)
    assert send(client, one).status_code == 201
    path = (workspace.spool / one.path.removeprefix("/api/")).with_suffix(".json")
    for damage in (b"", b"{", b"[]", b"\xff\xfe", b'{"labels": 1}', b"{}"):
        path.write_bytes(damage)
        conflict = client.post(one.path, files=other.parts())  # another photograph: nobody knows which is meant
        assert conflict.status_code == 507
        assert path.read_bytes() == damage
        assert send(client, one).status_code == 201
        assert send(client, one).status_code == 200
    assert spooled() == {one.path.removeprefix("/api/"): one.metadata["sha256"]}


def test_a_full_folder_for_temporary_files_is_a_full_disk(workspace, shot, spooled, monkeypatch):
    buffer = io.BytesIO()
    Image.effect_noise((1500, 1500), 90).save(buffer, "JPEG", quality=90)
    one = shot(sha256=hashlib.sha256(buffer.getvalue()).hexdigest())
    parts = one.parts() | {"image": ("a.jpg", buffer.getvalue(), "image/jpeg")}
    assert len(buffer.getvalue()) > 2**20  # what is smaller stays in memory
    with TestClient(create(ServerOptions(workspace)), base_url="http://localhost") as client:
        with monkeypatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(workspace.root / "none"))
            answer = client.post(one.path, files=parts)
        assert (answer.status_code, answer.headers["retry-after"]) == (507, "5")
        assert not spooled()
        assert client.post(one.path, files=parts).status_code == 201
