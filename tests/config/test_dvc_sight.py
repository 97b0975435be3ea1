"""Files that DVC does not see are no source: a change in them would make nothing stale."""

import subprocess
import sys
from pathlib import Path

import pytest

from weldspot.config.dvc_sight import check
from weldspot.runtime.errors import WeldspotError


def dvc(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *words], check=False, cwd=folder, capture_output=True, text=True
    )
    return done.stdout + done.stderr


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty project, and photographs in it and beside it."""
    project = tmp_path / "project"
    for folder in (project / "welds/deep", tmp_path / "welds"):
        folder.mkdir(parents=True)
        (folder / "a.jpg").write_bytes(b"x")
    dvc(project, "init", "--no-scm", "-q")
    return project


@pytest.mark.parametrize("place", ["welds", "../welds"])
def test_a_plain_folder_and_a_file_are_seen(root: Path, place: str) -> None:
    (root / place / ".git").mkdir()
    (root / place / ".git/.dvcignore").write_text("*")
    check(root / place, root, "source.path")
    check(next((root / place).rglob("*.jpg")), root, "source.path")


@pytest.mark.parametrize("place", ["welds", "../welds"])
def test_a_dvcignore_of_its_own_is_named(root: Path, place: str) -> None:
    (root / place / ".dvcignore").write_text("*.jpg")
    with pytest.raises(WeldspotError, match=r"^source\.path: DVC does not take a folder with .*\.dvcignore in it"):
        check(root / place, root, "source.path")


@pytest.mark.parametrize("repository", ["welds", "welds/deep"])
def test_a_dvc_repository_inside_is_named(root: Path, repository: str) -> None:
    dvc(root / repository, "init", "--no-scm", "-q")
    (root / repository / ".dvcignore").unlink()
    for place in ("welds", "welds/deep"):
        with pytest.raises(WeldspotError, match=r"^source\.path: DVC passes over .*a\.jpg"):
            check(root / place, root, "source.path")


def test_what_the_projects_own_dvcignore_names_is_named(root: Path) -> None:
    (root / ".dvcignore").write_text("*.jpg\n")
    with pytest.raises(WeldspotError, match=r"^source\.path: DVC passes over .*a\.jpg"):
        check(root / "welds", root, "source.path")


def test_dvc_is_as_blind_as_is_said(root: Path) -> None:
    stage = "stages:\n  s: {cmd: touch out, deps: [welds], outs: [out]}\n"
    (root / "dvc.yaml").write_text(stage)
    dvc(root / "welds", "init", "--no-scm", "-q")
    (root / "welds/.dvcignore").unlink()
    dvc(root, "repro", "-q")
    (root / "welds/deep/a.jpg").write_bytes(b"changed")
    assert "up to date" in dvc(root, "status")
