"""A model is made again: the same bytes, or where it went another way; what a kill leaves the next run takes away."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from attested import git
from small_graph import ROOT, SWITCH, make, registered

from weldspot.contracts.attested import REPRODUCTION
from weldspot.contracts.served import Envelope
from weldspot.provenance import verify
from weldspot.provenance.reproduce import reproduce
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import dsse, keys
from weldspot.workspace import Workspace


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: DVC takes seconds for each of its commands."""
    root = tmp_path_factory.mktemp("a repository")
    shutil.copy(ROOT / "params.yaml", root)
    return make(root).root


@pytest.fixture
def repository(first_run: Path, workspace: Workspace) -> Workspace:
    shutil.copytree(first_run, workspace.root, symlinks=True, dirs_exist_ok=True)
    return workspace


def statement(workspace: Workspace) -> dict:
    (path,) = workspace.report("reproduce").iterdir()
    said = json.loads(dsse.unopened(Envelope.read(path)))
    assert said["predicateType"] == REPRODUCTION
    return said["predicate"]


def test_the_same_bytes_and_a_statement_that_verifies(
    repository: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = registered(repository)
    keys.make(repository, 100, False)
    monkeypatch.setenv("WELDSPOT_SIGNING_KEY", repository.signing_key.read_text())
    before = git(repository.root, "status", "--porcelain"), (repository.root / "dvc.lock").read_bytes()
    again = Workspace(repository.root)
    assert reproduce(again, sha256[:10], True, False)
    said = statement(repository)
    assert (said["result"], said["sha256"], said["environment"]) == ("same", sha256, "this one")
    assert said["commit"] == git(repository.root, "rev-parse", "HEAD")
    assert not repository.reproducing.exists()
    assert (git(repository.root, "status", "--porcelain"), (repository.root / "dvc.lock").read_bytes()) == (
        f"{before[0]}\n?? reports/reproduce/".strip() if "reports/" not in before[0] else before[0],
        before[1],
    )
    capsys.readouterr()
    verify.show(again, f"reports/reproduce/{sha256[:12]}.intoto.json")
    assert "signed by key" in capsys.readouterr().out


def test_another_way_is_said_with_its_stage_its_bytes_and_its_scores(
    repository: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = registered(repository)
    keys.make(repository, 100, False)
    monkeypatch.setenv(SWITCH, "!!")
    assert not reproduce(repository, sha256, True, True)
    assert (repository.reproducing / "clone/dvc.yaml").exists()  # kept
    said = statement(repository)
    assert said["result"] == "different"
    assert said["difference"]["stage"] == "train"
    assert said["difference"]["outputs"] == ["artifacts/train"]
    assert said["difference"]["bytes"] == "2 of 18 and 20 bytes differ"
    assert said["difference"]["metrics"] == {"average_precision": [0.18, 0.2]}
    assert "`train` is the first stage that came out otherwise" in capsys.readouterr().out


def test_what_was_never_committed_and_what_nobody_has_made(repository: Workspace) -> None:
    with pytest.raises(WeldspotError, match="no version of weldspot; give the SHA-256"):
        reproduce(repository, "ab" * 32, True, False)
    (repository.root / "make.py").write_text((repository.root / "make.py").read_text() + "# mine\n")
    sha256 = registered(repository)  # dirty
    with pytest.raises(WeldspotError, match="changes that are in no commit here"):
        reproduce(repository, sha256, True, False)
    with pytest.raises(WeldspotError, match="8 digits at least"):
        reproduce(repository, sha256[:7], True, False)
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-qm", "mine, with its dvc.lock")
    assert reproduce(repository, sha256, True, False)  # without a key no statement is written
    assert not repository.report("reproduce").exists()


def test_a_stage_that_fails_is_one_line_and_leaves_nothing(
    repository: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = registered(repository)
    (repository.root / ".env").write_text("WELDSPOT_NOTIFY=x\n")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    monkeypatch.setenv(SWITCH, "for ever")  # without BEGUN it falls over
    with pytest.raises(WeldspotError, match="`dvc repro` failed, its message is above"):
        reproduce(repository, sha256, True, False)
    assert not repository.reproducing.exists()


@pytest.mark.thorough
def test_killed_the_next_run_takes_away_its_files_and_its_processes(repository: Workspace, tmp_path: Path) -> None:
    sha256, begun = registered(repository), tmp_path / "begun"
    environment = {**os.environ, SWITCH: "for ever", "BEGUN": str(begun)}
    command = [sys.executable, "-m", "weldspot.cli", "reproduce", "--here", sha256]
    run = subprocess.Popen(command, cwd=repository.root, env=environment, stdout=subprocess.DEVNULL)
    while not (begun.exists() and begun.read_text()):
        assert run.poll() is None, "it ended before it was killed"
        time.sleep(0.1)
    run.send_signal(signal.SIGKILL)
    run.wait()
    orphan = psutil.Process(int(begun.read_text()))
    assert repository.reproducing.exists()
    assert reproduce(repository, sha256, True, False)
    assert not repository.reproducing.exists()
    assert not psutil.pid_exists(orphan.pid) or orphan.status() == psutil.STATUS_ZOMBIE
