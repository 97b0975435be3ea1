"""weldspot.yaml: a line a stage, which changes with the code of that stage and no other."""

import shutil
from pathlib import Path

import pytest
import yaml

from weldspot import shipped
from weldspot.repository import code
from weldspot.runtime.dvc_lock import STAGES
from weldspot.runtime.errors import WeldspotError


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, with what it ships, as in site-packages."""
    folder = tmp_path / "site-packages/weldspot"
    shutil.copytree(shipped.PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("dvc.yaml", "conf"):
        source, target = shipped.file(name), folder / shipped.BUILT / name
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    monkeypatch.setattr(shipped, "PACKAGE", folder)
    return folder


def test_code_in_site_packages_is_the_same_code(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = code.installed({})
    monkeypatch.undo()
    assert code.installed({}) == there
    assert tuple(there.code) == STAGES
    assert len(set(there.code.values())) == len(STAGES)


@pytest.mark.parametrize(
    ("file", "lines"),
    [
        ("model/training/optimizer.py", ["code.train"]),
        ("sources/synthetic/bead.py", ["sources.sample"]),
        ("sources/roboflow.py", ["sources.roboflow"]),
        ("loop/drift/gate.py", []),
        ("images/jpeg.py", ["code.ingest"]),
    ],
)
def test_a_change_shows_in_the_lines_that_it_reaches(package: Path, file: str, lines: list[str]) -> None:
    before = code.installed({})
    with (package / file).open("a") as stream:
        stream.write("# another\n")
    assert code.changes(before, code.installed({})) == lines


def test_what_is_written_is_read(tmp_path: Path) -> None:
    here = code.installed({"dvc.yaml": b"stages: {}"})
    (tmp_path / "weldspot.yaml").write_text(here.text())
    assert code.recorded(tmp_path) == here
    for value in [*here.code.values(), *here.files.values()]:
        assert yaml.safe_load(value) == value, "no YAML takes it for a number"


def test_a_checkout_has_none_and_runs_its_own(tmp_path: Path) -> None:
    assert code.recorded(tmp_path) is None
    code.check(tmp_path, "train", "sample")


def test_other_code_is_refused_where_it_matters(tmp_path: Path) -> None:
    here = code.installed({})
    other = here.model_copy(update={"code": here.code | {"train": "sha256:x"}, "sources": {}, "version": "0.0.9"})
    (tmp_path / "weldspot.yaml").write_text(other.text())
    code.check(tmp_path, "split", "folder")
    with pytest.raises(WeldspotError, match=r"not 0\.0\.9 \(code\.train\): `weldspot upgrade`"):
        code.check(tmp_path, "train", "folder")
    with pytest.raises(WeldspotError, match=r"sources\.sample"):
        code.check(tmp_path, "fetch", "sample")


@pytest.mark.parametrize(
    "text", ["version: 1\n", "[]", "code: {train: [1]}\nversion: a\nsources: {}\nfiles: {}\n", "{"]
)
def test_a_damaged_one_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "weldspot.yaml").write_text(text)
    with pytest.raises(WeldspotError, match=r"weldspot\.yaml"):
        code.recorded(tmp_path)
