"""predictions.parquet, and what the drift gate compares feedback with: labels, scores, quality and embeddings."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Float

from weldspot.images.dataset import Images
from weldspot.images.table import QUALITY
from weldspot.model.evaluation.metrics import Scores
from weldspot.runtime import state_files


def predictions(split: str, images: Images, probabilities: Scores) -> pa.Table:
    """A row an image: id, split, group, labels, and a column of probabilities for each class."""
    rows = []
    for i, image_id in enumerate(images.ids):
        labels = images.classes.shown(images.labels[i])
        row = {"id": image_id, "split": split, "group": str(images.groups[i]), "labels": labels}
        rows.append(row | dict(zip(images.classes.names, map(float, probabilities[i]), strict=True)))
    return pa.Table.from_pylist(rows)


def write_reference(
    path: Path, found: pa.Table, quality: pa.Table, embeddings: Float[np.ndarray, "n channels"]
) -> None:
    """The predictions with `source` and quality statistics (columns of `quality`, by id) and embeddings (float16)."""
    by_id = {row["id"]: row for row in quality.to_pylist()}
    extra = [{name: by_id[i][name] for name in ("source", *QUALITY)} for i in found["id"].to_pylist()]
    merged = pa.Table.from_pylist([row | more for row, more in zip(found.to_pylist(), extra, strict=True)])
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(embeddings.ravel()), embeddings.shape[1])
    pq.write_table(merged.append_column("embedding", vectors), path, compression="zstd")


def write_rescored(
    path: Path, source: Path, classes: Sequence[str], scores: dict[str, Float[np.ndarray, " classes"]]
) -> None:
    """The reference in `source` with other scores (by id), those of the file that phones run, since they come back."""
    file = state_files.parquet(source, ["id", *classes], state_files.FROM_GRAPH)
    with state_files.reading(source, state_files.FROM_GRAPH):
        found = file.read()
    rows = np.stack([scores[i] for i in found["id"].to_pylist()])
    for column, name in enumerate(classes):
        index = found.schema.get_field_index(name)
        found = found.set_column(index, name, pa.array(rows[:, column].astype(np.float32)))
    pq.write_table(found, path, compression="zstd")
