"""DVC itself, in a project of one stage, called from another folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from weldspot.runtime import dvc_commands
from weldspot.runtime.errors import WeldspotError

DVC_YAML = "stages: {copy: {cmd: cp here there, deps: [here], outs: [there]}}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tests below follow one on the other: each `dvc` takes a second."""
    folder = tmp_path_factory.mktemp("project")
    subprocess.run([sys.executable, "-m", "dvc", "init", "--no-scm", "--quiet"], cwd=folder, check=True)
    (folder / "here").write_text("photograph")
    (folder / "dvc.yaml").write_text(DVC_YAML)
    return folder


def test_what_is_stale_runs_and_then_nothing_is(project: Path) -> None:
    assert dvc_commands.changed_dependencies(project, "copy") == {"here"}
    dvc_commands.repro(project)
    assert (project / "there").read_text() == "photograph"
    (project / "here").write_text("another")
    assert set(dvc_commands.stale(project)) == {"copy"}
    dvc_commands.repro_anew(project, "copy")
    assert (project / "there").read_text() == "another"


def test_data_is_tracked_and_a_failure_says_that_it_is_safe(project: Path) -> None:
    with pytest.raises(
        WeldspotError,
        match=r"data\.dvc: not brought up to date \(output 'data' does not exist.*\); the photographs are safe: run",
    ):
        dvc_commands.add(project, "data", "the photographs are safe")
    (project / "data").mkdir()
    (project / "data/batch").write_text("photographs")
    dvc_commands.add(project, "data", "the photographs are safe")
    assert (project / "data.dvc").is_file()


def test_what_fails_is_one_line(project: Path) -> None:
    (project / "here").unlink()
    with pytest.raises(WeldspotError, match=r"^dvc repro failed, [^\n]+$"):
        dvc_commands.repro(project)
    (project / "dvc.yaml").write_text("stages: [")
    with pytest.raises(WeldspotError, match=r"^dvc status failed: [^\n]+$"):
        dvc_commands.stale(project)


@pytest.mark.parametrize("words", ["is busy, it is being blocked by", "ERROR: Unable to acquire lock. Most likely"])
def test_another_dvc_at_work_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    answers = [subprocess.CompletedProcess([], 1, "", f"a line\n{words} …\n")] * 3 + [
        subprocess.CompletedProcess([], 0, "", "")
    ]
    monkeypatch.setattr(dvc_commands.subprocess, "run", lambda *_, **__: answers.pop(0))
    dvc_commands.add(tmp_path, "data", "safe")
    assert answers == []
