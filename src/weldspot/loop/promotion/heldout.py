"""The photographs on which two versions may be compared: those that neither has learnt from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool, Float, Int, Shaped

from weldspot.images import dataset, filters, table
from weldspot.images.feed import Feed
from weldspot.model.evaluation.scores import terciles
from weldspot.model.export.phone_model import PhoneModel
from weldspot.registry import versions
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


_MEMBERSHIP = ("id", "group", "split")
_AT_A_TIME = 32  # photographs that are scored


@dataclass(frozen=True)
class HeldOut:
    """`feedback`: the photographs that welders sent; `newest`: those of them that came after production.

    `slicings`: of each way to part them, the part that each photograph is in.
    """

    images: dataset.Images
    feedback: Bool[np.ndarray, " n"]
    newest: Bool[np.ndarray, " n"]
    slicings: dict[str, Shaped[np.ndarray, " n"]]

    def slices(self, images: int, scenes: int) -> Iterator[tuple[str, Int[np.ndarray, " some"]]]:
        """Name ("brightness=low") and rows of each slice that has photographs and scenes enough, and is not all."""
        for slicing, parts in self.slicings.items():
            for part in np.unique(parts):
                rows = np.flatnonzero(parts == part)
                if images <= len(rows) < len(parts) and len(np.unique(self.images.groups[rows])) >= scenes:
                    yield f"{slicing}={part}", rows


class _Row(TypedDict):
    id: str
    image: bytes
    labels: list[str]
    group: str
    source: str
    name: str
    brightness: float
    sharpness: float


def common(workspace: "Workspace", challenger: ModelVersion, production: ModelVersion | None) -> HeldOut:
    """The challenger's test originals, without the scenes that production was trained or tuned on.

    Raises:
        WeldspotError: the workspace does not hold the challenger's photographs.
    """
    mine = challenger.table(challenger.membership, _MEMBERSHIP)
    test = mine.filter(pc.equal(mine["split"], "test"))
    kept = set(test["id"].to_pylist())
    if production is not None:
        kept -= _learnt_from(mine, production)
    preprocessed = workspace.artifact("preprocess")
    rows = _rows(preprocessed, kept)
    if len(rows) < len(kept):
        raise WeldspotError(
            f"version {challenger.version}: {len(kept) - len(rows)} of its {len(kept)} held-out photographs are not in "
            f"{preprocessed}; get them with `dvc repro` (or `dvc pull`) at the commit that made it"
        )
    ids = [row["id"] for row in rows]
    classes = challenger.manifest.class_list()
    images = dataset.Images(
        classes,
        ids,
        np.zeros(len(ids), int),
        classes.hot_rows(row["labels"] for row in rows),
        np.array([row["group"] for row in rows]),
        _encoded(rows),
    )
    feedback = np.array([row["source"] == "feedback" for row in rows], bool)
    older = set() if production is None else set(production.table(production.membership, ["id"])["id"].to_pylist())
    newest = feedback & np.array([i not in older for i in ids], bool)
    return HeldOut(images, feedback, newest, _slicings(rows))


def _slicings(rows: list[_Row]) -> dict[str, Shaped[np.ndarray, " n"]]:
    """By where they are from (a welder's own name where one sent them), and by thirds of light and of blur."""
    uploaders = [PurePosixPath(row["name"]).parent.name if row["source"] == "feedback" else "" for row in rows]
    thirds = {name: terciles(np.array([row[name] for row in rows])) for name in ("brightness", "sharpness")}
    origins = [uploader or row["source"] for uploader, row in zip(uploaders, rows, strict=True)]
    return {"source": np.array(origins), **thirds}


def _learnt_from(mine: pa.Table, production: ModelVersion) -> set[str]:
    """The ids of every scene of ours that holds a photograph production was trained or tuned on."""
    theirs = production.table(production.membership, _MEMBERSHIP)
    learnt = theirs.filter(pc.not_equal(theirs["split"], "test"))["id"]
    groups = mine.filter(pc.is_in(mine["id"], learnt))["group"]
    return set(mine.filter(pc.is_in(mine["group"], groups.combine_chunks()))["id"].to_pylist())


def _rows(preprocessed: Path, ids: set[str]) -> list[_Row]:
    found = (row for shard in table.shards(preprocessed) for row in table.rows(shard, _Row))
    return [row for row in found if row["id"] in ids]


def _encoded(rows: list[_Row]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array([row["image"] for row in rows], pa.binary())])


def _refuse_contradictions(version: ModelVersion, phone: PhoneModel) -> None:
    """Raises WeldspotError where the manifest, by which phones use the file, says something else than the file."""
    said, own = version.manifest.input, phone.input_spec()
    kept = {
        "input": (
            (said.shape, said.dtype, said.scale, said.zero_point),
            (own.shape, own.dtype, own.scale, own.zero_point),
        ),
        "number of labels": (len(version.manifest.labels), phone.classes()),
        "labels with a threshold": (sorted(version.manifest.thresholds), sorted(version.manifest.labels)),
    }
    if wrong := [f"{name} {a} and not {b}" for name, (a, b) in kept.items() if a != b]:
        raise WeldspotError(
            f"version {version.version}: its manifest contradicts its model: {wrong[0]}; {versions.CURE}"
        )


def score(version: ModelVersion, images: dataset.Images) -> Float[np.ndarray, "n classes"]:
    """Probabilities (float32) of a version's file in the TFLite runtime; pictures are resized to its own size."""
    phone = PhoneModel(version.model)
    _refuse_contradictions(version, phone)
    side = phone.input_spec().side
    with Feed(images, np.arange(len(images)), _AT_A_TIME) as feed:
        answers = [phone(filters.resize(image, (side, side)))[0] for pictures in feed for image in pictures]
    return np.array(answers, np.float32).reshape(len(images), len(version.manifest.labels))
