"""Grouping of near-copies: its growth, what it finds of what comparing each with each finds, and floods of copies.

`python benchmarks/grouping.py [LARGEST]` searches LARGEST/16, LARGEST/4 and LARGEST fingerprints (16,000 if nothing is
said; 100,000 needs 2 GB of disk), each in a process of its own. WELDSPOT_REAL_DATA adds the real photographs.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log
from pathlib import Path

import cv2
import numpy as np
import psutil

from weldspot.images.scenes.fingerprint import DIMENSIONS, SIDE, TURNS, fingerprint, near_blocks, turned_by
from weldspot.images.scenes.nearness.print_file import PrintFile
from weldspot.images.scenes.nearness.search import by_keys
from weldspot.runtime.processes import map_shards, workers
from weldspot.sources.synthetic.scene import render

NEAR = 0.3  # as conf/config.yaml
COPIES = 0.1  # of the pictures
JUDGED = 4000  # pictures that are also compared each with each
RENDERED = 1000
FLOODS = 1000, 2000, 4000, 16000
BLOCK = 4096
Prints = np.ndarray


def white(n: int, seed: int) -> Prints:
    """Noise: the hardest, since nothing leads from one picture to another."""
    return _unit(np.random.default_rng(seed).normal(size=(n, DIMENSIONS)))


def smooth(n: int, seed: int) -> Prints:
    """Noise as a fingerprint leaves it of a picture: neither fine nor broad."""
    pictures = np.random.default_rng(seed).normal(size=(n, SIDE, SIDE)).astype(np.float32)
    for picture in pictures:
        fine = cv2.GaussianBlur(picture, (0, 0), 0.7)
        picture[:] = fine - cv2.GaussianBlur(fine, (0, 0), 2)
    return _unit(pictures.reshape(n, DIMENSIONS))


def with_copies(make: Callable[[int, int], Prints], n: int, seed: int) -> Prints:
    """Pictures, one in ten a copy of another: turned, and noised so that their correlation is 0.7 to 0.99."""
    rng = np.random.default_rng(seed)
    count = round(COPIES * n)
    prints = make(n - count, seed)
    of = prints[rng.choice(len(prints), count, replace=False)]
    noise = make(count, seed + 1)
    noise = _unit(noise - (noise * of).sum(1, keepdims=True) * of)
    likeness = rng.uniform(0.7, 0.99, (count, 1)).astype(np.float32)
    found = likeness * of + np.sqrt(1 - likeness**2) * noise
    for row, turn in zip(found, rng.integers(0, TURNS, count), strict=True):
        row[:] = turned_by(row[None], int(turn))[0]
    return np.vstack([prints, found])


def _unit(vectors: Prints) -> Prints:
    flat = vectors.reshape(len(vectors), -1).astype(np.float32)
    return flat / np.linalg.norm(flat, axis=1, keepdims=True)


def changed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A copy as a tool or a second look makes it: turned, relit, noised, cropped by up to 2 %, saved as a JPEG."""
    height, width = picture.shape[:2]
    top, left = (int(rng.uniform(0, 0.02) * side) for side in (height, width))
    turned = np.rot90(picture[top:, left:][:, :: rng.choice([-1, 1])], rng.integers(4))
    lit = 255 * (turned / 255) ** rng.uniform(0.7, 1.4) * rng.uniform(0.7, 1.3)
    noisy = np.clip(lit + rng.normal(0, rng.uniform(0, 15), turned.shape), 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 95))]
    return cv2.imdecode(cv2.imencode(".jpg", noisy, quality)[1], cv2.IMREAD_COLOR)


def _rendered(index: int) -> tuple[Prints, Prints]:
    picture = render(7, index, 128).image
    return fingerprint(picture), fingerprint(changed(picture, np.random.default_rng(index)))


def rendered() -> Prints:
    """Photographs of the sample's renderer, its own near-copies among them, and copies of one in ten."""
    both = list(map_shards(_rendered, range(RENDERED), "welds", "photograph"))
    return np.stack([one for one, _ in both] + [copy for _, copy in both[::10]])


def photographs(folder: Path) -> Prints:
    """The real photographs, and a copy of one in ten."""
    rng, prints, copies = np.random.default_rng(0), [], []
    with zipfile.ZipFile(next(folder.glob("*.voc.zip"))) as archive:
        for name in sorted(n for n in archive.namelist() if n.lower().endswith((".jpg", ".png"))):
            picture = cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), cv2.IMREAD_COLOR)
            prints.append(fingerprint(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)))
            if len(prints) % 10 == 0:
                copies.append(fingerprint(changed(picture, rng)))
    return np.stack(prints + copies)


def flood(n: int) -> Prints:
    """So many changed copies of one picture, among a thousand strangers."""
    rng, picture = np.random.default_rng(0), render(7, 0, 64).image
    return np.vstack([white(1000, 0), np.stack([fingerprint(changed(picture, rng)) for _ in range(n)])])


def stored(path: Path, blocks: Iterator[Prints]) -> Path:
    path.unlink(missing_ok=True)
    for block in blocks:
        PrintFile(path).append(block)
    return path


@dataclass(frozen=True)
class Searched:
    """What a process of its own finds: of each picture the oldest of its group. Its seconds, those of processor that it
    and its workers took, and their memory at its peak in MiB, all of them together.
    """

    labels: np.ndarray
    seconds: float
    processor: float
    peak: float


def searched(path: Path) -> Searched:
    """Runs `search` in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--search", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        peaks, ended = [0.0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
        watcher.start()
        out = process.communicate()[0]
        ended.set()
        watcher.join()
    if process.returncode:
        sys.exit("grouping: the search ended with an error, see above")
    found = json.loads(out.splitlines()[-1])
    return Searched(np.array(found["labels"]), found["seconds"], found["processor"], max(peaks))


def _watch(pid: int, peaks: list[float], ended: threading.Event) -> None:
    while not ended.wait(0.1):
        try:
            tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            peaks.append(sum(one.memory_info().rss for one in tree) / 2**20)
        except psutil.Error:
            continue


def search(path: Path) -> None:
    """In a process of its own: prints what was found, and the seconds."""
    prints = PrintFile(path)
    start = time.perf_counter()
    found = by_keys(prints, NEAR, [0] * len(prints), path.parent)
    seconds = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(one.ru_utime + one.ru_stime for one in used)
    print(json.dumps({"labels": found.labels.tolist(), "seconds": seconds, "processor": processor}))


def judge(title: str, prints: Prints, folder: Path) -> None:
    """Which near pairs are of one group, and whether the groups are the same."""
    found = searched(stored(folder / "prints", iter([prints])))
    labels = found.labels
    start = time.perf_counter()
    exact = np.arange(len(prints))
    near = joined = 0
    for i, j, _ in near_blocks(prints, NEAR):
        near += len(i)
        joined += int((labels[i] == labels[j]).sum())
        for one, other in zip(exact[i].tolist(), exact[j].tolist(), strict=True):
            _join(exact, one, other)
    for i in range(len(exact)):
        exact[i] = exact[exact[i]]
    compared = time.perf_counter() - start
    same = "the same" if np.array_equal(exact, labels) else f"{len(set(exact))} / {len(set(labels))}"
    share = f"{100 * joined / max(1, near):.3f} %"
    row(title, str(len(prints)), f"{near}", share, same, f"{found.seconds:.1f}", f"{compared:.1f}", f"{found.peak:.0f}")


def _join(oldest: np.ndarray, one: int, other: int) -> None:
    while oldest[one] != one:
        one = int(oldest[one])
    while oldest[other] != other:
        other = int(oldest[other])
    oldest[max(one, other)] = min(one, other)


def grow(title: str, make: Callable[[int, int], Prints], sizes: list[int], folder: Path) -> None:
    found: list[Searched] = []
    for n in sizes:
        parts = [min(BLOCK, n - start) for start in range(0, n, BLOCK)]
        blocks = (with_copies(make, part, 2 * seed) for seed, part in enumerate(parts))
        found.append(searched(stored(folder / "prints", blocks)))
        cells = f"{found[-1].seconds:.1f}", f"{found[-1].processor:.1f}", f"{found[-1].peak:.0f}"
        row(f"{title}, {n}", str(len(set(found[-1].labels))), *cells)
    spread = log(sizes[-1] / sizes[0])
    seconds, processor = (log(b / a) / spread for a, b in _ends(found))
    print(f"  {title}: seconds grow as n^{seconds:.2f}, those of processor as n^{processor:.2f}")


def _ends(found: list[Searched]) -> Iterator[tuple[float, float]]:
    yield found[0].seconds, found[-1].seconds
    yield found[0].processor, found[-1].processor


def row(first: str, *rest: str) -> None:
    print(f"  {first:<28}" + "".join(f"{cell:>12}" for cell in rest), flush=True)


def main(largest: int) -> None:
    sizes = [largest // 16, largest // 4, largest]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"grouping: one picture in ten a copy (correlation 0.7 to 0.99), {workers()} processes, start-up counted")
        row("", "groups", "seconds", "processor", "MiB")
        grow("smooth noise", smooth, sizes, folder)
        grow("white noise", white, sizes, folder)
        print("\ngrouping: against comparing each with each")
        row("", "pictures", "near pairs", "joined", "groups", "seconds", "compared", "MiB")
        judge("smooth noise", with_copies(smooth, JUDGED, 1), folder)
        judge("white noise", with_copies(white, JUDGED, 1), folder)
        judge("rendered welds", rendered(), folder)
        if os.environ.get("WELDSPOT_REAL_DATA"):
            judge("real photographs", photographs(Path(os.environ["WELDSPOT_REAL_DATA"])), folder)
        for n in (n for n in FLOODS if n <= largest):
            judge(f"{n} copies of one picture", flood(n), folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--search"]:
        search(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else max(FLOODS))
