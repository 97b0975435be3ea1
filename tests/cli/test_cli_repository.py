"""`weldspot new`, `upgrade` and `doctor` on the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml


def weldspot(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null"}
    command = [sys.executable, "-m", "weldspot.cli", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_new_takes_the_name_of_its_folder_and_the_sample(tmp_path: Path) -> None:
    done = weldspot("new", "solder line", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"cd '{tmp_path}/solder line'" in done.stdout
    params = yaml.safe_load((tmp_path / "solder line/params.yaml").read_text())
    assert params["tracking"]["model"] == "solder line"
    assert params["source"]["name"] == "sample"


def test_paths_start_where_the_command_is_given_or_c_says(tmp_path: Path) -> None:
    (tmp_path / "photographs").mkdir()
    (tmp_path / "photographs/a.txt").touch()
    done = weldspot("-C", str(tmp_path), "new", "x", "--path", "photographs", cwd=tmp_path.parent)
    assert (done.returncode, done.stderr.count("\n")) == (0, 0), done.stderr
    params = yaml.safe_load((tmp_path / "x/params.yaml").read_text())
    assert (params["source"]["name"], params["source"]["path"]) == ("folder", str(tmp_path / "photographs"))


@pytest.mark.parametrize(
    "arguments", [("new", "."), ("new", "x", "--source", "ftp"), ("upgrade",), ("upgrade", "--check")]
)
def test_a_mistake_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "mine.txt").touch()
    done = weldspot(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("weldspot: error: ")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
