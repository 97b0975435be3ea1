"""How pip gets the installed weldspot, and no password with it."""

import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from weldspot.repository import requirement

COMMIT = "a" * 40


def told(monkeypatch: pytest.MonkeyPatch, direct_url: object) -> str:
    class Installed:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return None if direct_url is None else json.dumps(direct_url)

    monkeypatch.setattr(requirement, "distribution", lambda name: Installed())
    return requirement.requirement()


def test_from_an_index_it_is_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    line = told(monkeypatch, None)
    assert line == f"weldspot=={version('weldspot')}"
    assert requirement.from_an_index(line)


def test_from_git_it_is_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    origin = {"url": "https://ada:secret@example.org/w.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    line = told(monkeypatch, origin)
    assert line == f"weldspot @ git+https://example.org/w.git@{COMMIT}"
    assert not requirement.from_an_index(line)


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://ada:token@example.org/w.git", "https://example.org/w.git"),
        ("https://token@example.org/w.git", "https://example.org/w.git"),
        ("git@example.org:team/w.git", "ssh://git@example.org/team/w.git"),
        ("ssh://git:word@example.org/w.git", "ssh://git@example.org/w.git"),
        ("/a/folder/of/this/machine", None),
        (None, None),
    ],
)
def test_an_editable_one_is_the_commit_of_its_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: str | None, address: str | None
) -> None:
    checkout = tmp_path / "check out"
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "init", "-q", str(checkout)], check=True)
    subprocess.run(["git", *who, "commit", "-q", "--allow-empty", "-m", "x"], cwd=checkout, check=True)
    if remote is not None:
        subprocess.run(["git", "remote", "add", "origin", remote], cwd=checkout, check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, check=True, capture_output=True, text=True).stdout
    line = told(monkeypatch, {"url": checkout.as_uri(), "dir_info": {"editable": True}})
    wanted = f"weldspot=={version('weldspot')}" if address is None else f"weldspot @ git+{address}@{head.strip()}"
    assert line == wanted
