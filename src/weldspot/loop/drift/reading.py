"""Reads the two samples: the reference of a version, and the waiting batches as that version sees them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float, Int

from weldspot.config.sections.loop import Gate
from weldspot.config.sections.preprocess import Preprocess
from weldspot.images import dataset
from weldspot.images.preprocessing import preprocess_image
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.table import QUALITY
from weldspot.loop.drift import comparable
from weldspot.loop.drift.embedding_drift import Components
from weldspot.loop.drift.sample import Sample
from weldspot.loop.feedback import feedback_batches, senders
from weldspot.loop.influence import caps, claims, fair
from weldspot.loop.influence.fair import Copies
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
    classes = version.manifest.class_list()
    rows = version.table(version.reference, ["source", "embedding", "group", "labels", *QUALITY, *classes.names])
    rows = rows.filter(pc.not_equal(rows["source"], "crop"))
    if len(rows) < 20:
        raise WeldspotError(f"version {version.version}: {len(rows)} reference photographs are too few to judge by")
    embeddings = np.stack(rows["embedding"].to_numpy(zero_copy_only=False)).astype(np.float32)
    _known(_columns(rows, [*QUALITY, *classes.names]), f"version {version.version}: reference.parquet", versions.CURE)
    _known(embeddings, f"version {version.version}: reference.parquet", versions.CURE)
    _, groups = np.unique(rows["group"].to_numpy(zero_copy_only=False), return_inverse=True)
    components = Components(embeddings)
    scores, labels = _columns(rows, classes.names), classes.hot_rows(rows["labels"].to_pylist())
    return Sample(classes.names, _columns(rows, QUALITY), scores, labels, components(embeddings), groups), components


@dataclass(frozen=True)
class Feedback:
    """The judged photographs: `sample` of those that count, `images` their pixels as the graph prepares them.

    `senders`: whose influence is bounded, of each ("" is nobody's); `notes`: what does not count and why, what phones
    claimed of the model that it does not say.
    """

    sample: Sample
    images: dataset.Images
    senders: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """What can be judged of the batches: positions among all their photographs; `left_out`: why not → how many."""

    positions: Int[np.ndarray, " n"]
    left_out: Counter[str]


def waiting(batches: Sequence[Path], version: ModelVersion) -> Waiting:
    """Which photographs were labelled with a list that the version can be held against."""
    usable, left_out = comparable.comparable(batches, version.manifest.class_list())
    return Waiting(np.flatnonzero(usable), left_out)


def feedback(
    batches: Sequence[Path],
    positions: Int[np.ndarray, " n"],
    version: ModelVersion,
    section: Preprocess,
    components: Components,
    gate: Gate,
    copies: Copies,
) -> Feedback:
    """Of the photographs at these positions `gate.max_images` at most, drawn evenly; scores are made anew with this
    model, whatever was sent. One uploader has its share at most, copies count once (`fair`).
    """
    import_tensorflow()
    from weldspot.model.network.embedding import embed

    classes = version.manifest.class_list()
    who = np.array(senders.counts_as(batches), object)[positions]
    within = caps.capped(who.tolist(), gate.max_share, gate.min_images, gate.seed)
    drawn = within[np.sort(np.random.default_rng(gate.seed).permutation(len(within))[: gate.max_images])]
    chosen = positions[drawn]
    parts = [
        _prepared(rows, section)
        for rows in Progress(_drawn(batches, chosen), desc="gate: reading", unit="part", leave=False)
    ]
    rows, prints = pa.concat_tables([part for part, _ in parts]), np.concatenate([print_ for _, print_ in parts])
    labels = classes.hot_rows([classes.canonical(name) or "" for name in said] for said in rows["labels"].to_pylist())
    kept, notes = fair.counted(prints, labels, who[drawn].tolist(), copies, classes, gate)
    notes += fair.over_the_share(who.tolist(), len(who) - len(within), gate)
    rows, labels, found = rows.take(pa.array(kept)), labels[kept], tuple(who[drawn][kept].tolist())
    ids = rows["id"].to_pylist()
    images = dataset.Images(classes, ids, np.zeros(len(rows), int), labels, np.array(ids), rows["image"])
    if not len(images):  # all of them are copies of what the model was made with
        none = np.zeros((0, len(classes)), np.float32)
        empty = Sample(classes.names, _columns(rows, QUALITY), none, labels, none, np.arange(0))
        return Feedback(empty, images, found, tuple(notes))
    quality, seen = _columns(rows, QUALITY), components(embed(images))
    scores = PhoneModel(version.model).predict(images)[0]
    sample = Sample(classes.names, quality, scores, labels, seen, np.arange(len(rows)))
    sample = _of_numbers(sample, f"version {version.version}: what it makes of the feedback")
    said = _claims(rows, scores, version, found).sentence()
    return Feedback(sample, images, found, (*notes, *filter(None, [said])))


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
    start = 0
    for path in batches:
        file = feedback_batches.opened(path, ["id", "image", "labels", "model"])
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            inside = chosen[np.searchsorted(chosen, start) : np.searchsorted(chosen, start + size)] - start
            if len(inside):
                yield feedback_batches.scored(file, group, path).take(pa.array(inside))
            start += size


def _known(numbers: Float[np.ndarray, "n columns"], where: Path | str, cure: str) -> None:
    if not np.isfinite(numbers).all():
        raise state_files.Damaged(where, "a number is missing", cure)


def _prepared(rows: pa.Table, section: Preprocess) -> tuple[pa.Table, Float[np.ndarray, "n 1024"]]:
    """Pictures at the network's size with their quality statistics, made as the graph makes them; and fingerprints."""
    encoded, measured, prints = [], [], []
    for row in rows.select(["id", "image"]).to_pylist():
        rgb = dataset.decode(row["image"])
        picture, statistics = preprocess_image(row["image"], rgb.shape[1], rgb.shape[0], section, row["id"])
        encoded.append(picture)
        measured.append(statistics)  # in the order of QUALITY
        prints.append(fingerprint(rgb))
    rows = rows.set_column(rows.schema.get_field_index("image"), "image", pa.array(encoded, pa.binary()))
    for name, values in zip(QUALITY, np.array(measured, np.float32).reshape(-1, len(QUALITY)).T, strict=True):
        rows = rows.append_column(name, pa.array(values))
    return rows, np.array(prints)


def _claims(
    rows: pa.Table, scores: Float[np.ndarray, "n classes"], version: ModelVersion, uploaders: Sequence[str]
) -> claims.Claims:
    """What came with the photographs as this very model's scores, in its own list, beside what it gives them."""
    names = version.manifest.labels
    sent = zip(rows["model"].to_pylist(), rows["classes"].to_pylist(), strict=True)
    same = np.array([model == version.sha256 and classes == names for model, classes in sent], bool)
    return claims.compared(rows["scores"].to_pylist(), scores, same, uploaders)


def _columns(rows: pa.Table, names: Sequence[str]) -> Float[np.ndarray, "n columns"]:
    return np.stack([rows[name].to_numpy() for name in names], axis=1)
