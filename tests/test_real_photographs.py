"""The grouping on the real photographs, judged by names and pictures alone, not by the code that groups."""

import os
from pathlib import Path
from typing import TypedDict

import cv2
import exports
import numpy as np
import pytest
from weld_classes import WELD

from weldspot.images import table
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.scenes.groups import groups
from weldspot.images.scenes.nearness import search
from weldspot.images.scenes.nearness.lookalikes import Lookalikes
from weldspot.images.scenes.nearness.print_file import PrintFile
from weldspot.images.scenes.partition import partition
from weldspot.stages import fetch, ingest
from weldspot.workspace import Workspace

FOLDER = os.environ.get("WELDSPOT_REAL_DATA")
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER, reason="WELDSPOT_REAL_DATA names no folder with the real photographs"),
]
SIDE = 24
ALIKE = 0.98  # correlation


class Photograph(TypedDict):
    """What is looked at of a row."""

    name: str
    labels: list[str]
    group: str
    image: bytes


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> list[Photograph]:
    """The ingested table without crops."""
    archive = next(Path(str(FOLDER)).resolve().glob("*.voc.zip"))
    workspace = Workspace(tmp_path_factory.mktemp("real"))
    params = exports.params(name="folder", path=str(archive))
    section = params.ingest.model_copy(update={"background_crops": 0})
    fetch.main(workspace, params.select(fetch.Params))
    ingest.main(workspace, ingest.Params(labels=params.labels, ingest=section))
    return [row for shard in table.shards(workspace.artifact("ingest")) for row in table.rows(shard, Photograph)]


@pytest.mark.parametrize("seed", range(3))
def test_no_test_photograph_has_a_copy_a_tile_or_a_twin_in_training(photographs: list[Photograph], seed: int) -> None:
    assert len(photographs) > 2900
    labels = np.stack([WELD.multi_hot(row["labels"]) for row in photographs])
    scenes = np.array([row["group"] for row in photographs])
    splits = partition(labels, scenes, (0.7, 0.15, 0.15), seed, np.zeros(len(scenes), int))
    train, test = ([photographs[i] for i in np.flatnonzero(splits == name)] for name in ("train", "test"))
    assert len(test) > 0.1 * len(photographs)
    stems, plates = ({part(row["name"]) for row in train} for part in (_stem, _plate))
    assert not [row["name"] for row in test if _stem(row["name"]) in stems or _plate(row["name"]) in plates]
    twins = np.argwhere(_likeness([_thumbnail(r) for r in test], [_thumbnail(r) for r in train]) > ALIKE)
    assert not [(test[i]["name"], train[j]["name"]) for i, j in twins]


def test_a_turned_and_noisy_copy_under_another_name_joins_its_photograph(photographs: list[Photograph]) -> None:
    rng = np.random.default_rng(0)
    chosen = [cv2.imdecode(np.frombuffer(r["image"], np.uint8), cv2.IMREAD_COLOR_RGB) for r in photographs[::30]]
    copies = []
    for picture in chosen:
        turned = np.rot90(picture[:, ::-1] if rng.random() < 0.5 else picture, rng.integers(4))
        noisy = rng.uniform(0.85, 1.15) * turned + rng.normal(0, 6, turned.shape)
        copies.append(np.clip(noisy, 0, 255).astype(np.uint8))
    names = [f"{kind}{i}.jpg" for kind in ("photo", "copy") for i in range(len(chosen))]
    found = groups(names, np.stack([fingerprint(p) for p in chosen + copies]), 0.3, 0, [0] * len(names))
    assert found[: len(chosen)] == found[len(chosen) :]


def test_the_search_by_keys_gives_the_groups_of_comparing_each_with_each(
    photographs: list[Photograph], tmp_path: Path
) -> None:
    pictures = [cv2.imdecode(np.frombuffer(r["image"], np.uint8), cv2.IMREAD_COLOR_RGB) for r in photographs]
    file = PrintFile(tmp_path / "prints")
    file.append(fingerprint(picture) for picture in pictures)
    names, ages = [f"{k}.jpg" for k in range(len(pictures))], [0] * len(pictures)
    alike = Lookalikes(file, 0.3, ages, search.by_keys(file, 0.3, ages, tmp_path))
    assert groups(names, file.mapped(), 0.3, 0, ages, None, alike) == groups(names, file.mapped(), 0.3, 0, ages)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].partition(".rf.")[0]


def _plate(name: str) -> str:
    return _stem(name).partition("_block_")[0]


def _thumbnail(row: Photograph) -> np.ndarray:
    grey = cv2.imdecode(np.frombuffer(row["image"], np.uint8), cv2.IMREAD_GRAYSCALE)
    return cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)


def _likeness(ours: list[np.ndarray], others: list[np.ndarray]) -> np.ndarray:
    """float[n, m]: the correlation of each pair of pictures under the best of the eight flips and quarter turns."""

    def standard(pictures: np.ndarray) -> np.ndarray:
        flat = pictures.reshape(len(pictures), -1)
        flat = flat - flat.mean(1, keepdims=True)
        return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)

    mine, columns = np.stack(ours), standard(np.stack(others)).T
    turned = [np.rot90(m, k, axes=(1, 2)) for m in (mine, mine[:, :, ::-1]) for k in range(4)]
    return np.max([standard(np.ascontiguousarray(t)) @ columns for t in turned], axis=0)
