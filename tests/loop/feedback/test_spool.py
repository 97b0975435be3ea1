"""The spool: an upload is there once its JSON is, and is known again after it has left."""

import json
import threading

import pytest
from uploads import jpeg, upload

from weldspot.loop.feedback.spool import COLLECTED, Conflict, Spool, put
from weldspot.loop.feedback.upload_metadata import BadUpload
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def test_what_was_put_is_fetched_with_its_hash(workspace: Workspace) -> None:
    name, image, metadata = upload(1)
    assert put(workspace.spool, name, image, metadata)
    source = Spool(workspace.spool)
    assert list(source.names()) == [name]
    assert source.fetch(name) == (image, metadata | {"via": "network"})


def test_an_image_whose_metadata_never_came_is_no_upload(workspace: Workspace) -> None:
    name, image, _ = upload(1)
    path = workspace.spool / name
    path.parent.mkdir(parents=True)
    path.write_bytes(image)
    assert list(Spool(workspace.spool).names()) == []


def test_one_id_is_one_upload(workspace: Workspace) -> None:
    name, image, metadata = upload(1)
    put(workspace.spool, name, image, metadata)
    with pytest.raises(Conflict):
        put(workspace.spool, name, image, metadata | {"labels": "Crack,Porosity"})
    with pytest.raises(Conflict):
        put(workspace.spool, name, jpeg(2), metadata)


def test_of_many_that_send_the_same_at_once_one_stores_it(workspace: Workspace) -> None:
    stored: list[bool] = []

    def send() -> None:
        stored.append(put(workspace.spool, *upload(1)))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stored) == [False] * 7 + [True]


@pytest.mark.parametrize(
    ("text", "image", "reason"),
    [("{}", None, "is missing"), ("{", b"x", "not JSON"), ("[]", b"x", "not an object of strings")],
)
def test_what_can_never_be_read_says_why_and_keeps_the_text(
    workspace: Workspace, text: str, image: bytes | None, reason: str
) -> None:
    path = workspace.spool / "feedback/anna/1.jpg"
    path.parent.mkdir(parents=True)
    path.with_suffix(".json").write_text(text)
    if image is not None:
        path.write_bytes(image)
    with pytest.raises(BadUpload, match=reason) as caught:
        Spool(workspace.spool).fetch("feedback/anna/1.jpg")
    assert caught.value.metadata == {"raw": text}
    assert caught.value.data == (image or b"")


def test_what_may_be_read_later_is_no_bad_upload(workspace: Workspace) -> None:
    with pytest.raises(WeldspotError, match="can't be read"):
        Spool(workspace.spool).fetch("feedback/anna/gone.jpg")


@pytest.mark.parametrize("after", ["keep", "mark", "delete"])
def test_done_twice_does_no_harm(workspace: Workspace, after: str) -> None:
    name, image, metadata = upload(1)
    put(workspace.spool, name, image, metadata)
    for _ in range(2):
        Spool(workspace.spool).done(name, after)  # type: ignore[arg-type]
    assert list(Spool(workspace.spool).names()) == ([name] if after == "keep" else [])
    if after != "keep":
        kept = (workspace.spool / COLLECTED / name).with_suffix(".json")
        assert json.loads(kept.read_text()) == metadata | {"via": "network"}


def test_an_upload_is_forgotten_wherever_it_lies(workspace: Workspace) -> None:
    source = Spool(workspace.spool)
    waiting, marked, dropped = (upload(number) for number in range(3))
    for one in (waiting, marked, dropped):
        put(workspace.spool, *one)
    source.done(marked[0], "mark")
    source.done(dropped[0], "delete")
    assert list(source.stored()) == sorted(one[0] for one in (waiting, marked, dropped))
    assert [source.image(one[0]) for one in (waiting, marked, dropped)] == [waiting[1], marked[1], b""]
    for name in [*source.stored()] * 2:
        source.forget(name)
    assert list(source.stored()) == []
    assert put(workspace.spool, *marked), "a phone that sends it again is not told that it is here"


def test_which_way_it_came_is_this_program_s_word_and_no_reason_for_a_conflict(workspace: Workspace) -> None:
    name, image, metadata = upload(1)
    assert put(workspace.spool, name, image, metadata | {"via": "loopback"}, "network")
    assert Spool(workspace.spool).fetch(name)[1]["via"] == "network"
    assert not put(workspace.spool, name, image, metadata, "loopback"), "the same upload, by another way"
    assert Spool(workspace.spool).fetch(name)[1]["via"] == "network"
