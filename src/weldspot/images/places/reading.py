"""Boxes and placements as the graph's tables have them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float32, Int

from weldspot.images import table
from weldspot.images.places.boxes import Boxes, gathered
from weldspot.runtime import state_files


def boxes(folder: Path, ids: pa.ChunkedArray, names: Sequence[str]) -> Boxes:
    """The boxes of the preprocessed photographs that these are, or are variants of.

    Args:
        folder: of the preprocessed table.
        ids: n of them, some of them often.
        names: of the classes.
    """
    coded = ids.combine_chunks().dictionary_encode()
    pieces = []
    for shard in table.shards(folder):
        found = state_files.read_parquet(shard, ["id", "boxes"], state_files.FROM_GRAPH)
        places = pc.index_in(found["id"], coded.dictionary).combine_chunks().fill_null(-1).to_numpy()
        rows = np.flatnonzero(places >= 0)
        if len(rows):
            pieces.append((places[rows].astype(np.int64), found["boxes"].take(pa.array(rows))))
    return gathered(pieces, names, len(coded.dictionary)).take(coded.indices.to_numpy())


def placements(shard: Path, rows: Int[np.ndarray, " k"]) -> Float32[np.ndarray, "k 6"]:
    """Where the pixels of the originals are in these rows of a shard of variants."""
    column = state_files.read_parquet(shard, ["placement"], state_files.FROM_GRAPH)["placement"]
    flat = column.combine_chunks().flatten().to_numpy().reshape(-1, 6)
    chosen: Float32[np.ndarray, "k 6"] = flat[rows]
    return chosen
