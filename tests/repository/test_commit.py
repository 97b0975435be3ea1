"""git of a new repository: what it can't do is said, and nothing fails for it."""

import subprocess
from pathlib import Path

import pytest
import small_project

from weldspot.repository import new as verb

WANTED = verb.Wanted("weld", "sample", None, "x")


def commits(folder: Path) -> int:
    done = subprocess.run(["git", "rev-list", "--all"], cwd=folder, capture_output=True, text=True, check=True)
    return len(done.stdout.split())


def test_without_a_name_nothing_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    verb.new(tmp_path / "x", WANTED)
    assert commits(tmp_path / "x") == 0
    assert "git does not know who you are" in capsys.readouterr().out


def test_a_repository_around_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    verb.new(tmp_path / "x", WANTED)
    assert f"lies in the git repository {tmp_path}" in capsys.readouterr().out
    assert commits(tmp_path / "x") == 1
    assert commits(tmp_path) == 0


def test_a_commit_that_a_hook_refuses_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = tmp_path / "hooks/pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with (tmp_path / "gitconfig").open("a") as config:
        config.write(f"[core]\n    hooksPath = {hook.parent}\n")
    verb.new(tmp_path / "x", WANTED)
    assert commits(tmp_path / "x") == 0
    assert "`git commit` failed" in capsys.readouterr().out


def test_without_git_dvc_is_told_to_do_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    verb.new(tmp_path / "x", WANTED)
    monkeypatch.undo()
    assert "git is not here" in capsys.readouterr().out
    assert not (tmp_path / "x/.git").exists()
    assert "up to date" in small_project.run(tmp_path / "x", "dvc", "status", "data.dvc")
