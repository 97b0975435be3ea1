"""weldspot simulate: feedback as welders with the production model would send it, from rendered photographs."""

import hashlib
import json
import tempfile
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from weldspot.config import parameters
from weldspot.config.sections.preprocess import Preprocess
from weldspot.images import codec, dataset
from weldspot.images.preprocessing import preprocess_image
from weldspot.labels import ClassList
from weldspot.loop.feedback import feedback_batches, spool
from weldspot.loop.feedback.collect import Collected, collect
from weldspot.loop.feedback.spool import Spool
from weldspot.loop.simulation import shifts
from weldspot.model.export.phone_model import PhoneModel
from weldspot.registry import versions
from weldspot.registry.model_registry import PRODUCTION, STAGING, ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

UPLOADER = "simulated"
_BLOCK, _SIZE = 20, 320
_FRUITLESS = 10  # blocks without a photograph: there will be none


@dataclass(frozen=True)
class Photo:
    """JPEG bytes, the welder's labels, and the picture as the phone's model sees it (JPEG at the network's size)."""

    index: int
    data: bytes
    labels: list[str]
    seen: bytes


def simulate(workspace: "Workspace", shift: shifts.Shift, count: int, seed: int | None) -> Collected:
    """Puts `count` uploads into the spool as `weldspot serve` would, and collects them.

    Without a seed the photographs are others than those of any earlier call. Scores are the production model's, or
    staging's before there is one.

    Raises:
        WeldspotError: the classes of this project are not those that the shift, or the renderer, knows.
    """
    params = parameters.load(workspace.params)
    registry = ModelRegistry(workspace, params.tracking)
    chosen = _fresh_seed(workspace) if seed is None else seed
    with tempfile.TemporaryDirectory() as folder:
        alias = PRODUCTION if PRODUCTION in registry.aliases() else STAGING
        version = versions.fetch(registry, alias, Path(folder))
        classes = version.manifest.class_list()
        shifts.check(shift, classes)
        photos = _photographs(shift, count, chosen, classes, version.preprocess(params.preprocess))
        _send(workspace, photos, version, chosen)
    print(f"simulate: {len(photos)} uploads ({shift}, seed {chosen}), scored by version {version.version} ({alias})")
    return collect(workspace, Spool(workspace.spool))


def _fresh_seed(workspace: "Workspace") -> int:
    """Changes with what is here already; never the training sample's, which are small numbers."""
    names = "\n".join(sorted(feedback_batches.known(workspace) | set(Spool(workspace.spool).names())))
    return 1_000_000 + int(hashlib.sha256(names.encode()).hexdigest()[:8], 16)


def _photographs(shift: shifts.Shift, count: int, seed: int, classes: ClassList, section: Preprocess) -> list[Photo]:
    """The first `count` that are taken; blocks are rendered until there are as many, whatever the number of workers."""
    found: list[Photo] = []
    block = 0
    while len(found) < count:
        more = range(block, block + max(1, -(-(count - len(found)) // _BLOCK)))
        render = partial(_render, shift=shift, seed=seed, classes=classes, section=section)
        for part in map_shards(render, list(more), "simulate", f"block of {_BLOCK}"):
            found += part
        block = more.stop
        if not found and block >= _FRUITLESS:
            raise WeldspotError(
                f"simulate: none of {block * _BLOCK} rendered photographs shows one of the classes "
                f"{', '.join(classes.names)}; send real ones through `weldspot serve`"
            )
    return found[:count]


def _render(block: int, shift: shifts.Shift, seed: int, classes: ClassList, section: Preprocess) -> list[Photo]:
    photos = []
    for index in range(block * _BLOCK, (block + 1) * _BLOCK):
        taken = shifts.photograph(seed, index, shift, _SIZE, classes)
        if taken is not None:
            data = codec.encode(taken[0])
            seen, _ = preprocess_image(data, _SIZE, _SIZE, section)
            photos.append(Photo(index, data, taken[1], seen))
    return photos


def _send(workspace: "Workspace", photos: list[Photo], version: ModelVersion, seed: int) -> None:
    phone = PhoneModel(version.model)
    taken = datetime.now(UTC).isoformat(timespec="milliseconds")
    for photo in photos:
        scores = phone(dataset.decode(photo.seen))[0]
        metadata = {
            "labels": ",".join(photo.labels),
            "scores": ",".join(f"{score:.6f}" for score in np.clip(scores, 0, 1)),
            "classes": ",".join(version.manifest.labels),
            "model": version.sha256,
            "taken": taken,
            "device": "weldspot simulate",
        }
        unique = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps([seed, photo.index, hashlib.sha256(photo.data).hexdigest()]))
        spool.put(workspace.spool, f"feedback/{UPLOADER}/{unique}.jpg", photo.data, metadata, "loopback")
