"""What the gate and the admission make of attacks, without the bounds on influence and with them.

python benchmarks/attacks.py judges with the model of this checkout (its production, else staging), on rendered
photographs; `--quick` renders fewer and resamples less. Nothing is written into data/.
"""

import argparse
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from weldspot.config import parameters
from weldspot.config.parameters import Params
from weldspot.contracts.verdict import JudgedModel, Verdict
from weldspot.images import codec
from weldspot.labels import ClassList
from weldspot.loop.drift import calibration, reading, standing
from weldspot.loop.drift.gate import class_thresholds
from weldspot.loop.drift.judging import Case, judge, too_few
from weldspot.loop.drift.sample import Sample
from weldspot.loop.feedback import feedback_batches, senders
from weldspot.loop.feedback.feedback_batches import Corrected
from weldspot.loop.feedback.upload_metadata import Upload, parse
from weldspot.loop.influence import known
from weldspot.loop.influence.fair import Copies
from weldspot.loop.influence.known import Known
from weldspot.loop.review.policy import fates
from weldspot.loop.simulation import shifts
from weldspot.registry import versions
from weldspot.registry.model_registry import PRODUCTION, STAGING, ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.processes import map_shards
from weldspot.runtime.tensorflow_import import import_tensorflow
from weldspot.workspace import Workspace

SEED, SIDE, BLOCK = 440_001, 320, 20
RATE = 0.01  # of false alarms: more than a verdict has by loop.gate.false_alarm_years, so the attacker has it easier
CASE = Case(at="", model=JudgedModel(version="", sha256=""), batches=[], images=0)
NOTHING = Known(np.zeros((0, 1024), np.float16), [], [], [], [])
Picture = tuple[bytes, list[str]]


@dataclass(frozen=True)
class World:
    """What attacks are made of, and what they are judged with."""

    version: ModelVersion
    params: Params
    classes: ClassList
    known: Known
    reference: Sample
    components: reading.Components
    pictures: list[Picture]
    folder: Path

    def sent(self, picture: Picture, uploader: str, labels: list[str] | None = None, lie: bool = False) -> Corrected:
        """One upload over the network; a lie claims scores that are the opposite of its labels."""
        said = self.classes.in_order(labels or picture[1])
        scores = [float((name in said) != lie) for name in self.classes.names]
        metadata = {
            "labels": ",".join(said), "scores": ",".join(map(str, scores)), "model": self.version.sha256,
            "classes": ",".join(self.classes.names), "taken": "2026-11-20T10:00:00+00:00", "device": "lies" * lie,
        }  # fmt: skip
        name = f"feedback/{uploader}/{uuid.uuid4()}.jpg"
        upload: Upload = parse(name, metadata, lambda _: self.classes)
        return Corrected(name, picture[0], upload, "network")


def honest(world: World) -> list[Corrected]:
    """200 ordinary photographs of ten welders, and what the phone really says is made anew anyway."""
    return [world.sent(picture, f"welder-{k % 10}") for k, picture in enumerate(world.pictures[:200])]


def lies(world: World) -> list[Corrected]:
    return [world.sent(picture, "mallory", lie=True) for picture in world.pictures[200:260]]


def copies(world: World) -> list[Corrected]:
    return [world.sent(world.pictures[200], "mallory", lie=True) for _ in range(60)]


def noise(world: World) -> list[Corrected]:
    rng, good = np.random.default_rng(1), _good(world)
    return [
        world.sent((codec.encode(rng.integers(0, 256, (96, 96, 3)).astype(np.uint8)), []), "mallory", [good])
        for _ in range(200)
    ]


def known_as_good(world: World) -> list[Corrected]:
    good, found = _good(world), []
    for shard in sorted(set(world.known.shards)):
        for row in pq.read_table(shard, columns=["image", "source"]).to_pylist():
            if row["source"] != "crop":
                found.append(world.sent((row["image"], []), "mallory", [good]))
    return found


def many(world: World) -> list[Corrected]:
    """A thousand senders with three wrong labels each."""
    names, pool = world.classes.names, world.pictures[260:]
    found = []
    for k in range(1000):
        for shift in range(3):
            picture = pool[(k + shift) % len(pool)]
            other = next(name for name in names if name not in picture[1] and name != world.classes.background)
            found.append(world.sent(picture, f"sybil-{k}", [other]))
    return found


ATTACKS: dict[str, Callable[[World], list[Corrected]]] = {
    "no attack": lambda _: [],
    "60 lies by one uploader": lies,
    "60 copies under 60 ids": copies,
    "200 of noise labelled good": noise,
    "every known photograph labelled good": known_as_good,
    "1,000 uploaders with 3 lies each": many,
}


def verdict(world: World, batches: list[Path], bounded: bool) -> Verdict:
    """As `weldspot gate` judges; unbounded: scores as they were sent, copies and uploaders without a limit."""
    gate = world.params.loop.gate
    gate = gate if bounded else gate.model_copy(update={"max_share": 1.0})
    near = Copies(world.known, world.params.ingest.near_duplicate) if bounded else Copies(NOTHING, 0.0)
    positions = reading.waiting(batches, world.version).positions
    prepared = world.version.preprocess(world.params.preprocess)
    found = reading.feedback(batches, positions, world.version, prepared, world.components, gate, near)
    sample = found.sample
    if len(sample) < gate.min_images:
        return too_few(CASE, gate, counted=len(sample), notes=found.notes)
    if not bounded:
        rows = [row for path in batches for row in pq.read_table(path, columns=["id", "scores", "device"]).to_pylist()]
        lies_of = {row["id"]: row["scores"] for row in rows if row["device"]}  # others say what the model says
        pairs = zip(found.images.ids, sample.scores, strict=True)
        claimed = np.array([lies_of.get(name, given) for name, given in pairs], np.float32)
        sample = Sample(sample.classes, sample.quality, claimed, sample.labels, sample.embeddings, sample.groups)
    thresholds = class_thresholds(world.version)
    limits = calibration.calibrate(world.reference, len(sample), thresholds, gate, RATE)
    said = judge(CASE, world.reference, sample, thresholds, limits, gate)
    if bounded:
        said = standing.without_any_one(said, world.reference, sample, found.senders, thresholds, limits, gate)
    return said.model_copy(update={"judged": len(sample)})


def admitted(world: World, batches: list[Path], said: Verdict, mode: str) -> int:
    """Photographs of attackers that this verdict lets into the training data."""
    if said.outcome != "drift":
        return 0
    waiting = [one for path in batches for one in senders.of_batch(path)]
    found = fates(mode, waiting, {}, world.params.loop.review, {})  # type: ignore[arg-type]
    return sum(
        fate == "admit" and not one.uploader.startswith("welder") for one, fate in zip(waiting, found, strict=True)
    )


def rendered(block: int, classes: ClassList) -> list[Picture]:
    """Twenty ordinary photographs."""
    taken = (
        shifts.photograph(SEED, index, "none", SIDE, classes) for index in range(block * BLOCK, (block + 1) * BLOCK)
    )
    return [(codec.encode(one[0]), one[1]) for one in taken if one is not None]


def _good(world: World) -> str:
    return next(shown.name for shown in world.version.manifest.classes if shown.good)


def _parts(sent: list[Corrected], folder: Path) -> Iterator[Path]:
    workspace = Workspace(folder)
    for start in range(0, len(sent), 1000):
        yield feedback_batches.write(workspace, sent[start : start + 1000])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="attacks whose name has this in it")
    parser.add_argument("--quick", action="store_true", help="600 photographs and 200 resamples")
    options = parser.parse_args()
    quick = options.quick
    import_tensorflow()
    workspace = Workspace(Path())
    params = parameters.load(workspace.params)
    if quick:
        gate = params.loop.gate.model_copy(update={"resamples": 200})
        params = params.model_copy(update={"loop": params.loop.model_copy(update={"gate": gate})})
    registry = ModelRegistry(workspace, params.tracking)
    with tempfile.TemporaryDirectory() as folder:
        alias = PRODUCTION if PRODUCTION in registry.aliases() else STAGING
        version = versions.fetch(registry, alias, Path(folder))
        classes = version.manifest.class_list()
        blocks = list(range((600 if quick else 1300) // BLOCK))
        parts = map_shards(partial(rendered, classes=classes), blocks, "render")
        world = World(
            version, params, classes, known.read(workspace), *reading.reference(version),
            [picture for part in parts for picture in part], Path(folder),
        )  # fmt: skip
        print("| attack | beside | without bounds: verdict, admitted | with bounds: verdict, admitted (auto; all) |")
        print("|---|---|---|---|")
        chosen = {name: attack for name, attack in ATTACKS.items() if options.only in name}
        rows = [_row(world, name, attack, beside) for name, attack in chosen.items() for beside in (False, True)]
    return 0 if all(rows) else 1


def _row(world: World, name: str, attack: Callable[[World], list[Corrected]], beside: bool) -> bool:
    """One line of the table; whether the bounds hold."""
    sent = [*attack(world), *(honest(world) if beside else [])]
    if not sent:
        return True
    with tempfile.TemporaryDirectory() as folder:
        batches = sorted(_parts(sent, Path(folder)))
        before, after = verdict(world, batches, False), verdict(world, batches, True)
        lost = len(sent) - (200 if beside else 0) if before.outcome == "drift" else 0
        auto, everything = (admitted(world, batches, after, mode) for mode in ("auto", "all"))
    beside_what = "200 of 10 welders" if beside else "–"
    print(
        f"| {name} | {beside_what} | {before.outcome} ({before.judged} judged), {lost} | "
        f"{after.outcome} ({after.judged or 0} judged), {auto}; {everything} |",
        flush=True,
    )
    alone = "1,000" not in name
    return auto == 0 and everything <= (world.params.loop.review.unreviewed if alone else 10**9)


if __name__ == "__main__":
    sys.exit(main())
