"""The drift gate measured: false alarms on nothing new, detection of every named shift and how soon, time and memory.

python benchmarks/gate.py judges the model of this checkout: a sample's by new renderings, any other by its own held-out
photographs: resamples of one half for false alarms, the other half under each shift. With WELDSPOT_REAL_DATA, a folder
with the photographs of docs/results.md, a model of those follows: a head on ImageNet features, trained in a clone in a
temporary folder.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypedDict

import cv2
import gate_years
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.config import parameters
from weldspot.config.sections.loop import Gate
from weldspot.config.sections.preprocess import Preprocess
from weldspot.contracts.verdict import JudgedModel
from weldspot.images import codec, dataset, table
from weldspot.images.preprocessing import preprocess_image
from weldspot.labels import ClassList
from weldspot.loop.drift import calibration, reading, standing
from weldspot.loop.drift.gate import class_thresholds
from weldspot.loop.drift.judging import DRIFT, Case, judge
from weldspot.loop.drift.lifetime import budget
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.statistics import PerClass
from weldspot.loop.feedback.feedback_batches import SCHEMA
from weldspot.loop.influence import known
from weldspot.loop.influence.fair import Copies
from weldspot.loop.simulation import shifts
from weldspot.registry import versions
from weldspot.registry.model_registry import PRODUCTION, STAGING, ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards
from weldspot.runtime.tensorflow_import import import_tensorflow
from weldspot.workspace import Workspace

SIZES, POOL = (50, 200, 1000), 1000
SEED = 990_001
REAL_DATA = "WELDSPOT_REAL_DATA"
REAL = {"path": "*.voc.zip", "background": "background.zip"}
HEAD_ONLY = (
    "training.epochs=0", "augment=none", "evaluate.bootstrap=20", "export.checks.max_average_precision_loss=0.1",
)  # fmt: skip


class Stored(TypedDict):
    """Of a photograph in this workspace's table."""

    id: str
    image: bytes
    labels: list[str]


@dataclass(frozen=True)
class Picture:
    """A photograph as the graph prepares it."""

    data: bytes
    labels: list[str]
    statistics: list[float]


def rendered(block: int, shift: shifts.Shift, classes: ClassList, section: Preprocess) -> list[Picture]:
    """Twenty new scenes of the sample, taken under a shift."""
    found = []
    for index in range(block * 20, block * 20 + 20):
        if (taken := shifts.photograph(SEED, index, shift, 320, classes)) is not None:
            found.append(prepared(taken[0], taken[1], section))
    return found


def prepared(rgb: np.ndarray, labels: list[str], section: Preprocess) -> Picture:
    data, statistics = preprocess_image(codec.encode(rgb), rgb.shape[1], rgb.shape[0], section)
    return Picture(data, labels, list(statistics))


def sample_of(pictures: list[Picture], version: ModelVersion, components: reading.Components) -> Sample:
    from weldspot.model.export.phone_model import PhoneModel
    from weldspot.model.network.embedding import embed

    n, classes = len(pictures), version.manifest.class_list()
    labels = classes.hot_rows(p.labels for p in pictures)
    encoded = pa.chunked_array([pa.array([p.data for p in pictures], pa.binary())])
    names = [str(i) for i in range(n)]
    images = dataset.Images(classes, names, np.zeros(n, int), labels, np.array(names), encoded)
    scores = PhoneModel(version.model).predict(images)[0]
    quality = np.array([p.statistics for p in pictures])
    return Sample(classes.names, quality, scores, labels, components(embed(images)), np.arange(n))


def renderings(shift: shifts.Shift, count: int, classes: ClassList, section: Preprocess) -> list[Picture]:
    found: list[Picture] = []
    blocks = range(count // 20 * (4 if shift == "more-porosity" else 1))
    for part in map_shards(
        partial(rendered, shift=shift, classes=classes, section=section), list(blocks), f"render {shift}"
    ):
        found += part
    return found[:count]


def possible(classes: ClassList) -> list[shifts.Shift]:
    """The shifts that a list has the classes for; the others are named."""
    found: list[shifts.Shift] = []
    for shift in shifts.SHIFTS:
        try:
            shifts.check(shift, classes)
            found.append(shift)
        except WeldspotError as error:
            print(f"left out: {error}")
    return found


Draw = Callable[[int, np.random.Generator], tuple[Sample, Sample]]  # a reference, and so many to judge by it


CASE = Case(at="", model=JudgedModel(version="", sha256=""), batches=[], images=0)


def rates(
    reference: Sample, null: Draw, pools: dict[str, Sample], thresholds: PerClass, section: Gate, nulls: int
) -> bool:
    """Prints the rates; returns whether all are as they should be."""
    good, rng = True, np.random.default_rng(1)
    rate_of_one = budget.rate([], datetime.now(UTC), section.false_alarm_years)  # of weekly verdicts
    print(f"each verdict may be a false alarm with a chance of {rate_of_one:.2g}")
    limits = {size: calibration.calibrate(reference, size, thresholds, section, rate_of_one) for size in SIZES}

    def rate(draw: Draw, size: int, draws: int) -> float:
        verdicts = (judge(CASE, *draw(size, rng), thresholds, limits[size], section) for _ in range(draws))
        return sum(verdict.outcome == DRIFT for verdict in verdicts) / draws

    for size in SIZES:
        alarms = rate(null, size, nulls)
        good &= alarms <= 0.01
        print(f"n = {size:4}: {alarms:6.1%} false alarms in {nulls} draws (at most 1 %)", flush=True)
    ten = [f"welder-{number % 10}" for number in range(200)]
    for name, pool in pools.items():
        draws = [against(reference, pool)(200, rng) for _ in range(100)]
        said = [judge(CASE, *draw, thresholds, limits[200], section) for draw in draws]
        bounded = [
            standing.without_any_one(verdict, *draw, ten, thresholds, limits[200], section)
            for verdict, draw in zip(said, draws, strict=True)
        ]
        found, stands = (sum(one.outcome == DRIFT for one in verdicts) / 100 for verdicts in (said, bounded))
        good &= stands >= 0.95
        print(f"n =  200: {found:6.1%} of 100 draws of `{name}` found, {stands:.1%} without any one of ten welders too "
              "(at least 95 %)", flush=True)  # fmt: skip
    return good


def lives(reference: Sample, null: Draw, pools: dict[str, Sample], thresholds: PerClass, section: Gate) -> None:
    """Prints how soon each shift is found by weekly verdicts, in all photographs and in some of them."""
    rng, watch = np.random.default_rng(2), gate_years.Watch(reference, thresholds, section)

    def calm(count: int) -> Sample:
        return null(count, rng)[1]

    for name, pool in pools.items():
        for share in gate_years.SHARES:
            batches = gate_years.part(calm, lambda count, pool=pool: pool.draw(count, rng), share)
            week = partial(calm, gate_years.WEEKLY)
            found = [gate_years.delays(watch, section.window, week, batches) for _ in range(10)]
            print(f"`{name}` in {share:.0%} of {gate_years.WEEKLY} photographs a week: found after "
                  f"{gate_years.told(found)}", flush=True)  # fmt: skip


def against(reference: Sample, pool: Sample) -> Draw:
    return lambda size, rng: (reference, pool.draw(size, rng))


def resampled(reference: Sample) -> Draw:
    """Both drawn anew, scene by scene: a half has fewer photographs than the largest batch to be judged."""
    return lambda size, rng: (reference.draw(len(reference), rng), reference.draw(size, rng))


def _half(whole: Sample, rng: np.random.Generator) -> np.ndarray:
    scenes = rng.permutation(np.unique(whole.groups))
    return np.isin(whole.groups, scenes[: len(scenes) // 2])


def million(version: ModelVersion, params: parameters.Params, section: Gate) -> bool:
    """A million feedback rows, judged as `weldspot gate` judges them."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (1000, 8, 8, 3)).astype(np.uint8)  # a thousand pictures: copies of one count once
    pictures = [codec.encode(cv2.resize(one, (96, 96), interpolation=cv2.INTER_CUBIC)) for one in coarse]
    with tempfile.TemporaryDirectory() as folder:
        batches = [Path(folder) / f"{number:04}.parquet" for number in range(1000)]  # of the size that collect writes
        rng = np.random.default_rng(0)
        for number, path in enumerate(batches):
            rows = _rows(rng, 1000 * number, pictures, version)
            pq.write_table(rows, path, use_dictionary=False, row_group_size=64)
        begun = time.perf_counter()
        reference, components = reading.reference(version)
        positions = reading.waiting(batches, version).positions
        copies = Copies(known.read(Workspace(Path())), params.ingest.near_duplicate)
        found = reading.feedback(batches, positions, version, params.preprocess, components, section, copies)
        thresholds = class_thresholds(version)
        limits = calibration.calibrate(reference, len(found.sample), thresholds, section, 0.001)
        judge(CASE, reference, found.sample, thresholds, limits, section)
        seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"1,000,000 rows judged in {seconds:.0f} s with {peak:.2f} GB at most (60 s and 2 GB are allowed)")
    return seconds < 60 and peak < 2


def _rows(rng: np.random.Generator, start: int, pictures: list[bytes], version: ModelVersion) -> pa.Table:
    names, n = version.manifest.labels, len(pictures)
    columns = {"id": [str(start + i) for i in range(n)], "image": pictures}
    columns["labels"] = [[names[i]] for i in rng.integers(len(names), size=n)]
    columns |= {"classes": [names] * n, "scores": list(rng.random((n, len(names))).astype(np.float32))}
    columns |= {"model": [version.sha256] * n, "taken": [datetime.now(UTC)] * n}
    columns |= {name: [""] * n for name in ("device", "uploader", "note", "origin")} | {"via": ["loopback"] * n}
    return pa.table(columns, schema=SCHEMA)


def on_the_sample(version: ModelVersion, params: parameters.Params, section: Gate, nulls: int) -> bool:
    reference, components = reading.reference(version)
    thresholds, classes = class_thresholds(version), version.manifest.class_list()
    pools = {}
    for shift in possible(classes):
        pictures = renderings(shift, POOL if shift == "none" else POOL // 2, classes, params.preprocess)
        pools[shift] = sample_of(pictures, version, components)
    print(f"the sample: {len(reference)} reference photographs; {POOL} new scenes, {POOL // 2} under each shift")
    null = against(reference, pools.pop("none"))
    good = rates(reference, null, pools, thresholds, section, nulls)
    lives(reference, null, pools, thresholds, section)
    return good


def on_the_workspace(
    workspace: Workspace, version: ModelVersion, params: parameters.Params, section: Gate, nulls: int
) -> bool:
    """The held-out photographs of the version in this workspace, one half against the other under each shift."""
    whole, components = reading.reference(version)
    mine = _half(whole, np.random.default_rng(0))
    reference, rows = whole.take(np.flatnonzero(mine)), np.flatnonzero(~mine).tolist()
    thresholds = class_thresholds(version)
    ids = pq.read_table(version.reference, columns=["id", "source"]).to_pylist()
    kept = [row["id"] for row in ids if row["source"] != "crop"]
    wanted = {kept[i] for i in rows}
    stored = {
        row["id"]: row for shard in table.shards(workspace.artifact("preprocess"))
        for row in table.rows(shard, Stored) if row["id"] in wanted
    }  # fmt: skip
    pools = {}
    classes = version.manifest.class_list()
    for shift in possible(classes)[1:]:
        shifted = _shifted(shift, [stored[kept[i]] for i in rows], classes, params)
        pools[shift] = sample_of(shifted, version, components)
        print(f"  {shift}: {len(pools[shift])} photographs")
    print(f"this workspace: {len(reference)} reference photographs, {len(rows)} others under each shift")
    good = rates(reference, resampled(reference), pools, thresholds, section, nulls)
    lives(reference, resampled(reference), pools, thresholds, section)
    return good


def _shifted(shift: shifts.Shift, rows: list[Stored], classes: ClassList, params: parameters.Params) -> list[Picture]:
    found = []
    for number, row in enumerate(rows):
        rng = np.random.default_rng([SEED, number])
        labels = classes.multi_hot(row["labels"])
        if shifts.keep(shift, labels, classes, rng):
            names = classes.shown(shifts.relabel(shift, labels, classes, rng))
            found.append(prepared(shifts.apply(shift, dataset.decode(row["image"]), rng), names, params.preprocess))
    return found


def on_real_photographs(folder: Path, nulls: int) -> bool:
    """The benchmark in a clone whose model is trained on them; stages as always, nothing fine-tuned."""
    found = {key: sorted(folder.resolve().glob(name)) for key, name in REAL.items()}
    if missing := [name for key, name in REAL.items() if not found[key]]:
        sys.exit(f"WELDSPOT_REAL_DATA: no {missing[0]} in {folder}")
    own = [f"source.{key}={paths[0]}" for key, paths in found.items()]
    with tempfile.TemporaryDirectory() as root:
        clone = Path(root) / "real photographs"
        print(f"training on the photographs in {folder}", flush=True)
        subprocess.run(["git", "clone", "--quiet", ".", str(clone)], check=True)
        for command in (
            ["dvc", "pull", "--quiet", "data.dvc"],
            ["weldspot", "compose", "source=folder", *own, *HEAD_ONLY],
            ["dvc", "repro", "--quiet"],
        ):
            subprocess.run(command, cwd=clone, check=True, stdout=subprocess.DEVNULL)
        measured = [sys.executable, str(Path(__file__).resolve()), "--nulls", str(nulls)]
        return subprocess.run(measured, cwd=clone, check=False, env=os.environ | {REAL_DATA: ""}).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--nulls", type=int, default=500)
    parser.add_argument("--million", action="store_true", help="only time and memory of a million rows")
    options = parser.parse_args()
    import_tensorflow()
    workspace = Workspace(Path())
    params = parameters.load(workspace.params)
    section, registry = params.loop.gate, ModelRegistry(workspace, params.tracking)
    with tempfile.TemporaryDirectory() as folder:
        version = versions.fetch(registry, PRODUCTION if PRODUCTION in registry.aliases() else STAGING, Path(folder))
        if options.million:
            return 0 if million(version, params, section) else 1
        sample = params.source.name == "sample"
        if sample:
            good = on_the_sample(version, params, section, options.nulls)
        else:
            good = on_the_workspace(workspace, version, params, section, options.nulls)
    if sample:  # in a process of its own: its memory is what is measured
        good &= subprocess.run([sys.executable, __file__, "--million"], check=False).returncode == 0
    if os.environ.get(REAL_DATA):
        good &= on_real_photographs(Path(os.environ[REAL_DATA]), options.nulls)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
