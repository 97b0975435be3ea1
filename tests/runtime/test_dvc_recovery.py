"""What a killed DVC leaves behind, put there by hand, against DVC itself."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from weldspot.runtime import dvc_recovery

DVC_YAML = "stages: {copy: {cmd: cp here there, deps: [here], outs: [there]}}"


def dvc(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dvc", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DVC project of one stage that has run, without its dvc.lock: the run cache alone knows the stage."""
    folder = tmp_path_factory.mktemp("project")
    assert dvc(folder, "init", "--no-scm", "--quiet").returncode == 0
    (folder / "here").write_text("photograph")
    (folder / "dvc.yaml").write_text(DVC_YAML)
    assert dvc(folder, "repro").returncode == 0
    (folder / "dvc.lock").unlink()
    return folder


def test_dvc_goes_on_after_its_own_half_files(project: Path) -> None:
    entry = next(path for path in (project / ".dvc/cache/runs").rglob("*") if path.is_file())
    entry.unlink()
    assert "NoneType" in dvc(project, "repro").stderr, "DVC has mended this: sweep_run_cache() can go"
    (project / ".dvc/tmp/rwlock").write_text("")
    os.utime(project / ".dvc/tmp/rwlock", (0, 0))
    dvc_recovery.mend(project / ".dvc")
    done = dvc(project, "repro")
    assert done.returncode == 0, done.stderr
    assert (project / "there").read_text() == "photograph"


def test_entries_locks_and_fresh_folders_stay(tmp_path: Path) -> None:
    held, entry = tmp_path / "tmp/rwlock", tmp_path / "cache/runs/ab/abc/1"
    for file in (held, entry):
        file.parent.mkdir(parents=True)
        file.write_text("{}")
    fresh, old = (tmp_path / f"cache/runs/cd/{name}" for name in ("fresh", "old"))
    for folder in (fresh, old):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    soon = time.time() + 60  # so that it stays fresh however slow this test is
    os.utime(fresh, (soon, soon))
    dvc_recovery.mend(tmp_path)
    assert held.is_file()
    assert entry.is_file()
    assert fresh.is_dir()
    assert not old.exists()


def test_nothing_there_is_fine(tmp_path: Path) -> None:
    dvc_recovery.mend(tmp_path / ".dvc")


def test_a_clock_that_was_set_back_does_not_keep_dvc_from_starting(tmp_path: Path) -> None:
    lock = tmp_path / "tmp/rwlock"
    lock.parent.mkdir()
    lock.touch()
    tomorrow = time.time() + 86_400
    os.utime(lock, (tomorrow, tomorrow))
    dvc_recovery.mend(tmp_path)
    assert not lock.exists()
