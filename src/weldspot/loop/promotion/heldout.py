"""The photographs on which two versions may be compared: those that neither has learnt from."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from weldspot.runtime.errors import WeldspotError
from weldspot.images import dataset, filters, table
from weldspot.labels import multi_hot
from weldspot.registry.versions import Deployed
from weldspot.model.export.phone_model import PhoneModel


@dataclass(frozen=True)
class HeldOut:
    """`feedback`: bool[n], the photographs that welders sent; `newest`: those of them that came after production."""

    images: dataset.Images
    feedback: np.ndarray
    newest: np.ndarray


def common(challenger: Deployed, production: Deployed | None) -> HeldOut:
    """The challenger's test originals, without the scenes that production was trained or tuned on.

    Raises WeldspotError when the workspace does not hold the challenger's photographs.
    """
    mine = pq.read_table(challenger.membership)
    test = mine.filter(pc.equal(mine["split"], "test"))
    kept = set(test["id"].to_pylist())
    if production is not None:
        kept -= _learnt_from(mine, production)
    rows = _rows(kept)
    if len(rows) < len(kept):
        raise WeldspotError(
            f"version {challenger.version}: {len(kept) - len(rows)} of its {len(kept)} held-out photographs are not in "
            f"{dataset.PREPROCESSED}; get them with `dvc repro` (or `dvc pull`) at the commit that made it"
        )
    ids = [row["id"] for row in rows]
    images = dataset.Images(
        ids,
        np.zeros(len(ids), int),
        np.stack([multi_hot(row["labels"]) for row in rows]) if rows else np.zeros((0, 7), np.uint8),
        np.array([row["group"] for row in rows]),
        _encoded(rows),
    )
    feedback = np.array([row["source"] == "feedback" for row in rows], bool)
    older = set() if production is None else set(pq.read_table(production.membership)["id"].to_pylist())
    return HeldOut(images, feedback, feedback & np.array([i not in older for i in ids], bool))


def _learnt_from(mine: pa.Table, production: Deployed) -> set[str]:
    """The ids of every scene of ours that holds a photograph production was trained or tuned on."""
    theirs = pq.read_table(production.membership)
    learnt = theirs.filter(pc.not_equal(theirs["split"], "test"))["id"]
    groups = mine.filter(pc.is_in(mine["id"], learnt))["group"]
    return set(mine.filter(pc.is_in(mine["group"], groups.combine_chunks()))["id"].to_pylist())


def _rows(ids: set[str]) -> list[dict]:
    columns = ["id", "image", "labels", "group", "source"]
    shards = table.shards(dataset.PREPROCESSED)
    return [row for shard in shards for row in table.rows(shard, columns) if row["id"] in ids]


def _encoded(rows: list[dict]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array([row["image"] for row in rows], pa.binary())])


def score(version: Deployed, images: dataset.Images) -> np.ndarray:
    """float32[n, 7] of a version's file in the TFLite runtime; pictures of another size are resized to its own."""
    phone = PhoneModel(version.model)
    size = phone.input_spec()["shape"][1]
    answers = [phone(filters.resize(images.decode(np.array([row]))[0], (size, size)))[0] for row in range(len(images))]
    return np.array(answers, np.float32).reshape(len(images), -1)
