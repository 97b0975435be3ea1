"""scripts/venv.sh and install.sh: what a fresh machine has is made use of, and what it lacks is said in one line."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import package_index
import pytest

ROOT = Path(__file__).resolve().parents[1]
PYTHON = f"python3.{sys.version_info.minor}"
UV = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
TOOLS = ("sh", "mktemp", "rm", "cat", "env", "dirname", "basename", "realpath")
BACKEND = """
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name, info = "weldspot-1-py3-none-any.whl", "weldspot-1.dist-info"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: weldspot\\nVersion: 1\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""
PROJECT = (
    '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n[project]\nname = "weldspot"\n'
)


class Mirror(SimpleHTTPRequestHandler):
    """Of uv's downloads of Python; says nothing among the tests' output."""

    def log_message(self, *_: object) -> None: ...


needs_uv = pytest.mark.skipif(UV is None, reason="uv is not here")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[package_index.Index]:
    folder = tmp_path / "an index"
    folder.mkdir()
    package_index.wheel(folder, "tiny_weld", "1.0", {"tiny_weld.py": ""})
    package_index.wheel(folder, "uv", "0.13.9", {"bin/uv": "#!/bin/sh\necho the one of the index\n"})
    with package_index.serve(folder) as served:
        yield served


@pytest.fixture
def checkout(tmp_path: Path, index: package_index.Index) -> Path:
    """A project that asks for one package, on a machine where pip.conf alone knows the index and its authority."""
    folder = tmp_path / "a check out"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    (folder / "backend.py").write_text(BACKEND)
    limits = next(line for line in (ROOT / "pyproject.toml").read_text().splitlines() if "requires-python" in line)
    (folder / "pyproject.toml").write_text(f'{PROJECT}version = "1"\n{limits}\n')
    digest = hashlib.sha256((index.folder / "tiny_weld-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    (folder / "tiny.lock").write_text(f"tiny-weld==1.0 \\\n    --hash=sha256:{digest}\n")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    (tmp_path / "pip.conf").write_text(
        f"[global]\nindex-url = https://elsewhere.invalid/\ncert = {index.authority}\n"
        f"[install]\nindex-url = {index.url}\n"
    )
    return folder


@pytest.fixture(scope="module")
def environment_with_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder


def offer(checkout: Path, name: str, program: str | Path) -> None:
    """Put a command on the machine's PATH: a link to a program, or a script."""
    path = checkout.parent / "bin" / name
    if isinstance(program, Path):
        program = f'#!/bin/sh\nexec "{program}" "$@"\n'
    path.write_text(program)
    path.chmod(0o755)


def run(checkout: Path, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    outside = ("PIP_", "UV_", "SSL_", "REQUESTS_", "CURL_", "VIRTUAL_", "PYTHON", "HTTP", "ALL_PROXY", "XDG_")
    home = checkout.parent
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(outside)} | {
        "HOME": str(home), "PATH": str(home / "bin"), "PIP_CONFIG_FILE": str(home / "pip.conf"),
        "UV_CACHE_DIR": str(home / "uv cache"), "UV_PYTHON_INSTALL_DIR": str(home / "pythons"),
    }  # fmt: skip
    return subprocess.run(
        ["sh", f"scripts/{script}", *arguments],
        cwd=checkout, env=environment | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


def installed(checkout: Path) -> set[str]:
    found = (checkout / ".venv/lib" / PYTHON / "site-packages").glob("*.dist-info")
    return {path.name.split("-")[0] for path in found} - {"pip", "setuptools"}


def install(checkout: Path, environment: Path, uv: str | None, *locks: str) -> subprocess.CompletedProcess[str]:
    shutil.copytree(environment, checkout / ".venv", symlinks=True)
    if uv:
        (checkout / ".venv/bin/uv").symlink_to(uv)
    return run(checkout, "install.sh", *(locks or ["tiny.lock"]))


@pytest.mark.thorough
@needs_uv
def test_uv_goes_where_pip_is_told_to(checkout: Path, index: package_index.Index, environment_with_pip: Path) -> None:
    done = install(checkout, environment_with_pip, UV)
    assert (done.returncode, done.stderr) == (0, "make: installing tiny.lock into .venv\n")
    assert index.who_took("tiny_weld-1.0-py3-none-any.whl") == {"uv"}
    assert installed(checkout) == {"tiny_weld", "weldspot"}


@needs_uv
def test_pip_goes_on_where_uv_fails(checkout: Path, index: package_index.Index, environment_with_pip: Path) -> None:
    index.refused = "uv"
    done = install(checkout, environment_with_pip, UV)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("make: uv can't install tiny.lock, it says why above; going on with pip") == 1
    assert "spot@" not in done.stderr  # the log-in of the index
    assert index.who_took("tiny_weld-1.0-py3-none-any.whl") == {"pip"}
    assert installed(checkout) == {"tiny_weld", "weldspot"}


def test_pip_alone(checkout: Path, environment_with_pip: Path) -> None:
    done = install(checkout, environment_with_pip, None)
    assert (done.returncode, done.stderr) == (0, "make: installing tiny.lock into .venv\n")
    assert installed(checkout) == {"tiny_weld", "weldspot"}


@pytest.mark.parametrize("uv", [pytest.param(UV, marks=needs_uv), None], ids=["uv", "pip"])
def test_lock_files_that_share_lines_are_installed_together(
    checkout: Path, index: package_index.Index, environment_with_pip: Path, uv: str | None
) -> None:
    """As the development lock and the one for a GPU."""
    wheel = package_index.wheel(index.folder, "tiny_cuda", "12.0", {"tiny_cuda.py": ""})
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    line = f"tiny-cuda==12.0 \\\n    --hash=sha256:{digest}\n"
    (checkout / "more.lock").write_text((checkout / "tiny.lock").read_text() + line)
    done = install(checkout, environment_with_pip, uv, "tiny.lock", "more.lock")
    assert (done.returncode, done.stderr) == (0, "make: installing tiny.lock more.lock into .venv\n")
    assert installed(checkout) == {"tiny_cuda", "tiny_weld", "weldspot"}


@needs_uv
def test_a_file_with_another_hash_is_not_installed(checkout: Path, environment_with_pip: Path) -> None:
    (checkout / "tiny.lock").write_text(f"tiny-weld==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    done = install(checkout, environment_with_pip, UV)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "make: pip can't install tiny.lock, it says why above"
    assert installed(checkout) == set()


def test_a_supported_python_is_taken_and_gets_uv(checkout: Path) -> None:
    offer(checkout, PYTHON, Path(sys.executable))
    offer(checkout, "python3", "#!/bin/sh\nexit 1\n")
    done = run(checkout, "venv.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert subprocess.check_output([checkout / ".venv/bin/uv"], text=True) == "the one of the index\n"


@pytest.mark.thorough
def test_without_uv_in_the_index_it_is_said_and_pip_does(checkout: Path, index: package_index.Index) -> None:
    offer(checkout, PYTHON, Path(sys.executable))
    (index.folder / "uv-0.13.9-py3-none-any.whl").unlink()
    done = run(checkout, "venv.sh")
    assert done.returncode == 0
    assert (
        done.stderr.splitlines()[-1]
        == "make: pip can't install uv, it says why above; going on without, which is slower"
    )
    assert run(checkout, "install.sh", "tiny.lock").returncode == 0
    assert installed(checkout) == {"tiny_weld", "weldspot"}


@pytest.mark.parametrize(
    "python", ["", "#!/bin/sh\nexit 1\n"], ids=["no Python", "a Python of another version, no pip"]
)
def test_a_machine_with_neither_gets_one_clear_line(checkout: Path, python: str) -> None:
    if python:
        offer(checkout, "python3", python)
    done = run(checkout, "venv.sh")
    assert done.returncode == 1
    assert done.stderr == (
        "make: WeldSpot needs Python 3.11, 3.12 or 3.13 with venv on the PATH, or uv, which brings one; "
        "install either and run make again\n"
    )
    assert not (checkout / ".venv").exists()


@pytest.mark.thorough
@needs_uv
def test_uv_brings_a_python_where_none_will_do(checkout: Path, tmp_path: Path) -> None:
    """The download is real, over a mirror; what lies in the archive starts this test's own Python."""
    offer(checkout, "python3", "#!/bin/sh\nexit 1\n")
    offer(checkout, "uv", Path(str(UV)))
    store = tmp_path / "mirror/20260101"
    store.mkdir(parents=True)
    launcher = tmp_path / "launcher"
    launcher.write_text(f'#!/bin/sh\nexec "{Path(sys.base_prefix) / "bin" / PYTHON}" "$@"\n')
    launcher.chmod(0o755)
    with tarfile.open(store / "python.tar.gz", "w:gz") as archive:
        archive.add(launcher, f"python/bin/{PYTHON}")
    major, minor, patch = sys.version_info[:3]
    system, processor = platform.system().lower(), platform.machine()
    libc = "gnu" if system == "linux" else "none"
    download = {
        "name": "cpython", "arch": {"family": processor.replace("arm64", "aarch64"), "variant": None}, "os": system,
        "libc": libc, "major": major, "minor": minor, "patch": patch, "prerelease": "", "variant": None,
        "url": "https://github.com/astral-sh/python-build-standalone/releases/download/20260101/python.tar.gz",
        "sha256": hashlib.sha256((store / "python.tar.gz").read_bytes()).hexdigest(), "build": "20260101",
    }  # fmt: skip
    (tmp_path / "downloads.json").write_text(json.dumps({"cpython-of-the-mirror": download}))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Mirror, directory=store.parent)) as mirror:
        threading.Thread(target=mirror.serve_forever, daemon=True).start()
        done = run(
            checkout,
            "venv.sh",
            UV_PYTHON_INSTALL_MIRROR=f"http://127.0.0.1:{mirror.server_address[1]}",
            UV_PYTHON_DOWNLOADS_JSON_URL=(tmp_path / "downloads.json").as_uri(),
        )
        mirror.shutdown()
    assert done.returncode == 0, done.stderr
    assert "uv looks further, and downloads one if it must" in done.stderr
    assert list((tmp_path / "pythons").glob("cpython-*"))
    assert subprocess.check_output([checkout / ".venv/bin/uv"], text=True) == "the one of the index\n"
    (tmp_path / "nothing.txt").touch()
    python = checkout / ".venv/bin/python"
    sync = [UV, "pip", "sync", "--quiet", "--allow-empty-requirements", "--python", python, tmp_path / "nothing.txt"]
    subprocess.run([str(word) for word in sync], check=True)
    assert (checkout / ".venv/bin/uv").exists(), "what installs the lock must not throw itself out"
    subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True)
