"""One process at a time asks the model."""

import subprocess
import sys
from typing import ClassVar

import pytest

from weldspot.server.review import measuring


class Process:
    """Runs until it is told to end."""

    begun: ClassVar[list[list[str]]] = []

    def __init__(self, command: list[str], **_: object) -> None:
        self.begun.append(command)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self.returncode = -15

    def wait(self, _: float) -> None:
        assert self.returncode is not None


def test_it_is_begun_once_and_not_again_for_the_same(workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Process, "begun", [])
    monkeypatch.setattr(subprocess, "Popen", Process)
    found = measuring.Measuring(workspace)
    assert found.begin(40)
    assert found.begin(41), "it runs"
    assert Process.begun == [[sys.executable, "-m", "weldspot.cli", "-C", str(workspace.root), "review", "--measure"]]
    found._process.returncode = 1
    assert not found.begin(40), "it failed for these"
    assert found.begin(41)
    assert len(Process.begun) == 2
    found.end()
    assert found._process.returncode == -15
