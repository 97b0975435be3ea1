"""What only another machine can run is linted here: workflows, Dockerfile, compose file. No linter needs a network."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = [str(path) for path in sorted((ROOT / ".github/workflows").glob("*.yml"))]
SCHEMA = ("check-jsonschema", "--builtin-schema")


@pytest.mark.parametrize(
    "command",
    [
        [*SCHEMA, "vendor.github-workflows", *WORKFLOWS],
        ["zizmor", "--offline", "--no-progress", *WORKFLOWS],
        [*SCHEMA, "vendor.compose-spec", str(ROOT / "compose.yaml")],
        ["hadolint", str(ROOT / "Dockerfile")],
    ],
    ids=["schema of workflows", "security of workflows", "schema of compose", "Dockerfile"],
)
def test_passes(command: list[str]) -> None:
    name, *arguments = command
    beside_python = Path(sys.executable).with_name(name)
    done = subprocess.run([beside_python, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
