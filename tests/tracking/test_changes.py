"""Which parameters are not as committed."""

import subprocess

import pytest

from weldspot.tracking.changes import changed_parameters
from weldspot.workspace import Workspace


def commit(workspace: Workspace) -> None:
    identity = ("-c", "user.name=welder", "-c", "user.email=welder@example.org")
    for arguments in (["init", "-q"], ["add", "params.yaml"], [*identity, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *arguments], cwd=workspace.root, check=True)


@pytest.fixture
def committed(workspace: Workspace) -> Workspace:
    commit(workspace)
    return workspace


def test_only_what_was_changed_is_named(committed: Workspace) -> None:
    assert changed_parameters(committed) == []
    text = committed.params.read_text()
    committed.params.write_text(text.replace("learning_rate: 0.0003", "learning_rate: 0.001"))
    assert changed_parameters(committed) == ["training.learning_rate=0.001"]
    committed.params.write_text("".join(f"key{i}: {i}\n" for i in range(20)))
    assert changed_parameters(committed)[-2:] == ["key11=11", "and 8 more"]


def test_a_number_that_only_hydra_takes_for_one_is_no_change(workspace: Workspace) -> None:
    workspace.params.write_text("training:\n  learning_rate: 1e-5\n")
    commit(workspace)
    assert changed_parameters(workspace) == []


def test_a_secret_is_not_told(committed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", "very-secret-key-3")
    committed.params.write_text("source:\n  path: https://host/?key=very-secret-key-3\n")
    (told,) = changed_parameters(committed)
    assert told.startswith("source.path=https://host/")
    assert "very-secret" not in told


def test_without_a_commit_nothing_is_known_to_be_changed(workspace: Workspace) -> None:
    assert changed_parameters(workspace) == []
