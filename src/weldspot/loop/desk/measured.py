"""What the production model says of the corrections that wait, and what they look like: measured once, kept."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from jaxtyping import Float, Int

from weldspot.config.parameters import Params
from weldspot.images import dataset
from weldspot.images.preprocessing import preprocess_image
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.loop.drift import reading
from weldspot.loop.influence import copies, known
from weldspot.loop.review.waiting import Correction, photograph
from weldspot.model.export.phone_model import PhoneModel
from weldspot.registry import versions
from weldspot.registry.model_registry import PRODUCTION, STAGING, ModelRegistry
from weldspot.runtime import atomic
from weldspot.runtime.tensorflow_import import import_tensorflow
from weldspot.runtime.terminal.progress import Progress

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_LIKE = 3  # reference photographs that are shown beside a correction


@dataclass(frozen=True)
class Measured:
    """Of the corrections `keys`, in order; empty before anything was measured.

    `version`, `classes`: the model that gave `scores`, and the class of each column. `heat`: where it sees the class on
    which it and the welder differ most. `novelty`: how far it looks from the nearest reference photograph, 1 is what
    half of those have to the next. `first`: the position of the first near-copy. `like`: the ids of the three reference
    photographs that show most alike things; `copied`: the id of the known photograph that it is a near-copy of, or "".
    """

    keys: list[str]
    version: str
    classes: list[str]
    scores: Float[np.ndarray, "n classes"]
    heat: Float[np.ndarray, "n rows columns"]
    novelty: Float[np.ndarray, " n"]
    first: Int[np.ndarray, " n"]
    like: list[list[str]]
    copied: list[str]


def read(workspace: "Workspace") -> Measured | None:
    """What was measured last; None where nothing was, or nothing that can be read: it is measured anew."""
    try:
        with np.load(io.BytesIO(workspace.desk.read_bytes()), allow_pickle=False) as file:
            texts = file["keys"].tolist(), str(file["version"]), file["classes"].tolist()
            numbers = file["scores"], file["heat"], file["novelty"], file["first"]
            return Measured(*texts, *numbers, file["like"].tolist(), file["copied"].tolist())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def measure(workspace: "Workspace", params: Params, corrections: Sequence[Correction]) -> Measured:
    """Measures them with production, or staging before there is one, and keeps that in .weldspot/.

    Raises:
        WeldspotError: there is no model, or a batch is damaged.
    """
    registry = ModelRegistry(workspace, params.tracking)
    alias = PRODUCTION if PRODUCTION in registry.aliases() else STAGING
    with tempfile.TemporaryDirectory() as folder:
        version = versions.fetch(registry, alias, Path(folder))
        section, classes = version.preprocess(params.preprocess), version.manifest.class_list()
        encoded, prints = [], []
        for one in Progress(corrections, desc="review: reading", unit="photograph", leave=False):
            data = photograph(one)
            rgb = dataset.decode(data)
            encoded.append(preprocess_image(data, rgb.shape[1], rgb.shape[0], section, one.key)[0])
            prints.append(fingerprint(rgb))
        labels = classes.hot_rows([classes.canonical(name) or "" for name in one.labels] for one in corrections)
        names = [one.key for one in corrections]
        images = dataset.Images(
            classes,
            names,
            np.zeros(len(names), int),
            labels,
            np.array(names),
            pa.chunked_array([pa.array(encoded, pa.binary())]),
        )
        scores, heat = _seen(PhoneModel(version.model), images)
        novelty, like = _likeness(version, images)
    old = known.read(workspace)
    table = np.array(prints, np.float32).reshape(-1, 1024)
    where, apart = copies.nearest(table, old.prints)
    near = apart < params.ingest.near_duplicate
    copied = [old.ids[i] if there else "" for i, there in zip(where.tolist(), near.tolist(), strict=True)]
    first = copies.sets(table, params.ingest.near_duplicate) if len(table) else np.zeros(0, int)
    found = Measured(names, version.version, list(classes.names), scores, heat, novelty, first, like, copied)
    buffer = io.BytesIO()
    texts = {
        "keys": np.array(names, str),
        "version": np.array(version.version),
        "classes": np.array(classes.names, str),
    }
    numbers = {name: getattr(found, name) for name in ("scores", "heat", "novelty", "first")}
    likes = {"like": np.array(like, str), "copied": np.array(copied, str)}
    np.savez(buffer, allow_pickle=False, **texts, **numbers, **likes)
    atomic.write_bytes(workspace.desk, buffer.getbuffer())
    return found


def _seen(
    model: PhoneModel, images: dataset.Images
) -> tuple[Float[np.ndarray, "n classes"], Float[np.ndarray, "n rows columns"]]:
    scores, heat = np.zeros((len(images), len(images.classes)), np.float32), []
    for row in range(len(images)):
        scores[row], maps = model(images.decode(np.array([row]))[0])
        heat.append(maps[..., int(np.abs(images.labels[row] - scores[row]).argmax())])
    return scores, np.array(heat, np.float32) if heat else np.zeros((0, 1, 1), np.float32)


def _likeness(
    version: versions.ModelVersion, images: dataset.Images
) -> tuple[Float[np.ndarray, " n"], list[list[str]]]:
    """How far the nearest reference photograph looks, in units of what that is between those; the nearest ones' ids."""
    if not len(images):
        return np.zeros(0, np.float32), []
    import_tensorflow()
    from weldspot.model.network.embedding import embed

    sample, components = reading.reference(version)
    own = _apart(sample.embeddings, sample.embeddings)
    np.fill_diagonal(own, np.inf)
    apart = _apart(components(embed(images)), sample.embeddings)
    rows = version.table(version.reference, ["id", "source"]).to_pylist()
    ids = np.array([row["id"] for row in rows if row["source"] != "crop"])
    nearest: list[list[str]] = ids[np.argsort(apart, axis=1)[:, :_LIKE]].tolist()
    return apart.min(1) / max(float(np.median(own.min(1))), 1e-6), nearest


def _apart(
    rows: Float[np.ndarray, "n components"], others: Float[np.ndarray, "m components"]
) -> Float[np.ndarray, "n m"]:
    squares = (rows**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * rows @ others.T
    found: Float[np.ndarray, "n m"] = np.sqrt(np.maximum(squares, 0))
    return found
