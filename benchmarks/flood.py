"""fetch and ingest of a flood of near-copies of one photograph: processor time, memory and groups at n, 4n and 16n.

python benchmarks/flood.py [LARGEST]   (16,000 unless something is said)

Each copy is turned, relit and noised; beside them stand a hundred strangers, each of which must stay alone.
"""

import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from math import log
from pathlib import Path

import cv2
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/sources"), str(ROOT / "tests")]

import exports  # noqa: E402

STRANGERS, SIDE = 100, 96
RUN = f"""
import sys
sys.path[:0] = {sys.path[:2]!r}
from pathlib import Path
import exports
from weldspot.stages import fetch, ingest
from weldspot.workspace import Workspace
workspace, params = Workspace(Path(sys.argv[1])), exports.params(name="folder", path=sys.argv[2])
if sys.argv[3] == "fetch":
    fetch.main(workspace, params.select(fetch.Params))
else:
    ingest.main(workspace, ingest.Params(labels=params.labels, ingest=params.ingest))
"""


def main(largest: int) -> int:
    costs = []
    for count in (largest // 16, largest // 4, largest):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            _write(root / "flood.zip", count)
            fetched, found = (_cost(root, stage) for stage in ("fetch", "ingest"))
            groups = _groups(root)
        costs.append((count, found[0]))
        print(
            f"{count:6} copies: fetch {fetched[0]:.1f} s, ingest {found[0]:.1f} s and {found[1]:.0f} MiB at its peak, "
            f"{groups} groups with {STRANGERS} strangers",
            flush=True,
        )
    (small, first), *_, (large, last) = costs
    print(f"seconds of ingest grow as n^{log(last / first) / log(large / small):.2f}")
    return 0


def _write(path: Path, count: int) -> None:
    draw = np.random.default_rng(22)
    one = exports.scene(1, SIDE, SIDE).astype(np.float32)
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(count + STRANGERS):
            picture = one if number < count else exports.scene(1000 + number, SIDE, SIDE).astype(np.float32)
            picture = picture * draw.uniform(0.8, 1.2) + draw.normal(0, 6, picture.shape)
            turned = np.ascontiguousarray(np.rot90(picture, draw.integers(4)).clip(0, 255).astype(np.uint8))
            jpeg = cv2.imencode(".jpg", turned, [cv2.IMWRITE_JPEG_QUALITY, int(draw.integers(60, 95))])[1].tobytes()
            archive.writestr(f"train/{number:06}.jpg", jpeg)
            archive.writestr(f"train/{number:06}.xml", exports.xml([("Crack", 8, 10, 40, 30)]))


def _cost(root: Path, stage: str) -> tuple[float, float]:
    """Seconds of processor, and the peak of all processes together in MiB."""
    begun, peak = _processor(), 0.0
    command = [sys.executable, "-c", RUN, str(root), str(root / "flood.zip"), stage]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(0.1)
    if process.returncode:
        sys.exit(f"benchmarks/flood.py: {stage} ended with {process.returncode}")
    return _processor() - begun, peak / 2**20


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(pid: int) -> float:
    total = 0.0
    try:
        for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            total += one.memory_full_info().pss
    except psutil.Error:  # it ended meanwhile
        pass
    return total


def _groups(root: Path) -> int:
    from weldspot.images import table
    from weldspot.workspace import Workspace

    shards = table.shards(Workspace(root).artifact("ingest"))
    return len({row["group"] for shard in shards for row in table.rows(shard, table.IngestedRow)})


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 16_000))
