"""How time and memory of every stage grow with the data: n, 4n and 16n photographs, and the fitted exponent.

python benchmarks/growth.py renders samples of 150, 600 and 2,400 photographs in clones of this commit and runs the
graph stage by stage in each; `--images 6000 --stages fetch ingest preprocess` takes an evening. Memory is that of all
processes of the stage together, what they share counted once. Both begin with what any command costs, so an exponent of
1 is the most that a stage may have, and a small one says no more than that the start weighs more.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
import small_project  # noqa: E402

STAGES = ("fetch", "ingest", "preprocess", "augment", "split", "train", "evaluate", "export")
SETTINGS = (
    "source.size=160 preprocess.size=128 augment.variants=2 training.head_epochs=2 training.epochs=1 "
    "evaluate.bootstrap=20 export.calibration_images=16"
)
EVERY = 0.1  # seconds between two looks at the memory
LIMIT = 1.25


class Cost(NamedTuple):
    """Wall time in seconds, and the peak of all processes together in MiB."""

    seconds: float
    mebibytes: float


def cost(project: Path, stage: str) -> Cost:
    """Of one stage in a process of its own; ends the benchmark when it fails."""
    start, peak = time.perf_counter(), 0.0
    log = project / "growth.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["weldspot", "run", stage], cwd=project, env=small_project.environment(), stdin=subprocess.DEVNULL,
            stdout=output, stderr=output,
        )  # fmt: skip
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(EVERY)
    if process.returncode:
        sys.exit(f"benchmarks/growth.py: {stage} ended with {process.returncode}:\n{log.read_text()[-2000:]}")
    return Cost(time.perf_counter() - start, peak / 2**20)


def _memory(pid: int) -> float:
    total = 0.0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:  # it has ended meanwhile
            continue
    return total


def exponent(sizes: list[int], values: list[float]) -> float:
    """The power of n that fits best: the slope of the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def measured(folder: Path, images: int, stages: list[str]) -> dict[str, Cost]:
    """The cost of each stage with a sample of this many photographs."""
    project = folder / str(images)
    small_project.run(small_project.ROOT, "git", "clone", "-q", str(ROOT), str(project))
    small_project.run(project, "dvc", "pull", "--quiet", "data.dvc")
    small_project.run(project, "weldspot", "compose", *SETTINGS.split(), f"source.images={images}")
    found = {}
    for stage in STAGES[: max(STAGES.index(stage) for stage in stages) + 1]:
        found[stage] = cost(project, stage)
        seconds, mebibytes = found[stage]
        print(f"growth: {images:7,} photographs: {stage:<10} {seconds:8.1f} s {mebibytes:8.0f} MiB", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=150)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--stages", nargs="+", default=list(STAGES), choices=STAGES)
    options = parser.parse_args()
    sizes = [options.images * times for times in options.times]
    with tempfile.TemporaryDirectory() as folder:
        found = [measured(Path(folder), images, options.stages) for images in sizes]
    columns = "".join(f"{size:>12,}" for size in sizes)
    print(f"\n  {'photographs':<14}{columns}{'exponent':>10}")
    good = True
    for stage in options.stages:
        seconds, memory = ([float(costs[stage][k]) for costs in found] for k in (0, 1))
        good &= len(sizes) < 2 or exponent(sizes, seconds) <= LIMIT
        for unit, values in (("s", seconds), ("MiB", memory)):
            fitted = f"{exponent(sizes, values):10.2f}" if len(sizes) > 1 else ""
            print(f"  {stage + ', ' + unit:<14}" + "".join(f"{value:12,.1f}" for value in values) + fitted)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
