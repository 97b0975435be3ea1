"""Which photographs two versions may be compared on, and what a version says of them."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from exported import manifest
from pictures import pictures
from uploads import jpeg
from weld_classes import CLASSES

from weldspot.contracts.manifest import Input
from weldspot.images import table
from weldspot.loop.promotion import heldout
from weldspot.model.export.phone_model import InputSpec
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

# id → (scene, split of the challenger, source)
MINE = {
    "a": ("s1", "test", "export"),
    "b": ("s1", "test", "export"),
    "c": ("s2", "test", "export"),
    "d": ("s3", "train", "export"),
    "e": ("s4", "test", "feedback"),
    "f": ("s5", "test", "feedback"),
}


def version(folder: Path, number: str, split: dict[str, tuple[str, str]]) -> ModelVersion:
    """`split`: id → scene, split."""
    path = folder / f"membership-{number}.parquet"
    rows = [{"id": name, "group": scene, "split": part} for name, (scene, part) in split.items()]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return ModelVersion(number, number * 64, path, manifest(), path, path)


@pytest.fixture
def challenger(workspace: Workspace) -> ModelVersion:
    folder = workspace.artifact("preprocess")
    folder.mkdir(parents=True)
    rows = [
        {"id": name, "image": jpeg(number), "labels": ["Crack"], "source": source, "name": name, "group": scene}
        | dict.fromkeys(table.QUALITY, 0.0)
        for number, (name, (scene, _, source)) in enumerate(MINE.items())
    ]
    table.write_shard(table.shard_path(folder, 0), rows, table.PREPROCESSED)
    return version(workspace.root, "2", {name: (scene, part) for name, (scene, part, _) in MINE.items()})


def test_without_production_all_of_the_test_split_is_held_out(workspace: Workspace, challenger: ModelVersion) -> None:
    found = heldout.common(workspace, challenger, None)
    assert found.images.ids == ["a", "b", "c", "e", "f"]
    assert found.feedback.tolist() == [False, False, False, True, True]
    assert found.newest.tolist() == found.feedback.tolist()
    assert found.images.labels[:, CLASSES.index("Crack")].all()


def test_scenes_that_production_has_learnt_from_are_out(workspace: Workspace, challenger: ModelVersion) -> None:
    theirs = {"a": ("x1", "train"), "c": ("x2", "test"), "e": ("x3", "test")}
    found = heldout.common(workspace, challenger, version(workspace.root, "1", theirs))
    assert found.images.ids == ["c", "e", "f"], "b shows what a shows"
    assert found.newest.tolist() == [False, False, True], "e was there already"


def test_slices_are_sources_uploaders_and_thirds(workspace: Workspace) -> None:
    folder = workspace.artifact("preprocess")
    folder.mkdir(parents=True)
    rows = [
        {"id": str(number), "image": jpeg(number), "labels": ["Crack"], "source": source, "name": name, "group": name}
        | dict.fromkeys(table.QUALITY, 0.0)
        | {"brightness": float(number), "sharpness": 1.0}
        for number, (source, name) in enumerate(
            [("export", "a"), ("export", "b"), ("feedback", "feedback/anna/c.jpg"), ("feedback", "feedback/ben/d.jpg")]
        )
    ]
    table.write_shard(table.shard_path(folder, 0), rows, table.PREPROCESSED)
    split = {str(number): (f"s{number}", "test") for number in range(4)}
    found = heldout.common(workspace, version(workspace.root, "2", split), None)
    assert found.slicings["source"].tolist() == ["export", "export", "anna", "ben"]
    assert {name: rows.tolist() for name, rows in found.slices(2, 2)} == {
        "source=export": [0, 1],
        "brightness=low": [0, 1],
    }, "what is too small, or all there is, is no slice"


def test_photographs_that_are_not_here_are_said_with_what_to_do(workspace: Workspace, challenger: ModelVersion) -> None:
    mine = {name: (scene, part) for name, (scene, part, _) in MINE.items()} | {"g": ("s6", "test")}
    with pytest.raises(WeldspotError, match=r"version 3: 1 of its 6 held-out .*preprocess; get them with `dvc repro`"):
        heldout.common(workspace, version(workspace.root, "3", mine), None)


def test_pictures_come_to_the_version_in_its_own_size(
    workspace: Workspace, challenger: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = Input(shape=(1, 32, 32, 3), dtype="uint8", scale=1.0, zero_point=0, resize="stretch")
    challenger = replace(challenger, manifest=challenger.manifest.model_copy(update={"input": spec}))

    class Phone:
        def __init__(self, path: Path) -> None:
            assert path == challenger.model

        def classes(self) -> int:
            return len(CLASSES)

        def input_spec(self) -> InputSpec:
            return InputSpec(shape=(1, 32, 32, 3), dtype="uint8", scale=1.0, zero_point=0)

        def __call__(self, image: np.ndarray) -> tuple[np.ndarray, None]:
            assert image.shape == (32, 32, 3)
            return np.full(len(CLASSES), image.mean() / 255), None

    monkeypatch.setattr(heldout, "PhoneModel", Phone)
    images = heldout.common(workspace, challenger, None).images
    scores = heldout.score(challenger, images)
    assert (scores.shape, scores.dtype) == ((5, len(CLASSES)), np.float32)
    assert len(set(scores[:, 0].tolist())) == 5
    assert heldout.score(challenger, images.take(np.zeros(0, int))).shape == (0, len(CLASSES))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"scale": 0.5},
            r"input \(\(1, 96, 96, 3\), 'uint8', 0\.5, 0\) and not \(\(1, 96, 96, 3\), 'uint8', 1\.0, 0\)",
        ),
        ({"zero_point": 3}, "input "),
        ({"dtype": "float32"}, "input "),
        ({"shape": (1, 64, 64, 3)}, "input "),
        ({"labels": list(CLASSES[1:])}, "number of labels 6 and not 7"),
        ({"thresholds": {CLASSES[0]: 0.5}}, "labels with a threshold "),
    ],
)
def test_a_manifest_that_contradicts_its_model_is_refused(
    challenger: ModelVersion, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], problem: str
) -> None:
    phone = SimpleNamespace(input_spec=lambda: InputSpec((1, 96, 96, 3), "uint8", 1.0, 0), classes=lambda: len(CLASSES))
    monkeypatch.setattr(heldout, "PhoneModel", lambda _: phone)
    said = challenger.manifest
    of_input = {key: value for key, value in changes.items() if key in Input.model_fields}
    others = {key: value for key, value in changes.items() if key not in of_input}
    changed = said.model_copy(update={"input": said.input.model_copy(update=of_input), **others})
    images = pictures(1)
    with pytest.raises(WeldspotError, match=rf"^version 2: its manifest contradicts its model: {problem}"):
        heldout.score(replace(challenger, manifest=changed), images)
