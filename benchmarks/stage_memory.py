"""Peak memory of the stages over many photographs, all processes of a stage together: exit status 1 beyond 3 GB.

python benchmarks/stage_memory.py [photographs]    100,000 of smooth noise in class folders, each another, made in
seconds where rendering so many welds takes an hour; their fingerprints are as far apart as those of strangers.
"""

import sys
import tempfile
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import growth
import numpy as np
import small_project

IMAGES, LIMIT, SIDE = 100_000, 3 * 2**10, 160  # MiB; pixels
STAGES = ("fetch", "ingest", "preprocess", "augment", "split")
SETTINGS = "source=folder preprocess.size=128 augment.variants=1"
CLASSES = ("Bad Welding", "Crack", "Excess Reinforcement", "Good Welding", "Porosity", "Splatters")
_AT_ONCE = 1000


def pictures(first: int) -> list[bytes]:
    """JPEGs of smooth noise."""
    found = []
    for seed in range(first, first + _AT_ONCE):
        coarse = np.random.default_rng(seed).integers(0, 256, (10, 10, 3)).astype(np.uint8)
        picture = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        found.append(cv2.imencode(".jpg", picture)[1].tobytes())
    return found


def export(path: Path, images: int) -> None:
    """A zip of class folders with so many of them."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive,
        ProcessPoolExecutor(mp_context=get_context("spawn")) as pool,
    ):
        number = 0
        for batch in pool.map(pictures, range(0, images, _AT_ONCE)):
            for data in batch[: images - number]:
                archive.writestr(f"{CLASSES[number % len(CLASSES)]}/{number:07d}.jpg", data)
                number += 1


def main(images: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        project, source = Path(folder, "project"), Path(folder, "export.zip")
        export(source, images)
        small_project.run(small_project.ROOT, "git", "clone", "-q", str(small_project.ROOT), str(project))
        small_project.run(project, "dvc", "pull", "--quiet", "data.dvc")
        small_project.run(project, "weldspot", "compose", *SETTINGS.split(), f"source.path={source}")
        largest = 0.0
        for stage in STAGES:
            seconds, mebibytes = growth.cost(project, stage)
            largest = max(largest, mebibytes)
            print(f"{stage:<12}{images:>9,} photographs {seconds:8.1f} s {mebibytes:8.0f} MiB", flush=True)
    print(f"largest: {largest:.0f} MiB, {LIMIT} are allowed")
    return 0 if largest <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else IMAGES))
