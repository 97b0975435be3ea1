"""Keys for what is outside, never shown."""

import json
from pathlib import Path

import pytest
from exports import params

from weldspot.config.parameters import Params
from weldspot.config.settings import Settings
from weldspot.doctor import services

KEY = {"type": "service_account", "project_id": "weld-1", "client_email": "a@b", "private_key": "very-secret"}


def loop(collect: str = "local", targets: tuple[str, ...] = ("local",), bucket: str = "b") -> Params:
    found = params(name="sample")
    section = found.loop.model_copy(
        update={
            "collect": found.loop.collect.model_copy(update={"source": collect, "bucket": bucket}),
            "publish": found.loop.publish.model_copy(update={"targets": list(targets), "bucket": bucket}),
        }
    )
    return found.model_copy(update={"loop": section})


@pytest.fixture
def key(tmp_path: Path) -> str:
    (tmp_path / "key.json").write_text(json.dumps(KEY))
    return str(tmp_path / "key.json")


def test_who_needs_no_google_needs_no_key(key: str) -> None:
    assert services.firebase(loop(), "").mark == "ok"
    assert services.firebase(loop(), key).mark == "ok"
    assert services.firebase(loop(), "/nowhere.json").mark == "warning"


@pytest.mark.parametrize(
    "asked", [{"collect": "firebase"}, {"targets": ("firebase_ml",)}, {"targets": ("firebase_storage",)}]
)
def test_who_needs_it_is_told_what_is_missing(key: str, asked: dict[str, object]) -> None:
    found = services.firebase(loop(**asked), "")
    assert (found.mark, found.stops) == ("missing", False)
    assert "is not set" in found.found
    assert "without loop." in services.firebase(loop(**asked, bucket=""), key).found
    found = services.firebase(loop(**asked), key)
    assert found.mark == "ok"
    assert "weld-1" in found.found
    assert "very-secret" not in str(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no JSON", "is no JSON"),
        ("[]", "not the key of a service account"),
        ('{"type": "authorized_user"}', "not the key of a service account"),
        (json.dumps({key: value for key, value in KEY.items() if key != "private_key"}), "lacks private_key"),
        (None, "no such file"),
    ],
)
def test_a_file_that_is_no_key_is_named(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "key.json"
    if text is not None:
        path.write_text(text)
    problem, project = services.account(str(path))
    assert said in problem
    assert str(path) in problem
    assert project == ""


def test_roboflow_asks_for_a_key_until_the_photographs_are_here() -> None:
    assert services.roboflow(key=True, fetched=False).mark == "ok"
    assert services.roboflow(key=False, fetched=False).stops
    assert not services.roboflow(key=False, fetched=True).stops


def test_of_messages_only_the_number_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_NOTIFY", "discord://id/very-secret-token slack://very-secret")
    findings = list(services.examine(loop(), Settings.read(tmp_path / ".env"), fetched=False))
    assert "names 2" in findings[-1].found
    assert "very-secret" not in str(findings)
