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


def test_outside_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert git.head(tmp_path) == "none"
    assert not git.is_dirty(tmp_path)
