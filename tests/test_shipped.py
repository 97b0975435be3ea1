"""What comes with the package: everything that a new repository is made of, byte for byte, and no second copy here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import ROOT

from weldspot import shipped
from weldspot.runtime.errors import WeldspotError


def test_in_a_checkout_they_are_read_where_they_are() -> None:
    assert not (shipped.PACKAGE / shipped.BUILT).exists()
    for name in shipped.FILES:
        assert shipped.file(name) == ROOT / name


def test_what_did_not_come_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "site-packages/weldspot")
    with pytest.raises(WeldspotError, match="install weldspot from its wheel"):
        shipped.file("dvc.yaml")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the wheel has it, built from a copy of the checkout."""
    copy = tmp_path_factory.mktemp("check out")
    for name in (*shipped.FILES, "setup.py", "pyproject.toml", "README.md", "LICENSE", "src/weldspot"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, copy / name)
    app = copy / shipped.APP / "index.html"
    app.parent.mkdir(parents=True)
    app.write_text("the app")
    command = [sys.executable, "setup.py", "--quiet", "build_py", "--build-lib", "site packages"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    shutil.rmtree(copy / "src")
    return copy / "site packages"


def test_the_built_package_has_them_byte_for_byte(built: Path) -> None:
    there = built / "weldspot" / shipped.BUILT
    assert (there / shipped.APP / "index.html").read_text() == "the app"
    for name in shipped.FILES:
        files = [ROOT / name] if (ROOT / name).is_file() else [p for p in (ROOT / name).rglob("*") if p.is_file()]
        assert files
        for file in files:
            assert (there / file.relative_to(ROOT)).read_bytes() == file.read_bytes()
    assert (built / "weldspot/repository/templates/README.md.j2").is_file()


def test_a_repository_made_by_the_built_package_is_the_one_that_a_checkout_makes(built: Path, tmp_path: Path) -> None:
    def made(source: Path) -> dict[str, bytes]:
        folder = tmp_path / source.parent.name / "a repository"
        environment = os.environ | {"PYTHONPATH": str(source), "GIT_CONFIG_GLOBAL": "/dev/null"}
        command = [sys.executable, "-P", "-m", "weldspot.cli", "new", str(folder)]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
        files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    from_wheel = made(built)
    assert "weldspot.yaml" in from_wheel
    assert from_wheel == made(ROOT / "src")
