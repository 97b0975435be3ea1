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
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
GPU = "requirements-gpu.lock"
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


@pytest.mark.parametrize("name", [*LOCKS, GPU])
def test_everything_has_hashes_and_no_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=sha256:[0-9a-f]{64}( \\)?$)", text, re.MULTILINE)
    assert all(entry.hashes for entry in read(name))


@pytest.mark.parametrize("name", [*LOCKS, GPU])
def test_every_python_gets_the_same_versions(name: str) -> None:
    """So results of two Pythons can be compared; and pip's --python-version, which evaluates no marker, tells true."""
    for platform in PLATFORMS:
        taken = [
            {str(entry.requirement) for entry in read(name) if holds(entry.requirement.marker, python, platform)}
            for python in PYTHONS
        ]
        assert taken[0]
        assert all(others == taken[0] for others in taken)


def pins(name: str) -> dict[str, str]:
    return {canonicalize_name(each.requirement.name): str(each.requirement.specifier) for each in read(name)}


@pytest.mark.parametrize("name", [LOCKS[1], GPU])
def test_the_other_locks_hold_the_first(name: str) -> None:
    assert pins(LOCKS[0]).items() < pins(name).items()


def cuda() -> list[Entry]:
    """What the lock for a GPU has and the others have not."""
    return [each for each in read(GPU) if canonicalize_name(each.requirement.name) not in pins(LOCKS[0])]


@pytest.mark.thorough
def test_the_lock_for_a_gpu_adds_cuda_and_jax_on_linux_alone() -> None:
    added = {canonicalize_name(each.requirement.name) for each in cuda()}
    assert {name.split("-")[0] for name in added} == {"jax", "jaxlib", "nvidia"}
    assert {"nvidia-cudnn-cu12", "nvidia-nccl-cu12", "jax-cuda12-plugin"} <= added
    for platform in PLATFORMS:
        taken = {canonicalize_name(e.requirement.name) for e in cuda() if holds(e.requirement.marker, "3.11", platform)}
        only = set() if platform == "Linux x86-64" else {"nvidia-curand-cu12"}  # TensorFlow's alone; JAX needs none
        assert taken == (added - only if platform.startswith("Linux") else set())
    asked = next(each for each in read(GPU) if "and-cuda" in each.requirement.extras)
    assert asked.requirement.name == "tensorflow"
    assert asked.requirement.marker
    assert "x86_64" in str(asked.requirement.marker)


@pytest.mark.thorough
def test_the_lock_for_a_gpu_fits_the_development_lock() -> None:
    """They are installed together where the tests run on a machine with a card."""
    both = pins(LOCKS[1]).keys() & pins(GPU).keys()
    assert {"jax", "jaxlib"} <= both
    assert [name for name in both if pins(LOCKS[1])[name] != pins(GPU)[name]] == []


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


def test_what_is_declared_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    told = {LOCKS[0]: project["dependencies"], LOCKS[1]: extras["dev"], GPU: extras["gpu"]}
    for name, declared in told.items():
        locked = {canonicalize_name(each.requirement.name): each.requirement for each in read(name)}
        for requirement in map(Requirement, declared):
            version = str(locked[canonicalize_name(requirement.name)].specifier).removeprefix("==")
            assert requirement.specifier.contains(version), f"{requirement} in pyproject.toml: run make lock"


@dataclass
class Answer:
    """What pip would install, by name, and the environment that it evaluated markers for."""

    packages: dict[str, dict[str, Any]]
    environment: dict[str, str]

    def wheel_for_all(self, name: str) -> bool:
        return _url(self, name).endswith("-none-any.whl")


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


def would_install(lock: list[Entry], folder: Path, *how: str, python: str = sys.executable) -> Answer:
    """What pip answers to `install --dry-run`.

    Only wheels' metadata is fetched (`fast-deps`): with --require-hashes pip downloads each file whole, TensorFlow's
    600 MB for every Python and platform. So the hash of the file that pip chooses is looked up in the lock here.
    Raises RuntimeError with pip's words.
    """
    folder.mkdir(parents=True)
    pinned, report = folder / "pinned.txt", folder / "report.json"
    pinned.write_text("".join(f"{entry.requirement}\n" for entry in lock))
    dry = ("--quiet", "--dry-run", "--ignore-installed", "--use-feature=fast-deps", "--report", str(report))
    done = pip("--python", python, "install", *dry, *how, "-r", str(pinned))
    if done.returncode:
        raise RuntimeError("\n".join(line for line in done.stderr.splitlines() if "ERROR" in line))
    said = json.loads(report.read_text())
    found = {canonicalize_name(item["metadata"]["name"]): item for item in said["install"]}
    hashes = {canonicalize_name(entry.requirement.name): entry.hashes for entry in lock}
    for name, item in found.items():
        assert "sha256:" + item["download_info"]["archive_info"]["hashes"]["sha256"] in hashes.get(name, ()), name
    return Answer(found, said["environment"])


def interpreter(python: str) -> str | None:
    """A Python of that version on this machine: on the PATH, or one that pyenv keeps there and has not switched on."""
    kept = (Path.home() / ".pyenv/versions").glob(f"{python}*/bin/python{python}")
    for candidate in [shutil.which(f"python{python}"), *map(str, kept)]:
        if candidate and not subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode:
            return candidate
    return None


@pytest.fixture(scope="module")
def natively(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """For every supported Python that is here, what pip would install from the development lock, by the Python."""
    here = {python: found for python in PYTHONS if (found := interpreter(python))}
    folder, lock = tmp_path_factory.mktemp("natively"), read(LOCKS[1])
    if pip("install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--retries=0", "six").returncode:
        pytest.skip("the package index can't be reached")
    with ThreadPoolExecutor() as pool:
        asked = {name: pool.submit(would_install, lock, folder / name, python=path) for name, path in here.items()}
    return {name: answer.result() for name, answer in asked.items()}


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS)
def test_pip_installs_the_locks_here(natively: dict[str, Answer], python: str) -> None:
    if python not in natively:
        pytest.skip(f"Python {python} is not on this machine")
    answer = natively[python]
    assert {name for name in answer.packages if not _url(answer, name).endswith(".whl")} == SOURCE_ONLY
    for name in LOCKS:
        lock = [
            each
            for each in read(name)
            if not (marker := each.requirement.marker) or marker.evaluate(answer.environment)
        ]
        locked = {canonicalize_name(each.requirement.name) for each in lock}
        assert locked <= set(answer.packages)
        assert not missing(lock, answer)
    assert locked == set(answer.packages)


def missing(lock: list[Entry], answer: Answer) -> list[str]:
    """What the packages of a lock ask for and it has no line for; with hashes, pip wants one for each extra too."""
    lines = {
        (canonicalize_name(each.requirement.name), extra) for each in lock for extra in each.requirement.extras or {""}
    }
    asked = (
        (name, Requirement(words), extra)
        for name, extra in lines
        for words in answer.packages[name]["metadata"].get("requires_dist", [])
    )
    return [
        f"{name} asks for {needed}"
        for name, needed, extra in asked
        if not needed.marker or needed.marker.evaluate(answer.environment | {"extra": extra})
        if not {(canonicalize_name(needed.name), wanted) for wanted in ("", *needed.extras)} <= lines
    ]


def of_platform(folder: Path, python: str, platform: str) -> tuple[str, ...]:
    """How pip is asked for another Python on another platform."""
    tags = [f"--platform={tag}" for tag in PLATFORMS[platform]]
    return "--only-binary=:all:", "--no-deps", "--target", str(folder / "x"), f"--python-version={python}", *tags


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_there_is_a_wheel(natively: dict[str, Answer], tmp_path: Path, python: str, platform: str) -> None:
    """What runs on any machine was found above; the rest is asked for by platform, where pip evaluates no marker."""
    same = natively.get(python)
    if same and platform == "Linux x86-64" and (sys.platform, os.uname().machine) == ("linux", "x86_64"):
        return  # pip has answered for this very machine
    wanted = {
        name: entry
        for entry in read(LOCKS[1])
        if holds(entry.requirement.marker, python, platform)
        if (name := canonicalize_name(entry.requirement.name)) not in SOURCE_ONLY
        if not (same and name in same.packages and same.wheel_for_all(name))
    }
    lock = [Entry(Requirement(f"{name}{entry.requirement.specifier}"), entry.hashes) for name, entry in wanted.items()]
    assert set(would_install(lock, tmp_path / "asked", *of_platform(tmp_path, python, platform)).packages) == set(
        wanted
    )


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("platform", [each for each in PLATFORMS if each.startswith("Linux")])
@pytest.mark.parametrize("python", PYTHONS)
def test_there_is_a_wheel_with_cuda(natively: dict[str, Answer], tmp_path: Path, python: str, platform: str) -> None:
    assert natively is not None  # the index can be reached
    wanted = {
        canonicalize_name(each.requirement.name): each
        for each in cuda()
        if holds(each.requirement.marker, python, platform)
    }
    lock = [Entry(Requirement(f"{name}{each.requirement.specifier}"), each.hashes) for name, each in wanted.items()]
    assert set(would_install(lock, tmp_path / "asked", *of_platform(tmp_path, python, platform)).packages) == set(
        wanted
    )


@pytest.mark.thorough
@pytest.mark.slow
def test_a_package_that_refuses_this_python_is_found(natively: dict[str, Answer], tmp_path: Path) -> None:
    """uv locked it, since it ignores the upper bound (Python below 3.11), and pip could not install it."""
    assert natively is not None
    with pytest.raises(RuntimeError, match=r"backports-strenum==1\.3\.1"):
        would_install(entries("backports-strenum==1.3.1"), tmp_path / "asked")


def _url(answer: Answer, name: str) -> str:
    return str(answer.packages[name]["download_info"]["url"])
