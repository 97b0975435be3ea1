"""The images of one split, kept encoded in Arrow memory and decoded as they are asked for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Int, Shaped, UInt8

from weldspot.images import table
from weldspot.labels import ClassList
from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class Images:
    """n images: `variants` (0 is the original), `labels` (0 or 1 a class), `groups` (names), `encoded` pictures."""

    classes: ClassList
    ids: list[str]
    variants: Int[np.ndarray, " n"]
    labels: UInt8[np.ndarray, "n classes"]
    groups: Shaped[np.ndarray, " n"]
    encoded: pa.ChunkedArray

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, indices: Int[np.ndarray, " k"]) -> "Images":
        """The images at these positions."""
        chosen = indices.tolist()
        return Images(
            self.classes,
            [self.ids[i] for i in chosen],
            self.variants[indices],
            self.labels[indices],
            self.groups[indices],
            self.encoded.take(pa.array(indices)),
        )

    def decode(self, indices: Int[np.ndarray, " k"]) -> UInt8[np.ndarray, "k size size 3"]:
        """The RGB pictures at these positions; all of them have one size."""
        return np.stack([decode(self.encoded[int(i)].as_buffer()) for i in indices])


def decode(data: bytes | pa.Buffer) -> UInt8[np.ndarray, "height width 3"]:
    """The RGB picture of an image that the graph encoded itself."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None, "preprocess and augment write only what decodes"
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def load(workspace: "Workspace", classes: ClassList, split: str, variants: bool = True) -> Images:
    """The images that the manifest gives to `split` (train, val, test or robustness), in its order.

    Args:
        workspace: Where they are.
        classes: The list that their labels are of.
        split: Which of them.
        variants: Whether augmented ones come along.

    Raises:
        WeldspotError: there is no manifest, it names images that are nowhere, or a file is damaged.
    """
    manifest = workspace.split_manifest
    try:
        wanted = state_files.read_parquet(manifest, ["id", "variant", "group", "split"], state_files.FROM_GRAPH)
    except FileNotFoundError:
        raise WeldspotError(f"{manifest}: no such file; run `dvc repro split` first") from None
    wanted = wanted.filter(pc.equal(wanted["split"], split))
    if not variants:
        wanted = wanted.filter(pc.equal(wanted["variant"], 0))
    if not len(wanted):
        nothing = pa.chunked_array([], pa.binary())
        return Images(classes, [], np.zeros(0, int), classes.hot_rows([]), np.zeros(0, str), nothing)
    found = _collect(workspace, wanted)
    places = pc.index_in(_keys(wanted), _keys(found))
    if places.null_count:
        raise WeldspotError(
            f"{manifest}: {places.null_count} of the {len(wanted)} images in {split} are neither in preprocess nor in "
            "augment; run `dvc repro`"
        )
    rows = found.take(places)
    return Images(
        classes=classes,
        ids=rows["id"].to_pylist(),
        variants=rows["variant"].to_numpy(),
        labels=classes.hot_rows(rows["labels"].to_pylist()),
        groups=np.array(rows["group"].to_pylist()),
        encoded=rows["image"],
    )


def _keys(rows: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(rows["id"], pc.cast(rows["variant"], pa.string()), ":")


def _collect(workspace: "Workspace", wanted: pa.Table) -> pa.Table:
    columns = ["id", "image", "labels", "group"]
    keys, parts = _keys(wanted), []
    augmented = bool(pc.any(pc.greater(wanted["variant"], 0)).as_py())
    for stage in ("preprocess", "augment") if augmented else ("preprocess",):
        original = stage == "preprocess"
        for shard in table.shards(workspace.artifact(stage)):
            rows = state_files.read_parquet(shard, columns + ([] if original else ["variant"]), state_files.FROM_GRAPH)
            if original:
                rows = rows.append_column("variant", pa.array(np.zeros(len(rows), np.int32)))
            parts.append(rows.filter(pc.is_in(_keys(rows), keys)).select([*columns, "variant"]))
    if not parts:
        raise WeldspotError(f"{workspace.artifact('preprocess')}: no images; run `dvc repro preprocess` first")
    return pa.concat_tables(parts)
