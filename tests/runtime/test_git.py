"""What git says of a folder, and that none is no error."""

import subprocess
from pathlib import Path

from weldspot.runtime import git


def commit(folder: Path) -> None:
    identity = ("-c", "user.name=welder", "-c", "user.email=welder@example.org")
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


def test_a_commit_and_whether_files_differ_from_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("one")
    commit(tmp_path)
    assert len(git.head(tmp_path)) == 40
    assert not git.is_dirty(tmp_path)
    (tmp_path / "new").write_text("untracked")
    assert not git.is_dirty(tmp_path)
    (tmp_path / "file").write_text("two")
    assert git.is_dirty(tmp_path)
    assert git.git(tmp_path, "show", "HEAD:./file") == "one"


def test_what_the_graph_writes_as_it_runs_makes_no_clone_dirty(tmp_path: Path) -> None:
    """A version is registered after `dvc repro` has written both; the run that made it began before."""
    (tmp_path / "reports").mkdir()
    for name in ("dvc.lock", "reports/metrics.json", "params.yaml", "data.dvc", "reports/notes.md"):
        (tmp_path / name).write_text("one")
    commit(tmp_path)
    (tmp_path / "dvc.lock").write_text("of this machine")
    (tmp_path / "reports/metrics.json").unlink()
    assert not git.is_dirty(tmp_path)
    for name in ("params.yaml", "data.dvc", "reports/notes.md"):
        (tmp_path / name).write_text("two")
        assert git.is_dirty(tmp_path), name
        (tmp_path / name).write_text("one")


def test_outside_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert git.head(tmp_path) == "none"
    assert not git.is_dirty(tmp_path)
