"""preprocess and augment: against a Pillow loop, against the bare library calls, and at 1, 4 and 16 times the data.

`python benchmarks/images.py` prints ratios of medians; every round runs the contenders one after the other, so that
they share whatever else the machine is doing. A stage is timed from main() to its end in a fresh process: starting the
workers, reading and writing Parquet are counted; importing Python modules in the parent is not.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypedDict

import cv2
import numpy as np
import pillow_loop
import pyarrow as pa
from bare_calls import Limit

from weldspot.config.sections.augment import Augment, Noise
from weldspot.config.sections.preprocess import Denoise, Preprocess
from weldspot.images.preprocessing import preprocess_image
from weldspot.images.table import (
    INGESTED,
    PREPROCESSED,
    IngestedRow,
    PreprocessedRow,
    Row,
    shard_path,
    write_shard,
    write_shards,
)
from weldspot.runtime.processes import workers
from weldspot.stages import augment, preprocess
from weldspot.workspace import Workspace

SHARD, DISTINCT, ROUNDS = 256, 64, 3
SCALES = {1: 8, 4: 32, 16: 128}  # times the data: shards
PILLOW_IMAGES = 128
OFF = {"median": 0, "gaussian": 0, "bilateral": 0}
PREPROCESS = Preprocess(
    size=256, fit="stretch", jpeg_quality=95, denoise=Denoise(**(OFF | {"median": 3, "gaussian": 3}))
)
AUGMENT = Augment(
    variants=3, seed=0, rotation=20.0, quarter_turns=True, zoom=0.2, flip_horizontal=0.5, flip_vertical=0.5,
    brightness=0.25, contrast=0.25, saturation=0.3, hue=0.03, blur_probability=0.2, blur_sigma=1.5,
    cutout_probability=0.2, cutout_fraction=0.2, jpeg_quality=92,
    noise=Noise(probability=0.3, gaussian=12.0, poisson=1.0, salt_pepper=0.01),
)  # fmt: skip


class Run(TypedDict):
    """One run of a stage: seconds, and the peak memory of the parent and of its largest worker in MiB."""

    seconds: float
    parent: float
    worker: float


@dataclass
class Measured:
    """One value a round: images/s of the two rivals, seconds of a run on an image a process, our runs by scale."""

    pillow: list[float]
    bare: list[float]
    start: list[float]
    runs: dict[int, list["Run"]]


def photograph(seed: int, side: int = 640) -> bytes:
    """A JPEG with the spectrum of a photograph: noise at every scale, the coarser the stronger."""
    rng = np.random.default_rng(seed)
    picture = np.full((side, side, 3), 128, np.float32)
    for scale in (4, 8, 16, 40, 80, 160, 320):
        grain = rng.normal(0, 60 * (4 / scale) ** 0.7, (scale, scale, 3)).astype(np.float32)
        grain = 0.3 * grain + 0.7 * grain.mean(2, keepdims=True)
        picture += cv2.resize(grain, (side, side), interpolation=cv2.INTER_CUBIC)
    picture += rng.normal(0, 3, (side, side, 1)).astype(np.float32)
    return cv2.imencode(".jpg", picture.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def write_inputs(root: Path) -> tuple[list[bytes], list[bytes]]:
    """A folder for each scale, with ingested and preprocessed tables; returns the distinct images of both."""
    photographs = [photograph(seed) for seed in range(DISTINCT)]
    ingested = [_ingested(number, photographs[number % DISTINCT]) for number in range(SHARD)]
    preprocessed = [_preprocessed(row) for row in ingested]
    _write(root, "ingest", ingested, INGESTED)
    _write(root, "preprocess", preprocessed, PREPROCESSED)
    return photographs, [row["image"] for row in preprocessed][:DISTINCT]


def _write(root: Path, stage: str, table: list[Row], schema: pa.Schema) -> None:
    """The table of a stage at every scale, and at one image a process, for the time that a start takes."""
    shard = root / f"{stage}.parquet"
    write_shard(shard, table, schema)
    for scale, count in SCALES.items():
        folder = root / str(scale) / stage / "artifacts" / stage
        folder.mkdir(parents=True)
        for index in range(count):
            os.link(shard, shard_path(folder, index))  # the same shard again and again: no need for the disk
    folder = root / "start" / stage / "artifacts" / stage
    folder.mkdir(parents=True)
    write_shards(folder, table[: workers()], schema, shard_rows=1)


def _ingested(number: int, image: bytes) -> IngestedRow:
    return {
        "id": f"{number:064x}", "image": image, "width": 640, "height": 640, "labels": ["Porosity"], "boxes": [],
        "source": "export", "name": "a.jpg", "group": str(number), "age": 0,
    }  # fmt: skip


def _preprocessed(row: IngestedRow) -> PreprocessedRow:
    image, measured = preprocess_image(row["image"], 640, 640, PREPROCESS)
    return {
        "id": row["id"], "image": image, "labels": row["labels"], "source": row["source"], "name": row["name"],
        "group": str(row["group"]), "age": row["age"], "brightness": measured.brightness, "contrast": measured.contrast,
        "sharpness": measured.sharpness, "colourfulness": measured.colourfulness, "noise": measured.noise,
        "aspect": measured.aspect,
    }  # fmt: skip


def run_stage(stage: str) -> None:
    """In a process of its own, in the folder of a table: runs the stage and prints its seconds and peak memory."""
    workspace = Workspace(Path())
    start = time.perf_counter()
    if stage == "preprocess":
        preprocess.main(workspace, preprocess.Params(preprocess=PREPROCESS))
    else:
        augment.main(workspace, augment.Params(augment=AUGMENT))
    seconds = time.perf_counter() - start
    # the kernel hands a process's peak on to what it executes, so for this process ask for its own memory's
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    workers_peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"seconds": seconds, "parent": int(own.split()[1]) / 1024, "worker": workers_peak / 1024}))


def stage_run(stage: str, folder: Path) -> Run:
    """A run of a stage in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--stage", stage]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: Run = json.loads(done.stdout.splitlines()[-1])
    return found


def pillow_seconds(stage: str, pictures: list[bytes]) -> float:
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for i in range(PILLOW_IMAGES):
        data = pictures[i % len(pictures)]
        if stage == "preprocess":
            pillow_loop.preprocess(data, PREPROCESS)
        else:
            pillow_loop.augment(data, AUGMENT, rng)
    return time.perf_counter() - start


def measure(stage: str, root: Path, pictures: list[bytes], params: Preprocess | Augment) -> Measured:
    """Every contender once a round, one after the other."""
    source = {"preprocess": "ingest", "augment": "preprocess"}[stage]
    bare, found = Limit(pictures, params, workers()), Measured([], [], [], {scale: [] for scale in SCALES})
    for _ in range(ROUNDS):
        found.pillow.append(PILLOW_IMAGES / pillow_seconds(stage, pictures))
        found.start.append(stage_run(stage, root / "start" / source)["seconds"])
        for scale in SCALES:
            found.runs[scale].append(stage_run(stage, root / str(scale) / source))
        images = max(SCALES.values()) * SHARD
        found.bare.append(images / bare.seconds(images))
    return found


def report(stage: str, found: Measured, unit: str, per_image: int, target: str) -> None:
    """Prints the two tables of one stage."""
    images = {scale: count * SHARD for scale, count in SCALES.items()}
    most = images[max(SCALES)]
    ours = [most / run["seconds"] for run in found.runs[max(SCALES)]]
    print(f"\n{stage}: median of {ROUNDS} rounds, {workers()} processes, {most} images, start-up counted")
    row("", f"{unit}s/s", "ratio", "target")
    row("weldspot", f"{per_image * median(ours):.0f}")
    times = median(a / b for a, b in zip(ours, found.pillow, strict=True))
    row("Pillow, one at a time", f"{per_image * median(found.pillow):.0f}", f"{times:.1f}x", target)
    share = median(a / b for a, b in zip(ours, found.bare, strict=True))
    row("bare OpenCV calls", f"{per_image * median(found.bare):.0f}", f"{100 * share:.0f} %", ">= 80 %")

    print(f"\n{stage}: at more data, each within 20 % of the first; start-up ({median(found.start):.2f} s) taken off")
    row("images", f"ms per {unit}", "worker MiB", "parent MiB")
    for scale, same in found.runs.items():
        net = [run["seconds"] - start for run, start in zip(same, found.start, strict=True)]
        pace = 1e3 * median(net) / images[scale] / per_image
        peaks = median(run["worker"] for run in same), median(run["parent"] for run in same)
        row(str(images[scale]), f"{pace:.3f}", *(f"{peak:.0f}" for peak in peaks))


def row(first: str, *rest: str) -> None:
    print(f"  {first:<24}" + "".join(f"{cell:>16}" for cell in rest), flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        photographs, preprocessed = write_inputs(Path(root))
        kilobytes = sum(map(len, photographs)) / len(photographs) / 1e3
        print(f"{DISTINCT} photographs, 640x640, {kilobytes:.0f} kB each on average, to 256x256; median 3, gaussian 3")
        report("preprocess", measure("preprocess", Path(root), photographs, PREPROCESS), "image", 1, ">= 6x")
        found = measure("augment", Path(root), preprocessed, AUGMENT)
        report("augment", found, "variant", AUGMENT.variants, ">= 4x")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        run_stage(sys.argv[2])
    else:
        main()
