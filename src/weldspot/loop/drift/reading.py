"""Reads the two samples: the reference of a version, and the waiting batches as that version sees them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from jaxtyping import Float, Int, UInt8

from weldspot.config.sections.preprocess import Preprocess
from weldspot.images import dataset
from weldspot.images.preprocessing import preprocess_image
from weldspot.images.table import QUALITY
from weldspot.labels import CLASSES, multi_hot
from weldspot.loop.drift.embedding_drift import Components
from weldspot.loop.drift.sample import Sample
from weldspot.loop.feedback import feedback_batches, inbox
from weldspot.model.export.phone_model import PhoneModel
from weldspot.registry import versions
from weldspot.registry.versions import ModelVersion
from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.tensorflow_import import import_tensorflow
from weldspot.runtime.terminal.progress import Progress


def reference(version: ModelVersion) -> tuple[Sample, Components]:
    """The held-out photographs of a version; cut-out backgrounds are not what a phone sees, so they stay out.

    Raises:
        WeldspotError: they are too few.
    """
    rows = version.table(version.reference, ["source", "embedding", "group", "labels", *QUALITY, *CLASSES])
    rows = rows.filter(pc.not_equal(rows["source"], "crop"))
    if len(rows) < 20:
        raise WeldspotError(f"version {version.version}: {len(rows)} reference photographs are too few to judge by")
    embeddings = np.stack(rows["embedding"].to_numpy(zero_copy_only=False)).astype(np.float32)
    _known(_columns(rows, [*QUALITY, *CLASSES]), f"version {version.version}: reference.parquet", versions.CURE)
    _known(embeddings, f"version {version.version}: reference.parquet", versions.CURE)
    _, groups = np.unique(rows["group"].to_numpy(zero_copy_only=False), return_inverse=True)
    components = Components(embeddings)
    return Sample(
        _columns(rows, QUALITY), _columns(rows, CLASSES), _hot(rows), components(embeddings), groups
    ), components


@dataclass(frozen=True)
class Feedback:
    """The judged photographs: `sample` of the drawn rows, `images` their pixels as the graph prepares them."""

    sample: Sample
    images: dataset.Images


def feedback(
    batches: Sequence[Path], version: ModelVersion, section: Preprocess, components: Components, most: int, seed: int
) -> Feedback:
    """At most `most` photographs of the batches, drawn evenly; another model's scores are made anew with this one."""
    import_tensorflow()
    from weldspot.model.network.embedding import embed

    chosen = np.sort(np.random.default_rng(seed).permutation(sum(inbox.sizes(batches)))[:most])
    parts = [
        _prepared(rows, section)
        for rows in Progress(_drawn(batches, chosen), desc="gate: reading", unit="part", leave=False)
    ]
    rows = pa.concat_tables(parts)
    images = dataset.Images(
        rows["id"].to_pylist(), np.zeros(len(rows), int), _hot(rows), np.array(rows["id"].to_pylist()), rows["image"]
    )
    scores = _rescored(_columns(rows, CLASSES), rows["model"].to_pylist(), images, version)
    found = Sample(_columns(rows, QUALITY), scores, images.labels, components(embed(images)), np.arange(len(rows)))
    return Feedback(_of_numbers(found, f"version {version.version}: what it makes of the feedback"), images)


def _of_numbers(sample: Sample, what: str) -> Sample:
    """The sample; raises WeldspotError when something in it is no number, which no comparison would notice."""
    parts = {"quality": sample.quality, "scores": sample.scores, "embeddings": sample.embeddings}
    broken = [name for name, values in parts.items() if not np.isfinite(values).all()]
    if broken:
        raise WeldspotError(
            f"{what} has {' and '.join(broken)} that are no numbers, so nothing can be judged by it; "
            "make another model production: `weldspot rollback`, or `dvc repro` and `weldspot promote`"
        )
    return sample


def _drawn(batches: Sequence[Path], chosen: Int[np.ndarray, " k"]) -> Iterator[pa.Table]:
    """The rows at the positions `chosen` (sorted) over all batches, a row group at a time; others are not read."""
    columns = ["id", "image", "labels", *CLASSES, "model"]
    start = 0
    for path in batches:
        file = feedback_batches.opened(path, columns)
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            inside = chosen[np.searchsorted(chosen, start) : np.searchsorted(chosen, start + size)] - start
            if len(inside):
                yield _whole(file, group, columns, path).take(pa.array(inside))
            start += size


def _whole(file: pq.ParquetFile, group: int, columns: list[str], path: Path) -> pa.Table:
    """A row group whose every cell is there and whose scores are numbers; raises Damaged."""
    with state_files.reading(path, state_files.FROM_DATA):
        rows = file.read_row_group(group, columns=columns)
        if missing := [name for name in columns if rows[name].null_count]:
            raise ValueError(f"a photograph without {missing[0]}")
    _known(_columns(rows, CLASSES), path, state_files.FROM_DATA)
    return rows


def _known(numbers: Float[np.ndarray, "n columns"], where: Path | str, cure: str) -> None:
    if not np.isfinite(numbers).all():
        raise state_files.Damaged(where, "a number is missing", cure)


def _prepared(rows: pa.Table, section: Preprocess) -> pa.Table:
    """Pictures at the network's size with their quality statistics, made as the graph makes them."""
    encoded, measured = [], []
    for row in rows.select(["id", "image"]).to_pylist():
        height, width = dataset.decode(row["image"]).shape[:2]
        picture, statistics = preprocess_image(row["image"], width, height, section, row["id"])
        encoded.append(picture)
        measured.append(statistics)  # in the order of QUALITY
    rows = rows.set_column(rows.schema.get_field_index("image"), "image", pa.array(encoded, pa.binary()))
    for name, values in zip(QUALITY, np.array(measured, np.float32).reshape(-1, len(QUALITY)).T, strict=True):
        rows = rows.append_column(name, pa.array(values))
    return rows


def _rescored(
    scores: Float[np.ndarray, "n classes"], models: list[str], images: dataset.Images, version: ModelVersion
) -> Float[np.ndarray, "n classes"]:
    others = np.flatnonzero(np.array(models) != version.sha256)
    if len(others):
        scores = scores.copy()
        scores[others] = PhoneModel(version.model).predict(images.take(others))[0]
    return scores


def _columns(rows: pa.Table, names: Sequence[str]) -> Float[np.ndarray, "n columns"]:
    return np.stack([rows[name].to_numpy() for name in names], axis=1)


def _hot(rows: pa.Table) -> UInt8[np.ndarray, "n classes"]:
    return np.stack([multi_hot(names) for names in rows["labels"].to_pylist()])
