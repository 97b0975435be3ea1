"""The images of one split: what is said of each is in memory, its picture is read and decoded when it is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool, Int, Shaped, UInt8

from weldspot.images import table
from weldspot.images.places import reading as places
from weldspot.images.places.boxes import Boxes
from weldspot.images.stored import Slices, Stored
from weldspot.labels import ClassList
from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_BETWEEN = "\x1f"  # in no name of a class


@dataclass(frozen=True)
class Images:
    """n images: `variants` (0 is the original), `labels` (0 or 1 a class), `groups` (names), `encoded` pictures.

    `boxes`: where its objects are, as far as somebody drew it; None where nobody was asked.

    The pictures lie in the shards of the graph's tables, or in memory (binary) where they come from somewhere else.
    """

    classes: ClassList
    ids: list[str]
    variants: Int[np.ndarray, " n"]
    labels: UInt8[np.ndarray, "n classes"]
    groups: Shaped[np.ndarray, " n"]
    encoded: Stored | pa.ChunkedArray
    boxes: Boxes | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def placed(self) -> Bool[np.ndarray, " classes"]:
        """The classes, without the background, that some of these images have a box of."""
        found = np.zeros(len(self.classes), bool)
        if self.boxes is not None:
            found[self.boxes.classes[self.boxes.held()]] = True
        if (background := self.classes.background_column) is not None:
            found[background] = False
        return found

    @cached_property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and colours of the pictures; all of them have one size."""
        height, width, colours = self._decoded(0).shape
        return height, width, colours

    def take(self, indices: Int[np.ndarray, " k"]) -> "Images":
        """The images at these positions."""
        chosen = indices.tolist()
        return Images(
            self.classes,
            [self.ids[i] for i in chosen],
            self.variants[indices],
            self.labels[indices],
            self.groups[indices],
            self.encoded.take(indices if isinstance(self.encoded, Stored) else pa.array(indices)),
            self.boxes and self.boxes.take(indices),
        )

    def decode(self, indices: Int[np.ndarray, " k"]) -> UInt8[np.ndarray, "k size size 3"]:
        """The RGB pictures at these positions, for a few; `images.feed` decodes many, on all cores."""
        pictures = np.empty((len(indices), *(self.shape if len(indices) else (0, 0, 3))), np.uint8)
        self.decode_into(indices, pictures)
        return pictures

    def decode_into(self, indices: Int[np.ndarray, " k"], pictures: UInt8[np.ndarray, "k size size 3"]) -> None:
        """Puts the RGB pictures at these positions into an array.

        Raises:
            WeldspotError: one of them is damaged, or of another size.
        """
        for index, picture in zip(indices.tolist(), pictures, strict=True):
            found = self._decoded(index)
            if found.shape != picture.shape:
                raise self._damaged(index, f"{found.shape[1]}x{found.shape[0]} pixels, the others are another size")
            picture[...] = found

    def _decoded(self, index: int) -> UInt8[np.ndarray, "height width 3"]:
        data = self.encoded[index] if isinstance(self.encoded, Stored) else self.encoded[index].as_buffer()
        picture = _rgb(data)
        if picture is None:
            raise self._damaged(index, "it does not decode")
        return picture

    def _damaged(self, index: int, reason: str) -> state_files.Damaged:
        where = self.encoded.path(index) if isinstance(self.encoded, Stored) else "the photographs"
        return state_files.Damaged(f"{where}: image {self.ids[index][:12]}", reason, state_files.FROM_GRAPH)


def decode(data: bytes | pa.Buffer) -> UInt8[np.ndarray, "height width 3"]:
    """The RGB picture of an image that the graph encoded itself."""
    picture = _rgb(data)
    assert picture is not None, "preprocess and augment write only what decodes"
    return picture


def _rgb(data: bytes | pa.Buffer) -> UInt8[np.ndarray, "height width 3"] | None:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB) if len(data) else None


def load(workspace: "Workspace", classes: ClassList, *splits: str, variants: bool = True) -> Images:
    """The images that the manifest gives to these splits (train, val, test, robustness), in its order.

    Args:
        workspace: Where they are.
        classes: The list that their labels are of.
        splits: Which of them.
        variants: Whether augmented ones come along.

    Raises:
        WeldspotError: there is no manifest, it names images that are nowhere, or a file is damaged.
    """
    manifest = workspace.split_manifest
    try:
        wanted = state_files.read_parquet(manifest, ["id", "variant", "group", "split"], state_files.FROM_GRAPH)
    except FileNotFoundError:
        raise WeldspotError(f"{manifest}: no such file; run `dvc repro split` first") from None
    wanted = wanted.filter(pc.is_in(wanted["split"], pa.array(splits)))
    if not variants:
        wanted = wanted.filter(pc.equal(wanted["variant"], 0))
    slices, labels = Slices(len(wanted)), np.zeros((len(wanted), len(classes)), np.uint8)
    boxes = None
    if len(wanted):
        boxes = places.boxes(workspace.artifact("preprocess"), wanted["id"], classes.names)
        for shard, rows, positions in _found(workspace, wanted):
            slices.add(shard, rows, positions)
            labels[positions] = _labels(shard, rows, classes)
            if shard.parent == workspace.artifact("augment"):
                boxes.placements[positions] = places.placements(shard, rows)
    if missing := slices.missing():
        raise WeldspotError(
            f"{manifest}: {missing} of the {len(wanted)} images in {', '.join(splits)} are neither in preprocess nor "
            "in augment; run `dvc repro`"
        )
    return Images(
        classes=classes,
        ids=_shared(wanted["id"]).tolist(),
        variants=wanted["variant"].to_numpy(),
        labels=labels,
        groups=_shared(wanted["group"]),
        encoded=slices.stored(),
        boxes=boxes,
    )


def _shared(names: pa.ChunkedArray) -> Shaped[np.ndarray, " n"]:
    """The names as objects, one for all that are equal: variants and scenes repeat them."""
    coded = names.combine_chunks().dictionary_encode()
    distinct = np.array([*coded.dictionary.to_pylist(), None], object)[:-1]  # None: else no names would be floats
    shared: Shaped[np.ndarray, " n"] = distinct[coded.indices.to_numpy()]
    return shared


def _keys(rows: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(rows["id"], pc.cast(rows["variant"], pa.string()), ":")


def _found(
    workspace: "Workspace", wanted: pa.Table
) -> Iterator[tuple[Path, Int[np.ndarray, " k"], Int[np.ndarray, " k"]]]:
    """Each shard that holds some of what is wanted: which of its rows those are, and their positions."""
    keys, shards = [], []
    augmented = bool(pc.any(pc.greater(wanted["variant"], 0)).as_py())
    for stage in ("preprocess", "augment") if augmented else ("preprocess",):
        original = stage == "preprocess"
        for shard in table.shards(workspace.artifact(stage)):
            rows = state_files.read_parquet(shard, ["id"] if original else ["id", "variant"], state_files.FROM_GRAPH)
            if original:
                rows = rows.append_column("variant", pa.array(np.zeros(len(rows), np.int32)))
            keys.append(_keys(rows).combine_chunks())
            shards.append(shard)
    if not shards:
        raise WeldspotError(f"{workspace.artifact('preprocess')}: no images; run `dvc repro preprocess` first")
    # asked for all at once: the index of what is wanted is made once, not for each shard
    found = pc.index_in(pa.chunked_array(keys), _keys(wanted).combine_chunks()).fill_null(-1).to_numpy()
    ends = np.cumsum(list(map(len, keys)))
    for shard, positions in zip(shards, np.split(found, ends[:-1]), strict=True):
        rows_found = np.flatnonzero(positions >= 0)
        if len(rows_found):
            yield shard, rows_found, positions[rows_found]


def _labels(shard: Path, rows: Int[np.ndarray, " k"], classes: ClassList) -> UInt8[np.ndarray, "k classes"]:
    """Of these rows; few sets of classes are many images'."""
    lists = state_files.read_parquet(shard, ["labels"], state_files.FROM_GRAPH)["labels"].take(pa.array(rows))
    sets = pc.binary_join(lists, _BETWEEN).combine_chunks().dictionary_encode()
    hot = classes.hot_rows(names.split(_BETWEEN) for names in sets.dictionary.to_pylist())
    found: UInt8[np.ndarray, "k classes"] = hot[sets.indices.to_numpy()]
    return found
