"""Training with the feed against the bare step: does the device that trains wait for pictures?

`python benchmarks/device.py [BATCH [PRECISION]]` (32 float32) names what trains and gives the images/s of
EfficientNet-Lite0 at 240 pixels, turn and turn about: once as `train` does it, pictures decoded from shards by every
core ahead of the step, once with one minibatch that lies in memory given again and again. On a machine with GPUs ask
for a batch that fills them, `python benchmarks/device.py 256 bfloat16`; KERAS_BACKEND=jax asks the other backend.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import training_tables

from weldspot.images import dataset
from weldspot.images.dataset import Images
from weldspot.images.feed import Feed
from weldspot.labels import ClassList
from weldspot.runtime.processes import workers
from weldspot.runtime.tensorflow_import import import_tensorflow
from weldspot.workspace import Workspace

ROUNDS, SECONDS, TARGET = 5, 8, 0.9
CLASSES = ClassList(("Crack", "Porosity"))


def main(batch: int, precision: str) -> bool:
    import_tensorflow()
    from weldspot.model.network import classifier
    from weldspot.model.training import devices, parallel

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        training_tables.write(workspace, 400, CLASSES.names)
        images = dataset.load(workspace, CLASSES, "train")
        names = devices.names()
        print(
            f"device: {devices.described()} ({len(names)}) by {os.environ['KERAS_BACKEND']}, "
            f"{workers()} threads decode, {batch} a batch, {precision}"
        )
        if (unused := devices.unused()) is not None:
            print(f"device: warning: {unused}", file=sys.stderr)
        with parallel.on(names):
            model = classifier.what(classifier.build("efficientnet_lite0", None, len(CLASSES), "none", 0.2, precision))
            compiled(model, images, batch)
            bare(model, images, batch, 3)  # traced, compiled, its memory found
            steps = max(5, min(2000, int(SECONDS * bare(model, images, batch, 5) / batch)))
            ratios = []
            for turn in range(ROUNDS):
                alone, waited = bare(model, images, batch, steps), [0.0]
                with_feed = fed(model, images, batch, steps, waited)
                ratios.append(with_feed / alone)
                print(
                    f"round {turn + 1}: bare step {alone:.0f} images/s, with the feed {with_feed:.0f} "
                    f"({ratios[-1]:.0%}), which the step waited for {waited[0]:.0%} of the time"
                )
    print(f"median {median(ratios):.1%}, wanted {TARGET:.0%}")
    return median(ratios) >= TARGET


def compiled(model, images: Images, batch: int) -> None:
    """As `train` does it, with the values of `training=quick`."""
    import yaml

    from weldspot.config.sections.training import Training
    from weldspot.model.training.optimizer import compile_model

    values = yaml.safe_load((Path(__file__).parents[1] / "conf/training/quick.yaml").read_text())
    compile_model(model, images, Training.model_validate(values | {"batch_size": batch}))


def bare(model, images: Images, batch: int, steps: int) -> float:
    """Images a second, the same minibatch each time."""
    rows = np.arange(batch) % len(images)
    pair = images.decode(rows), images.labels[rows].astype(np.float32)
    return batch * steps / seconds(model, (pair for _ in range(steps)), steps, batch)


def fed(model, images: Images, batch: int, steps: int, waited: list[float]) -> float:
    """Images a second from the shards; `waited` gets the share of the time for which pictures were waited for."""
    rows = np.random.default_rng(0).permutation(batch * steps) % len(images)

    def pairs(feed: Feed) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for start, pictures in zip(range(0, len(rows), batch), feed, strict=True):
            yield pictures, images.labels[rows[start : start + batch]].astype(np.float32)

    with Feed(images, rows, batch) as feed:
        took = seconds(model, pairs(feed), steps, batch)
        waited[0] = min(feed.waited / took, 1)
    return batch * steps / took


def seconds(model, pairs, steps: int, batch: int) -> float:
    from weldspot.model.training import parallel

    began = time.perf_counter()
    model.fit(parallel.shares(pairs, batch), steps_per_epoch=steps, shuffle=False, verbose=0)
    return time.perf_counter() - began


if __name__ == "__main__":
    import weldspot.model  # noqa: F401  # says which backend

    given = sys.argv[1:]
    sys.exit(0 if main(int(given[0]) if given else 32, given[1] if given[1:] else "float32") else 1)
