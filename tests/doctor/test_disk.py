"""Room for a run."""

import zipfile
from collections import namedtuple
from pathlib import Path

import pytest
from exports import params

from weldspot.doctor import disk

Usage = namedtuple("Usage", "total used free")
SAMPLE = params(name="sample")


@pytest.mark.parametrize(
    ("share", "mark", "stops"), [(3, "ok", False), (0.7, "warning", False), (0.1, "missing", True)]
)
def test_what_is_free_against_what_a_run_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, mark: str, stops: bool
) -> None:
    whole = 2 * disk.estimate(SAMPLE, tmp_path)  # the workspace, and the cache on the same disk
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda place: Usage(0, 0, int(whole * share)))
    found = disk.room(SAMPLE, tmp_path, tmp_path / ".dvc/cache")
    assert (found.mark, found.stops) == (mark, stops)
    assert str(tmp_path) in found.found


def test_pictures_are_counted_in_folders_and_zips(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    (folder / "train").mkdir(parents=True)
    for name in ("a.jpg", "b.PNG", "train/c.jpeg", "train/c.xml"):
        (folder / name).write_bytes(bytes(1000))
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as packed:
        packed.write(folder / "a.jpg", "x/a.jpg")
    assert disk.photographs(params(name="folder", path=str(folder)), tmp_path) == (3, 4000)
    assert disk.photographs(params(name="folder", path="set.zip"), tmp_path) == (1, 1000)


def test_more_variants_and_more_pixels_take_more(tmp_path: Path) -> None:
    few = SAMPLE.model_copy(update={"augment": SAMPLE.augment.model_copy(update={"variants": 1})})
    small = SAMPLE.model_copy(update={"preprocess": SAMPLE.preprocess.model_copy(update={"size": 64})})
    assert disk.estimate(few, tmp_path) < disk.estimate(SAMPLE, tmp_path)
    assert disk.estimate(small, tmp_path) < disk.estimate(SAMPLE, tmp_path)


def test_what_nobody_has_counted_yet_is_a_guess(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_text("no zip")
    assert disk.photographs(params(name="folder", path="broken.zip"), tmp_path) == disk.UNKNOWN
    assert disk.photographs(params(name="folder", path="nowhere"), tmp_path) == disk.UNKNOWN


@pytest.mark.slow
def test_a_run_stays_below_the_estimate(small_projects: Path) -> None:
    from weldspot.config import parameters

    project = small_projects / "weld spot"
    written = [path.stat().st_size for path in (project / "artifacts").rglob("*") if path.is_file()]
    written += [path.stat().st_size for path in (project / "mlartifacts").rglob("*") if path.is_file()]
    assert sum(written) < disk.estimate(parameters.load(project / "params.yaml"), project) < 10 * sum(written)
