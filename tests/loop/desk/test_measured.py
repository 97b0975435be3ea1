"""What the model says of what waits, kept and found again."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from batches import batch
from exported import manifest
from uploads import jpeg, upload
from weld_classes import CLASSES

from weldspot.config import parameters
from weldspot.loop.desk import measured
from weldspot.loop.drift import reading
from weldspot.loop.drift.sample import Sample
from weldspot.loop.influence import known
from weldspot.loop.influence.known import Known
from weldspot.loop.review.waiting import corrections
from weldspot.model.network import embedding
from weldspot.registry import versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.workspace import Workspace

IDS = [f"{k:064x}" for k in range(20)]


class Version(ModelVersion):
    def table(self, *_: object) -> pa.Table:
        return pa.table({"id": IDS, "source": ["export"] * 20})


class Phone:
    def __init__(self, _: Path) -> None:
        pass

    def __call__(self, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        maps = np.zeros((2, 2, 7), np.float32)
        maps[0, 1, 2] = 1
        return np.array([0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.1], np.float32), maps


@pytest.fixture(autouse=True)
def _made_up(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    sample = Sample(
        tuple(CLASSES), np.zeros((20, 6)), np.zeros((20, 7)), np.zeros((20, 7), np.uint8),
        np.arange(20, dtype=np.float32)[:, None] * np.ones((1, 4), np.float32), np.arange(20),
    )  # fmt: skip
    made = Version("3", "ab" * 32, workspace.root, manifest(), workspace.root, workspace.root)
    monkeypatch.setattr(ModelRegistry, "aliases", lambda _: {"production": "3"})
    monkeypatch.setattr(versions, "fetch", lambda *_: made)
    monkeypatch.setattr(reading, "reference", lambda _: (sample, lambda rows: rows))
    monkeypatch.setattr(measured, "PhoneModel", Phone)
    monkeypatch.setattr(measured, "import_tensorflow", lambda: None)
    monkeypatch.setattr(embedding, "embed", lambda images: np.full((len(images), 4), 7.2, np.float32))
    print_ = measured.fingerprint(measured.dataset.decode(jpeg(2)))[None].astype(np.float16)
    monkeypatch.setattr(known, "read", lambda _: Known(print_, ["known"], [["Crack"]], ["n"], [""]))


def test_it_is_measured_and_found_again(workspace: Workspace) -> None:
    assert measured.read(workspace) is None
    batch(workspace, 1, 2, labels="Crack")
    params = parameters.load(workspace.params)
    made = measured.measure(workspace, params, corrections(workspace, CLASSES))
    found = measured.read(workspace)
    assert found is not None
    assert found.keys == made.keys
    assert set(found.keys) == {upload(1)[0], upload(2)[0]}
    assert (found.version, found.classes) == ("3", list(CLASSES))
    assert found.scores[0, 2] == np.float32(0.9)
    assert found.like[0] == [IDS[7], IDS[8], IDS[6]], "nearest first"
    assert found.novelty[0] == pytest.approx(0.2, abs=1e-4)
    assert found.copied == ["known" if key == upload(2)[0] else "" for key in found.keys]
    assert np.array_equal(found.heat, made.heat)
    whole = workspace.desk.read_bytes()
    for data in (b"damaged", b"", whole[: len(whole) // 2]):
        workspace.desk.write_bytes(data)
        assert measured.read(workspace) is None


def test_nothing_waits(workspace: Workspace) -> None:
    assert measured.measure(workspace, parameters.load(workspace.params), []).keys == []
    assert measured.read(workspace) is not None
