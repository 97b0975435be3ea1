"""The workflows call only what exists, and give no one more than is needed."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from weldspot.cli.session import app

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
OPERATORS = {"||", "&&", ";", "|"}


def jobs(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text())["jobs"]


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(path).values():
        yield from job["steps"]


def commands() -> Iterator[list[str]]:
    """Every simple command of every `run:`."""
    for path in FILES:
        for step in steps(path):
            for line in step.get("run", "").splitlines():
                command: list[str] = []
                for word in [*shlex.split(line, comments=True), ";"]:
                    if word not in OPERATORS:
                        command.append(word)
                    elif command:
                        yield command
                        command = []


def test_there_are_two() -> None:
    assert [path.name for path in FILES] == ["ci.yml", "retrain.yml"]


def test_every_command_exists() -> None:
    verbs = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    seen = set()
    for command, *arguments in commands():
        seen.add(command)
        match command:
            case "weldspot":
                assert arguments[0] in verbs
            case "make":
                assert arguments[0] in targets
            case "sh":
                assert (ROOT / arguments[0]).is_file()
            case "dvc":
                subprocess.run([sys.executable, "-m", "dvc", *arguments, "--help"], check=True, capture_output=True)
            case "echo" | "[":
                pass
            case _:
                pytest.fail(f"{command} in a workflow: teach this test to check it")
    assert {"weldspot", "make", "sh", "dvc"} <= seen


def test_no_expression_is_pasted_into_a_shell() -> None:
    assert not [step["run"] for path in FILES for step in steps(path) if "${{" in step.get("run", "")]


def test_actions_are_pinned_by_commit_with_their_version() -> None:
    used = [line for path in FILES for line in path.read_text().splitlines() if "uses:" in line]
    assert used
    assert not [line for line in used if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)]


def test_whoever_holds_secrets_can_not_write_to_the_repository() -> None:
    for path in FILES:
        assert yaml.safe_load(path.read_text())["permissions"] == {}
        for job in jobs(path).values():
            if "secrets." in str(job):
                assert set(job["permissions"].values()) == {"read"}


def test_two_retrainings_never_run_at_once() -> None:
    assert yaml.safe_load((ROOT / ".github/workflows/retrain.yml").read_text())["concurrency"] == {
        "group": "retrain",
        "cancel-in-progress": False,
    }
