"""How much memory training takes at 1, 4 and 16 times the sample: it must not grow with the data.

`python benchmarks/train_memory.py` runs the train stage whole, MLflow included, each time in a process of its own, on
tables of few distinct pictures under many ids; `python benchmarks/train_memory.py 28` at 28 times, 100,000 images. The
network is the smallest there is, and of its one epoch forty steps are made: what they take is the same at every size.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import training_tables

from weldspot.config import parameters
from weldspot.config.compose import compose
from weldspot.workspace import Workspace

SCALES, GROWTH, STEPS = (1, 4, 16), 0.2, 40
ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ["training.backbone=mobilenet_025", "training.weights=none", "training.epochs=1", "training.head_epochs=2"]


def train() -> None:
    """In a process of its own, in the folder of the tables: the train stage; prints its seconds and peak MiB."""
    from weldspot.model.training.minibatches import Minibatches
    from weldspot.stages import train

    whole = Minibatches.__len__
    Minibatches.__len__ = lambda self: min(STEPS, whole(self))
    workspace = Workspace(Path())
    start = time.perf_counter()
    train.main(workspace, parameters.load(workspace.params).select(train.Params))
    # the kernel hands a process's peak on to what it executes, so for this process ask for its own memory's
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps([time.perf_counter() - start, int(own.split()[1]) / 1024]))


def measured(folder: Path, scale: int) -> tuple[int, float, float, float]:
    """Images to train on, megabytes of both tables, seconds, peak MiB."""
    workspace = Workspace(folder)
    folder.mkdir()
    # what is not used here is looked for all the same
    there = ["source=folder", f"source.path={ROOT / 'src'}", f"source.background={ROOT / 'conf'}"]
    compose([*SETTINGS, *there], ROOT / "conf", workspace.params)
    names = parameters.load(workspace.params).labels.names
    images = training_tables.write(workspace, scale * training_tables.SAMPLE, tuple(names))
    command = [sys.executable, str(Path(__file__).resolve()), "--train"]
    environment = os.environ | {"TQDM_DISABLE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return images, training_tables.megabytes(workspace), seconds, peak


def main(scales: tuple[int, ...]) -> None:
    print(f"{'times':>6}{'train images':>14}{'tables MB':>12}{'seconds':>10}{'peak MiB':>10}{'of the first':>14}")
    first = None
    for scale in scales:
        with tempfile.TemporaryDirectory() as root:
            images, size, seconds, peak = measured(Path(root) / "tables", scale)
        first = first or peak
        print(f"{scale:>6}{images:>14}{size:>12.0f}{seconds:>10.0f}{peak:>10.0f}{peak / first:>14.0%}", flush=True)
    print(f"wanted: within {GROWTH:.0%} of the first")


if __name__ == "__main__":
    if sys.argv[1:] == ["--train"]:
        train()
    else:
        main(tuple(map(int, sys.argv[1:])) or SCALES)
