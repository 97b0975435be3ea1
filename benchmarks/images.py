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
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import pillow_loop
from bare_calls import Limit

from weldspot.config import schema
from weldspot.images.parallel import workers
from weldspot.images.table import INGESTED, PREPROCESSED, rows, shard_path, write_shard

SHARD, DISTINCT, ROUNDS = 256, 64, 1
SCALES = {1: 4, 4: 16, 16: 64}  # times the data: shards
PILLOW_IMAGES = 128
OFF = {"median": 0, "gaussian": 0, "bilateral": 0}
PREPROCESS = schema.Preprocess(
    size=256, fit="stretch", jpeg_quality=95, denoise=schema.Denoise(**(OFF | {"median": 3, "gaussian": 3}))
)
AUGMENT = schema.Augment(
    variants=3, seed=0, rotation=20.0, quarter_turns=True, zoom=0.2, flip_horizontal=0.5, flip_vertical=0.5,
    brightness=0.25, contrast=0.25, saturation=0.3, hue=0.03, blur_probability=0.2, blur_sigma=1.5,
    cutout_probability=0.2, cutout_fraction=0.2, jpeg_quality=92,
    noise=schema.Noise(probability=0.3, gaussian=12.0, poisson=1.0, salt_pepper=0.01),
)  # fmt: skip


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
    names = {"width": 640, "height": 640, "labels": ["Porosity"], "boxes": [], "source": "export", "name": "a.jpg"}
    table = [names | {"id": f"{i:064x}", "image": photographs[i % DISTINCT], "group": str(i)} for i in range(SHARD)]
    first = root / "ingested.parquet"
    write_shard(first, table, INGESTED)
    second = root / "preprocessed.parquet"
    from weldspot.stages.preprocess import image

    for row in table:
        row["image"], measured = image(row["image"], 640, 640, PREPROCESS)
        row.update(measured)
    write_shard(second, [{k: row[k] for k in PREPROCESSED.names} for row in table], PREPROCESSED)
    for scale, count in SCALES.items():
        for source, stage in ((first, "ingest"), (second, "preprocess")):
            folder = root / str(scale) / stage / "artifacts" / stage
            folder.mkdir(parents=True)
            for index in range(count):
                os.link(source, shard_path(folder, index))  # the same shard again and again: no need for the disk
    return photographs, [row["image"] for row in rows(second)][:DISTINCT]


def run_stage(stage: str) -> None:
    """In a process of its own, in the folder of a table: runs the stage and prints its seconds and peak memory."""
    from types import SimpleNamespace

    from weldspot.stages import augment, preprocess

    main = {"preprocess": preprocess.main, "augment": augment.main}[stage]
    start = time.perf_counter()
    main(SimpleNamespace(preprocess=PREPROCESS, augment=AUGMENT))  # type: ignore[arg-type]
    seconds = time.perf_counter() - start
    peak = {
        who: resource.getrusage(getattr(resource, f"RUSAGE_{who}")).ru_maxrss / 1024 for who in ("SELF", "CHILDREN")
    }
    print(json.dumps({"seconds": seconds, "parent": peak["SELF"], "worker": peak["CHILDREN"]}))


def stage_run(stage: str, folder: Path) -> dict[str, float]:
    """Seconds of one run, and the peak memory of the parent and of its largest worker in MiB."""
    command = [sys.executable, str(Path(__file__).resolve()), "--stage", stage]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


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


def compare(stage: str, root: Path, pictures: list[bytes], params: schema.Preprocess | schema.Augment) -> None:
    """Prints the two tables of one stage."""
    source = {"preprocess": "ingest", "augment": "preprocess"}[stage]
    unit, per_image = ("images", 1) if stage == "preprocess" else ("variants", AUGMENT.variants)
    largest = max(SCALES)
    runs: dict[int, list[dict]] = {scale: [] for scale in SCALES}
    pillow, limit = [], []
    bare = Limit(pictures, workers())
    for _ in range(ROUNDS):
        pillow.append(PILLOW_IMAGES / pillow_seconds(stage, pictures))
        for scale, count in SCALES.items():
            runs[scale].append(stage_run(stage, root / str(scale) / source) | {"images": count * SHARD})
            if scale == largest:
                limit.append(count * SHARD / bare.seconds(params, count * SHARD))
    ours = [run["images"] / run["seconds"] for run in runs[largest]]

    print(f"\n{stage}: {unit}/s, median of {ROUNDS} rounds, {workers()} processes, {SCALES[largest] * SHARD} images")
    row("", f"{unit}/s", "ratio", "target")
    row("weldspot", f"{per_image * median(ours):.0f}", "", "")
    times = median(a / b for a, b in zip(ours, pillow, strict=True))
    row(
        "Pillow, one at a time",
        f"{per_image * median(pillow):.0f}",
        f"{times:.1f}x",
        ">= 6x" if per_image == 1 else ">= 4x",
    )
    share = median(a / b for a, b in zip(ours, limit, strict=True))
    row("bare OpenCV calls", f"{per_image * median(limit):.0f}", f"{100 * share:.0f} %", ">= 80 %")
    print(f"\n{stage}: at more data (each within 20 % of the first line)")
    row("data", f"ms per {unit[:-1]}", "worker MiB", "parent MiB")
    for scale, found in runs.items():
        pace = median(1e3 * run["seconds"] / run["images"] / per_image for run in found)
        row(f"{scale}x", f"{pace:.3f}", *(f"{median(run[who] for run in found):.0f}" for who in ("worker", "parent")))


def row(first: str, *rest: str) -> None:
    print(f"  {first:<24}" + "".join(f"{cell:>16}" for cell in rest), flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        photographs, preprocessed = write_inputs(Path(root))
        kilobytes = sum(map(len, photographs)) / len(photographs) / 1e3
        print(f"{DISTINCT} photographs, 640x640, {kilobytes:.0f} kB each on average, to 256x256; median 3, gaussian 3")
        compare("preprocess", Path(root), photographs, PREPROCESS)
        compare("augment", Path(root), preprocessed, AUGMENT)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        run_stage(sys.argv[2])
    else:
        main()
