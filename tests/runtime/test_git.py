"""What git says of a folder, and that none is no error."""

import subprocess
from pathlib import Path

import pytest

from weldspot.runtime import git


def commit(folder: Path) -> None:
    identity = ("-c", "user.name=welder", "-c", "user.email=welder@example.org")
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


def test_a_commit_and_whether_files_differ_from_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("one")
    commit(tmp_path)
    assert len(git.head(tmp_path)) == 40
    assert git.dirty(tmp_path) == "false"
    (tmp_path / "new").write_text("untracked")
    assert git.dirty(tmp_path) == "false"
    (tmp_path / "file").write_text("two")
    assert git.dirty(tmp_path) == "true"
    assert git.git(tmp_path, "show", "HEAD:./file") == "one"


def test_what_the_graph_writes_as_it_runs_makes_no_clone_dirty(tmp_path: Path) -> None:
    """A version is registered after `dvc repro` has written both; the run that made it began before."""
    (tmp_path / "reports").mkdir()
    for name in ("dvc.lock", "reports/metrics.json", "params.yaml", "data.dvc", "reports/notes.md"):
        (tmp_path / name).write_text("one")
    commit(tmp_path)
    (tmp_path / "dvc.lock").write_text("of this machine")
    (tmp_path / "reports/metrics.json").unlink()
    assert git.dirty(tmp_path) == "false"
    for name in ("params.yaml", "data.dvc", "reports/notes.md"):
        (tmp_path / name).write_text("two")
        assert git.dirty(tmp_path) == "true", name
        (tmp_path / name).write_text("one")


def test_outside_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert (git.head(tmp_path), git.dirty(tmp_path)) == ("none", "unknown")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert git.head(tmp_path) == "none"  # nothing committed yet


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a change that git does not look at, as if it were another user's."""
    (tmp_path / "file").write_text("one")
    commit(tmp_path)
    (tmp_path / "file").write_text("two")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch: "dubious ownership"
    return tmp_path


def test_what_git_refuses_to_tell_is_unknown(refused: Path) -> None:
    assert (git.head(refused), git.dirty(refused)) == ("unknown", "unknown")
    assert git.git(refused, "show", "HEAD:./file") is None


def test_without_git_on_the_path_all_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("one")
    commit(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (git.head(tmp_path), git.dirty(tmp_path)) == ("unknown", "unknown")


def test_a_folder_of_a_larger_repository_is_judged_by_what_is_in_it(tmp_path: Path) -> None:
    project = tmp_path / "welds"
    project.mkdir()
    for path in (project / "file", tmp_path / "elsewhere"):
        path.write_text("one")
    commit(tmp_path)
    (tmp_path / "elsewhere").write_text("two")
    assert git.dirty(project) == "false"
    assert git.git(project, "show", "HEAD:./file") == "one"
    (project / "file").write_text("two")
    assert git.dirty(project) == "true"


def test_called_from_another_repositorys_hook_it_asks_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for number, folder in enumerate((ours, theirs)):
        folder.mkdir()
        (folder / "file").write_text(str(number))
        commit(folder)
    mine = git.head(ours)
    monkeypatch.setenv("GIT_DIR", str(theirs / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(theirs / ".git/index"))
    assert (git.head(ours), git.dirty(ours)) == (mine, "false")
