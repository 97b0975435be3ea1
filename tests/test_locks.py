"""The lock files: one set of versions for every Python and platform that is promised, and pip alone can install it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = {  # what pip calls them: a Linux of 2018 or newer (glibc 2.28), a macOS of 2023 or newer
    "Linux x86-64": ["manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in range(17, 29))],
    "Linux arm64": ["manylinux2014_aarch64", *(f"manylinux_2_{minor}_aarch64" for minor in range(17, 29))],
    "macOS arm64": ["macosx_14_0_arm64"],
}
SOURCE_ONLY = {"antlr4-python3-runtime"}  # Hydra's parser: pure Python, and its makers upload no wheel


@dataclass
class Entry:
    """One package of a lock file."""

    requirement: Requirement
    hashes: set[str] = field(default_factory=set)


def entries(text: str) -> list[Entry]:
    found: list[Entry] = []
    for line in text.splitlines():
        words = line.removesuffix("\\").strip()
        if words.startswith("--hash="):
            found[-1].hashes.add(words.removeprefix("--hash="))
        else:
            found.append(Entry(Requirement(words)))
    return found


def read(name: str) -> list[Entry]:
    return entries((ROOT / name).read_text())


def machine(platform: str) -> dict[str, str]:
    system = "darwin" if platform.startswith("macOS") else "linux"
    return {"sys_platform": system, "platform_machine": "x86_64" if "x86-64" in platform else "arm64"}


def holds(marker: Marker | None, python: str, platform: str) -> bool:
    target = machine(platform) | {"python_version": python, "python_full_version": f"{python}.0"}
    return marker is None or marker.evaluate(target)


@pytest.mark.parametrize("name", LOCKS)
def test_everything_has_hashes_and_no_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=sha256:[0-9a-f]{64}( \\)?$)", text, re.MULTILINE)
    assert all(entry.hashes for entry in read(name))


@pytest.mark.parametrize("name", LOCKS)
def test_every_python_gets_the_same_versions(name: str) -> None:
    """So that results of two Pythons can be compared, and pip's --python-version, which evaluates no marker, tells true."""
    for platform in PLATFORMS:
        taken = [
            {str(entry.requirement) for entry in read(name) if holds(entry.requirement.marker, python, platform)}
            for python in PYTHONS
        ]
        assert taken[0]
        assert all(others == taken[0] for others in taken)


def test_the_development_lock_holds_the_other_one() -> None:
    def pins(name: str) -> set[tuple[str, str]]:
        return {(canonicalize_name(each.requirement.name), str(each.requirement.specifier)) for each in read(name)}

    assert pins(LOCKS[0]) < pins(LOCKS[1])


def test_the_pythons_are_the_same_wherever_they_are_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    minors = [int(python.split(".")[1]) for python in PYTHONS]
    assert project["project"]["requires-python"] == f">=3.{minors[0]},<3.{minors[-1] + 1}"
    assert project["tool"]["ruff"]["target-version"] == f"py3{minors[0]}"
    assert f"--python-version {PYTHONS[0]}" in (ROOT / "scripts/lock.sh").read_text()
    assert f"(3, {minors[0]}) <= sys.version_info[:2] <= (3, {minors[-1]})" in (ROOT / "scripts/venv.sh").read_text()
    assert f"Python {PYTHONS[0]}, {', '.join(PYTHONS[1:-1])} or {PYTHONS[-1]}" in (ROOT / "README.md").read_text()
    tested = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["test"]["strategy"]["matrix"]
    assert tuple(tested["python"]) == PYTHONS


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


def would_install(lock: list[Entry], folder: Path, *how: str) -> dict[str, dict]:
    """What pip would install, by name.

    Only wheels' metadata is fetched (`fast-deps`); with --require-hashes pip downloads each file whole, TensorFlow's
    600 MB with them. So the hash of the file that pip chooses is looked up in the lock here.
    Raises RuntimeError with pip's words.
    """
    folder.mkdir()
    pinned, report = folder / "pinned.txt", folder / "report.json"
    pinned.write_text("".join(f"{entry.requirement}\n" for entry in lock))
    dry = ("--quiet", "install", "--dry-run", "--ignore-installed", "--use-feature=fast-deps", "--report", str(report))
    done = pip(*dry, *how, "-r", str(pinned))
    if done.returncode:
        raise RuntimeError("\n".join(line for line in done.stderr.splitlines() if "ERROR" in line))
    found = {canonicalize_name(item["metadata"]["name"]): item for item in json.loads(report.read_text())["install"]}
    hashes = {canonicalize_name(entry.requirement.name): entry.hashes for entry in lock}
    for name, item in found.items():
        assert "sha256:" + item["download_info"]["archive_info"]["hashes"]["sha256"] in hashes.get(name, ()), name
    return found


@cache
def index() -> str:
    """Why the package index can't be asked, or nothing."""
    done = pip("download", "--quiet", "--retries=0", "--timeout=15", "--no-deps", "--dest", os.devnull + "/x", "six")
    return "" if "No matching" not in done.stderr else "the package index does not answer"


def test_pip_refuses_what_ignores_python(tmp_path: Path) -> None:
    """The package that uv once locked and pip could not install is what this way of asking finds."""
    print(shutil, ThreadPoolExecutor)
    with pytest.raises(RuntimeError, match=r"backports-strenum==1\.3\.1"):
        would_install(entries("backports-strenum==1.3.1"), tmp_path / "old")
