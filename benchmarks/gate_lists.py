"""The drift gate with lists of other lengths: false alarms and power do not depend on how many classes there are.

python benchmarks/gate_lists.py 3 7 20 draws worlds without pictures: scenes with common and rare labels, some with
two, a model of the skill that the sample's has, quality statistics and embeddings. Of each of twenty worlds a reference
of 300 scenes and, over and over, batches of nothing new and of something.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from weldspot.config.sections.loop import Gate
from weldspot.contracts.verdict import JudgedModel
from weldspot.loop.drift import calibration
from weldspot.loop.drift.judging import DRIFT, Case, judge
from weldspot.loop.drift.lifetime import budget
from weldspot.loop.drift.sample import Sample

SECTION = Gate(
    min_images=50,
    max_images=1000,
    false_alarm_years=10,
    window=1,
    resamples=500,
    min_effect=0.1,
    min_roc_auc=0.75,
    max_share=0.2,
    seed=0,
)
RATE = budget.rate([], datetime.now(UTC), SECTION.false_alarm_years)  # of weekly verdicts
CASE = Case(at="", model=JudgedModel(version="", sha256=""), batches=[], images=0)
SCENES, SHOTS, SIZE, WORLDS = 300, 3, 200, 20
QUALITY, COMPONENTS = 6, 16
Change = Callable[[Sample, np.random.Generator], Sample]


def world(classes: int, scenes: int, rng: np.random.Generator) -> Sample:
    """Photographs of scenes: those of one scene share what it shows, and are alike."""
    rank = 1 / np.arange(1, classes + 1) ** 0.5  # common ones and rare ones
    first = rng.choice(classes, scenes, p=rank / rank.sum())
    labels = np.eye(classes, dtype=np.uint8)[first]
    both = rng.random(scenes) < 0.2
    labels[both, rng.integers(classes, size=both.sum())] = 1
    shots = rng.integers(1, SHOTS + 1, scenes)
    scene = np.repeat(np.arange(scenes), shots)
    noise = rng.normal(size=(scenes, classes))[scene] * 0.8 + rng.normal(size=(len(scene), classes)) * 0.6
    logits = 7.0 * labels[scene] - 3.5 + noise
    seen = rng.normal(size=(scenes, COMPONENTS))[scene] + 0.3 * rng.normal(size=(len(scene), COMPONENTS))
    return Sample(
        tuple(f"class {number}" for number in range(classes)),
        rng.normal(size=(scenes, QUALITY))[scene] + 0.3 * rng.normal(size=(len(scene), QUALITY)),
        1 / (1 + np.exp(-logits)),
        labels[scene],
        seen.astype(np.float32),
        scene,
    )


def darker(sample: Sample, _: np.random.Generator) -> Sample:
    """One quality statistic has moved."""
    quality = sample.quality.copy()
    quality[:, 0] -= 1.2
    return Sample(sample.classes, quality, sample.scores, sample.labels, sample.embeddings, sample.groups)


def elsewhere(sample: Sample, _: np.random.Generator) -> Sample:
    """Pictures of another place."""
    moved = sample.embeddings + np.float32(0.9)
    return Sample(sample.classes, sample.quality, sample.scores, sample.labels, moved, sample.groups)


def wrong(sample: Sample, rng: np.random.Generator) -> Sample:
    """Two of five photographs are something else than the model says."""
    labels = sample.labels.copy()
    rows = np.flatnonzero(rng.random(len(labels)) < 0.4)
    labels[rows] = np.roll(labels[rows], 1, axis=1)
    return Sample(sample.classes, sample.quality, sample.scores, labels, sample.embeddings, sample.groups)


def commoner(sample: Sample, rng: np.random.Generator) -> Sample:
    """Of what shows something else than the second class four of five are passed by."""
    rows = np.flatnonzero((sample.labels[:, 1] == 1) | (rng.random(len(sample)) < 0.2))
    return sample.take(rows)


CHANGES: dict[str, Change] = {"darker": darker, "elsewhere": elsewhere, "model wrong": wrong, "commoner": commoner}


def measured(classes: int, draws: int) -> bool:
    """Prints the rates for a list of this length; returns whether they are as they should be."""
    rng = np.random.default_rng(classes)
    worlds, good = WORLDS, True
    alarms = 0
    found = dict.fromkeys(CHANGES, 0)
    for _ in range(worlds):  # the rate of one reference, which may be lucky or not, says nothing of the next
        reference, thresholds = world(classes, SCENES, rng), np.full(classes, 0.5)
        limits = calibration.calibrate(reference, SIZE, thresholds, SECTION, RATE)

        def drifts(batch: Sample, reference: Sample = reference, limits: calibration.DriftLimits = limits) -> bool:
            thresholds = np.full(len(reference.classes), 0.5)
            return judge(CASE, reference, batch, thresholds, limits, SECTION).outcome == DRIFT

        pool = world(classes, 20 * SCENES, rng)
        alarms += sum(drifts(pool.draw(SIZE, rng)) for _ in range(draws // worlds))
        for name, change in CHANGES.items():
            changed = change(pool, rng)
            found[name] += sum(drifts(changed.draw(SIZE, rng)) for _ in range(max(1, draws // worlds // 5)))
    count, each = draws // worlds * worlds, max(1, draws // worlds // 5) * worlds
    good &= alarms / count <= 0.02
    print(f"{classes:3} classes: {alarms / count:6.1%} false alarms in {count} batches of {SIZE} (at most 2 %)")
    for name, hits in found.items():
        good &= hits / each >= 0.95
        print(f"{classes:3} classes: {hits / each:6.1%} of {each} batches `{name}` found (at least 95 %)", flush=True)
    return good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("classes", nargs="*", type=int, default=[3, 7, 20])
    parser.add_argument("--draws", type=int, default=400)
    options = parser.parse_args()
    return 0 if min([measured(classes, options.draws) for classes in options.classes]) else 1


if __name__ == "__main__":
    sys.exit(main())
