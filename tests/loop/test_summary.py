"""The summary of a retraining, as its pull request shows it."""

import json
import shutil
import subprocess

import pytest
from judged import CASE, SECTION

from weldspot.contracts.verdict import Verdict
from weldspot.loop import summary
from weldspot.loop.drift.judging import too_few
from weldspot.loop.story import Story
from weldspot.registry import decisions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.runtime import atomic
from weldspot.workspace import Workspace

REASON = "- held-out photographs: mean AP 0.9000 → 0.9500\n\nRule: equal passes."


@pytest.fixture(autouse=True)
def _decided(monkeypatch: pytest.MonkeyPatch) -> None:
    def last(_: ModelRegistry, version: str) -> decisions.Decision:
        return decisions.Decision(version=version, decision="promoted", by="ada", at="today", reason=REASON)

    monkeypatch.setattr(decisions, "last", last)


def verdict(workspace: Workspace, *reasons: str) -> Verdict:
    said = too_few(CASE, SECTION).model_copy(update={"outcome": "drift", "reasons": list(reasons)})
    atomic.write_bytes(workspace.verdict, said.json_bytes())
    return said


def scores(average_precision: float) -> dict[str, dict[str, object]]:
    mean = {"average_precision": average_precision, "roc_auc": 0.99, "f1": None}
    return {"mean": mean, "per_class": {"Crack": {"average_precision": average_precision / 2}}}


def commit(workspace: Workspace) -> None:
    for command in (["init", "-q"], ["add", "reports"], ["commit", "-q", "-m", "scores"]):
        names = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", *names, *command], cwd=workspace.root, check=True)


def test_nothing_to_do(workspace: Workspace) -> None:
    verdict(workspace)
    path = summary.write(workspace, Story(outcome="no-drift"))
    assert path == workspace.summary
    assert path.read_text() == (
        "# Retraining: nothing to do (no-drift)\n\n## The gate: no-drift\n\n100 photographs, 1 batch(es).\n\n"
    )


def test_a_new_production_model(workspace: Workspace) -> None:
    verdict(workspace, "brightness: median 94.9 was, 30.7 is", "noise: more")
    atomic.write_json(workspace.metrics, scores(0.9))
    commit(workspace)
    atomic.write_json(workspace.metrics, scores(0.95))
    story = Story("drift", "drift", "2", True, ["local: version 2 (178c31807230)"])
    text = summary.write(workspace, story).read_text()
    assert (
        text
        == """\
# Retraining: a new production model

Why: drift

## The gate: drift

100 photographs, 1 batch(es).

- brightness: median 94.9 was, 30.7 is
- noise: more

## Test scores

| | committed | now | difference |
|---|---|---|---|
| mean average precision | 0.9000 | 0.9500 | +0.0500 |
| mean ROC AUC | 0.9900 | 0.9900 | +0.0000 |
| mean F1 | – | – | – |
| AP of Crack | 0.4500 | 0.4750 | +0.0250 |

The test photographs differ where feedback has come in; the decision below is on common ones.

## Decision: version 2 is production

- held-out photographs: mean AP 0.9000 → 0.9500

Rule: equal passes.

Served:
- local: version 2 (178c31807230)
"""
    )


def test_before_the_first_commit_only_what_is_now_is_told(workspace: Workspace) -> None:
    atomic.write_json(workspace.metrics, scores(0.95))
    text = summary.write(workspace, Story("", "there is no production model yet", "1", False)).read_text()
    assert "| mean average precision | – | 0.9500 | – |" in text
    assert text.startswith("# Retraining: the new model was refused\n\nWhy: there is no production model yet\n\n##")
    assert "## Decision: version 1 is refused; production stays\n" in text
    assert "The gate" not in text


def test_a_problem_is_said_and_so_is_a_verdict_that_can_not_be_read(workspace: Workspace) -> None:
    workspace.verdict.parent.mkdir(parents=True)
    workspace.verdict.write_text("{torn")
    text = summary.write(workspace, Story(outcome="drift", why="drift", problems=["the disk is full"])).read_text()
    assert text == (
        f"# Retraining: stopped by a problem\n\nWhy: drift\n\n## The gate: drift\n\n- {workspace.verdict}: damaged "
        "(the whole: Invalid JSON: key must be a string at line 1 column 2); "
        "the next judgement of `weldspot gate` replaces it\n\n## Problems\n\n- the disk is full\n"
    )
    assert summary.reasons(workspace)[0].startswith(f"{workspace.verdict}: damaged")


def test_what_the_last_verdict_says(workspace: Workspace) -> None:
    assert summary.reasons(workspace) == []
    verdict(workspace, "noise: more")
    assert summary.reasons(workspace) == ["noise: more"]


def test_a_version_without_a_decision_has_none(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert summary.decision(workspace, "2") == REASON.splitlines()
    monkeypatch.setattr(decisions, "last", lambda *_: None)
    assert summary.decision(workspace, "2") == []


def test_secrets_are_blanked_out(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "very-secret-token-1")
    story = Story(problems=[json.dumps({"token": "very-secret-token-1"})])
    assert "very-secret" not in summary.write(workspace, story).read_text()


def _promoted(workspace: Workspace) -> str:
    atomic.write_json(workspace.metrics, scores(0.95))
    return summary.write(workspace, Story("drift", "drift", "2", True, [])).read_text()


def test_in_a_folder_of_a_larger_repository_the_committed_scores_are_its_own(workspace: Workspace) -> None:
    inner = Workspace(workspace.root / "welds")
    inner.root.mkdir()
    shutil.copy(workspace.params, inner.params)
    atomic.write_json(inner.metrics, scores(0.9))
    for command in (["init", "-q"], ["add", "welds"], ["commit", "-q", "-m", "scores"]):
        names = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", *names, *command], cwd=workspace.root, check=True)
    assert "| mean average precision | 0.9000 | 0.9500 | +0.0500 |" in _promoted(inner)


def test_committed_scores_that_git_does_not_tell_are_unknown(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    atomic.write_json(workspace.metrics, scores(0.9))
    commit(workspace)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "| mean average precision | unknown | 0.9500 | – |" in _promoted(workspace)
