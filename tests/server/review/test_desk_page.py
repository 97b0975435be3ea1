"""Cards out, decisions in: behind the token, once each, and nothing that a sender wrote is more than text."""

import json
import shutil
from pathlib import Path

import pytest
from batches import batch
from pydantic import SecretStr
from reviews import HOSTILE
from starlette.testclient import TestClient
from uploads import upload

from weldspot.loop.publishing import course
from weldspot.loop.review.log import Log
from weldspot.server.app import create
from weldspot.server.options import ServerOptions
from weldspot.server.review.measuring import Measuring

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def desk(workspace, client, monkeypatch: pytest.MonkeyPatch):
    """The server of a folder in whose inbox six corrections wait; nobody asks a model."""
    monkeypatch.setattr(Measuring, "begin", lambda *_: False)
    shutil.copy(ROOT / "params.yaml", workspace.params)
    batch(workspace, *range(1, 7), via="network")
    return client


def cards(client, by: str = "rita") -> list[dict]:
    answer = client.get(f"/api/review/cards?by={by}")
    assert answer.status_code == 200
    return answer.json()["cards"]


def say(client, card, decision: str = "accept", **changes):
    word = {"id": card["id"], "seen": card["seen"], "decision": decision, "by": "rita", "labels": [], "reason": ""}
    return client.post("/api/review/decisions", content=json.dumps(word | changes))


def test_a_card_has_what_it_takes_to_decide(desk) -> None:
    found = cards(desk)
    assert len(found) == 6
    card = next(card for card in found if card["upload"] == upload(1)[0])
    assert (card["labels"], card["uploader"], card["seen"], card["network"]) == (["Bad Welding"], "anna", 0, True)
    assert card["scores"][0] == ["Bad Welding", 1.0]
    assert not card["measured"], "the phone says so"
    assert card["alone"] == ["Background"]
    photo = desk.get(f"/api/review/photos/{card['id']}")
    assert (photo.content, photo.headers["content-type"]) == (upload(1)[1], "image/jpeg")


def test_the_desk_says_what_is_tried_on_phones(desk, workspace) -> None:
    def told():
        return desk.get("/api/review/cards?by=rita").json()["trial"]

    assert told() is None
    course.write(
        workspace, course.Course(version="8", sha256="ab" * 32, before="cd" * 32, steps=[course.step(0.1, "")])
    )
    assert told() == {"version": "8", "share": 0.1}
    workspace.canary.write_text("{")
    assert told() is None
    assert len(cards(desk)) == 6


def test_decisions_are_written_down_once(desk, workspace) -> None:
    first, second, third, *_ = cards(desk)
    assert say(desk, first).json() == {"written": 1, "seen": 1, "left": 5}
    assert say(desk, second, "change", labels=["Crack", "porosity"]).status_code == 201
    assert say(desk, third, "reject", reason="not a weld").status_code == 201
    late = say(desk, first, "reject", reason="no", by="tom")
    assert late.status_code == 409
    assert late.json() == {
        "error": "rita was faster: accept.",
        "by": "rita",
        "decision": "accept",
        "labels": first["labels"],
    }
    assert say(desk, first | {"seen": 1}, "undo").status_code == 201
    assert {key: entry.after for key, entry in Log(workspace).last().items()} == {
        second["upload"]: ["Crack", "Porosity"], third["upload"]: [],
    }  # fmt: skip
    assert len(cards(desk)) == 4


def test_what_can_not_be_meant_is_one_sentence_and_writes_nothing(desk, workspace) -> None:
    card = cards(desk)[0]
    for status, changes in (
        (422, {"decision": "reject"}),
        (422, {"decision": "change", "labels": ["Rust"]}),
        (422, {"decision": "change", "labels": ["Background", "Crack"]}),
        (422, {"decision": "undo", "seen": 0}),
        (400, {"by": ""}),
        (400, {"by": HOSTILE["an escape"]}),
        (400, {"decision": "perhaps"}),
        (400, {"reason": "x" * 501}),
        (410, {"id": "0" * 20}),
        (413, {"labels": ["x" * 20_000]}),
    ):
        answer = say(desk, card, **changes)
        assert answer.status_code == status, changes
        assert answer.json()["error"].isprintable()
    assert desk.post("/api/review/decisions", content=b"[").status_code == 400
    assert desk.get("/api/review/cards").status_code == 400, "nobody reviews without a name"
    assert not workspace.reviews.exists()


def test_two_reviewers_are_given_other_cards(desk) -> None:
    rita = {card["id"] for card in cards(desk)}
    assert len(rita) == 6
    assert cards(desk, "tom") == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_a_sender_wrote_stays_text(desk, workspace, kind: str) -> None:
    batch(workspace, 9, via="network", note=HOSTILE[kind], device=HOSTILE[kind])
    answer = desk.get("/api/review/cards?by=rita")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    card = next(card for card in answer.json()["cards"] if card["upload"] == upload(9)[0])
    assert (card["note"], card["device"]) == (HOSTILE[kind], HOSTILE[kind])


def test_it_is_behind_the_token_and_other_pages_can_not_decide(desk, workspace) -> None:
    card = cards(desk)[0]
    options = ServerOptions(workspace, token=SecretStr("secret"))
    with TestClient(create(options), base_url="http://localhost") as guarded:
        for path in ("cards?by=rita", f"photos/{card['id']}", "known/x"):
            assert guarded.get(f"/api/review/{path}").status_code == 401
        assert say(guarded, card).status_code == 401
        bearer = {"Authorization": "Bearer secret"}
        assert guarded.get("/api/review/cards?by=rita", headers=bearer).status_code == 200
    foreign = desk.post("/api/review/decisions", content=b"{}", headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403


def test_a_folder_without_a_project_has_nothing_to_review(client) -> None:
    answer = client.get("/api/review/cards?by=rita")
    assert answer.status_code == 503
    assert "nothing to review" in answer.json()["error"]
    assert client.get("/review").status_code == 503, "not built here"
    assert client.get("/api/review/known/x").status_code == 404
