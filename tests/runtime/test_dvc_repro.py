"""DVC's own command, without what is not for this project."""

import subprocess
import sys
from pathlib import Path

import pytest

from weldspot.runtime import dvc_repro


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for command in (["git", "init", "-q"], [sys.executable, "-m", "dvc", "init", "-q"]):
        subprocess.run(command, cwd=tmp_path, check=True)
    (tmp_path / "here").write_text("photograph")
    (tmp_path / "dvc.yaml").write_text("stages: {copy: {cmd: cp here there, deps: [here], outs: [there]}}")
    return tmp_path


def repro(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "weldspot.runtime.dvc_repro", *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_only_what_runs_and_what_fails_is_told(project: Path) -> None:
    done = repro(project)
    assert (done.returncode, done.stdout.split("\n"), done.stderr) == (0, ["Running stage 'copy':", ""], "")
    assert (project / "dvc.lock").is_file()
    assert repro(project).stdout == "Stage 'copy' didn't change, skipping\nData and pipelines are up to date.\n"
    assert "Running stage 'copy'" in repro(project, "--force", "--single-item", "copy").stdout
    (project / "here").unlink()
    failed = repro(project)
    assert failed.returncode
    assert "failed to reproduce 'copy'" in failed.stderr


def test_where_a_store_is_read_a_failing_fetch_names_the_key(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("source: {path: 's3://welds/x', background: conf/none.txt}")
    assert dvc_repro._stores(tmp_path) == ["source.path=s3://welds/x"]
    (tmp_path / "params.yaml").write_text("source: {path: data/export, background: conf/none.txt}")
    assert dvc_repro._stores(tmp_path) == []
    (tmp_path / "params.yaml").write_text("source: [")
    assert dvc_repro._stores(tmp_path) == []
