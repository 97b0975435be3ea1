"""What weldspot writes beside conf/: the workflows run what is there, and nothing leads out of the repository."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from weldspot import shipped
from weldspot.cli import app
from weldspot.repository import contents

FILES = {name: content.decode() for name, content in contents.kept_up().items()}
WORKFLOWS = [name for name in FILES if name.startswith(".github/")]


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(FILES[name])["jobs"].values() for step in job["steps"]]


def test_there_are_two_workflows() -> None:
    assert sorted(WORKFLOWS) == [".github/workflows/ci.yml", ".github/workflows/retrain.yml"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_a_workflow_calls_is_there(name: str) -> None:
    verbs = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([\w./-]+):", FILES["Makefile"], re.MULTILINE))
    lines = [line.split() for step in steps(name) for line in step.get("run", "").splitlines()]
    assert {"make", "weldspot", "dvc"} <= {words[0] for words in lines}
    for command, *arguments in lines:
        assert command != "weldspot" or arguments[0] in verbs
        assert command != "make" or arguments[0] in targets
        assert command != "sh" or arguments[0] in FILES


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_as_ours_are(name: str) -> None:
    ours = shipped.file(".github/workflows/retrain.yml").read_text()
    used = [line.strip().removeprefix("- ") for line in FILES[name].splitlines() if "uses:" in line]
    assert used
    assert all(line in ours for line in used)
    assert yaml.safe_load(FILES[name])["permissions"] == {}


@pytest.mark.parametrize("name", FILES)
def test_nothing_leads_to_files_of_ours_that_are_not_there(name: str) -> None:
    assert not re.search(r"docs/|pyproject\.toml|client/|src/|tests/", FILES[name])


def test_the_cache_of_a_workflow_is_that_of_its_requirements() -> None:
    for name in WORKFLOWS:
        keys = [step["with"]["key"] for step in steps(name) if "cache@" in step.get("uses", "")]
        assert len(keys) == 1
        assert "hashFiles('requirements.*')" in keys[0]


def test_what_is_its_owners_says_what_was_asked() -> None:
    files = contents.begun("Solder 2", "mine", "folder", "weldspot==1")
    readme = files["README.md"].decode()
    assert readme.startswith("# Solder 2\n")
    assert "conf/labels/mine.yaml" in readme
    assert "source=folder" in readme
    assert files["requirements.txt"] == b"weldspot==1\n"
    assert not set(files) & set(FILES)
    verbs = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"weldspot (\w+)", readme)) - {"that"} <= verbs
    assert set(re.findall(r"make (\w+)", readme)) <= set(re.findall(r"^(\w+):", FILES["Makefile"], re.MULTILINE))


def test_templates_are_read_from_the_package() -> None:
    assert {path.name for path in (shipped.PACKAGE / "repository/templates").iterdir()} == {
        "Makefile",
        "README.md.j2",
        "ci.yml",
    }


@pytest.mark.parametrize(
    "linter", [("check-jsonschema", "--builtin-schema", "vendor.github-workflows"), ("zizmor", "--offline")]
)
def test_linters_find_nothing_in_the_workflows(tmp_path: Path, linter: tuple[str, ...]) -> None:
    for name in WORKFLOWS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(FILES[name])
    program, *options = linter
    command = [str(Path(sys.executable).with_name(program)), *options, *(str(tmp_path / name) for name in WORKFLOWS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
