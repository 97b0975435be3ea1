"""The images of a split: those of the manifest, in its order, decoded when they are asked for."""

from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from weld_classes import WELD

from weldspot.images import dataset, table
from weldspot.images.stored import Stored
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def jpeg(value: int) -> bytes:
    return cv2.imencode(".jpg", np.full((8, 8, 3), (value, 0, 255 - value), np.uint8))[1].tobytes()


def png(height: int, width: int) -> bytes:
    return cv2.imencode(".png", np.zeros((height, width, 3), np.uint8))[1].tobytes()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Six photographs with two variants each; even ones train, odd ones are tested on, the manifest is upside down."""
    found = Workspace(tmp_path)
    for stage in ("preprocess", "augment", "split"):
        found.artifact(stage).mkdir(parents=True)
    statistics = dict.fromkeys(table.QUALITY, 1.0)
    rows = [
        {"id": f"{k}", "image": jpeg(40 * k), "labels": ["Crack"], "source": "export", "name": "n", "group": f"g{k}"}
        | {"boxes": [table.box_row("Crack", float(k), 1.0, k + 2.0, 3.0)] if k else []}
        | statistics
        for k in range(6)
    ]
    variants = [
        {
            "id": f"{k}",
            "variant": v,
            "image": jpeg(40 * k + 10 * v),
            "placement": [1, 0, v, 0, 1, 0],
            "labels": ["Crack"],
            "group": f"g{k}",
        }
        for k in range(6)
        for v in (1, 2)
    ]
    table.write_shards(found.artifact("preprocess"), rows, table.PREPROCESSED, shard_rows=4)
    table.write_shards(found.artifact("augment"), variants, table.AUGMENTED, shard_rows=5)
    manifest = [
        {
            "id": f"{k}",
            "variant": v,
            "group": f"g{k}",
            "split": "robustness" if k % 2 and v else ("train", "test")[k % 2],
        }
        for k in reversed(range(6))
        for v in (2, 0, 1)
    ]
    kinds = [("id", pa.string()), ("variant", pa.int32()), ("group", pa.string()), ("split", pa.string())]
    pq.write_table(pa.Table.from_pylist(manifest, schema=pa.schema(kinds)), found.split_manifest)
    return found


def test_a_split_has_its_images_in_the_manifests_order(workspace: Workspace) -> None:
    train = dataset.load(workspace, WELD, "train")
    assert list(zip(train.ids, train.variants.tolist(), strict=True)) == [(k, v) for k in "420" for v in (2, 0, 1)]
    assert train.groups.tolist() == [f"g{k}" for k in "420" for _ in range(3)]
    assert (train.labels == WELD.multi_hot(["Crack"])).all()
    test, robust = (dataset.load(workspace, WELD, name) for name in ("test", "robustness"))
    assert (test.ids, len(robust)) == (["5", "3", "1"], 6)
    assert robust.variants.min() == 1


def test_pictures_are_rgb_and_those_of_their_rows(workspace: Workspace) -> None:
    train = dataset.load(workspace, WELD, "train")
    chosen = np.array([4, 0])
    pictures = train.decode(chosen)
    assert pictures.shape == (2, 8, 8, 3)
    for picture, index in zip(pictures, chosen, strict=True):
        value = 40 * int(train.ids[index]) + 10 * int(train.variants[index])
        assert np.abs(picture.astype(int) - (255 - value, 0, value)).max() <= 3
    taken = train.take(chosen)
    assert taken.ids == [train.ids[4], train.ids[0]]
    assert np.array_equal(taken.decode(np.arange(2)), pictures)


def test_each_image_has_the_boxes_of_its_photograph_where_they_are_now(workspace: Workspace) -> None:
    images = dataset.load(workspace, WELD, "train")
    assert images.boxes is not None
    left = {
        (name, int(variant)): [corner[0, 0] for corner in images.boxes.shapes(row)[1]]
        for row, (name, variant) in enumerate(zip(images.ids, images.variants, strict=True))
    }
    assert left == {(f"{k}", v): [k + v] if k else [] for k in (0, 2, 4) for v in (0, 1, 2)}
    assert images.placed.tolist() == [name == "Crack" for name in WELD.names]


def test_names_are_kept_once_and_pictures_not_at_all(workspace: Workspace) -> None:
    train = dataset.load(workspace, WELD, "train")
    assert train.ids[0] is train.ids[2]
    assert train.groups[0] is train.groups[2]
    assert isinstance(train.encoded, Stored)
    held = train.encoded
    assert sum(part.nbytes for part in (held.shard, held.start, held.size)) == 16 * len(train)


def test_an_image_that_is_in_no_table_is_one_clear_line(workspace: Workspace) -> None:
    table.shards(workspace.artifact("augment"))[0].unlink()
    with pytest.raises(
        WeldspotError, match=r"manifest.parquet: 3 of the 9 images in train are neither in preprocess nor"
    ):
        dataset.load(workspace, WELD, "train")


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"no picture", "it does not decode"), (b"", "it does not decode"), (png(8, 6), r"6x8 pixels, the others")],
)
def test_a_picture_that_is_none_or_of_another_size_is_one_clear_line(data: bytes, reason: str) -> None:
    encoded = pa.chunked_array([[png(8, 8), data]], pa.binary())
    images = dataset.Images(WELD, ["a", "b"], np.zeros(2, int), WELD.hot_rows([[], []]), np.array(["", ""]), encoded)
    with pytest.raises(WeldspotError, match=rf"^the photographs: image b: damaged \({reason}.*\); .*$"):
        images.decode(np.arange(2))


def test_no_positions_are_no_pictures() -> None:
    nothing = dataset.Images(
        WELD, [], np.zeros(0, int), WELD.hot_rows([]), np.zeros(0, str), pa.chunked_array([], pa.binary())
    )
    assert len(nothing.decode(np.zeros(0, int))) == 0


def test_a_split_without_images_is_empty(workspace: Workspace) -> None:
    nothing = dataset.load(workspace, WELD, "val")
    assert len(nothing) == 0
    assert nothing.labels.shape == (0, 7)


def test_no_manifest_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(WeldspotError, match="run `dvc repro split` first"):
        dataset.load(Workspace(tmp_path), WELD, "train")
