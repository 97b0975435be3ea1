"""The feed of training against the bare decode: the same pictures, as fast as OpenCV's two calls allow.

`python benchmarks/feed.py` gives images/s at 1, 2 and 4 threads (WELDSPOT_WORKERS), feed and bare decode turn and turn
about. The bare decode is cv2.imdecode and cv2.cvtColor of bytes in memory in so many threads, with nothing around them;
the feed reads the bytes from the shards, puts the pictures into batches and hands those over in order. CPU seconds are
compared as well: they say what the feed adds also where the machine has other work.
"""

import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import md5
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import training_tables

from weldspot.images import dataset
from weldspot.images.dataset import Images
from weldspot.images.feed import Feed
from weldspot.labels import ClassList
from weldspot.workspace import Workspace

THREADS, ROUNDS, BATCH, TARGET = (1, 2, 4), 5, 32, 0.9
CLASSES = ClassList(("Crack", "Porosity"))


def bare(encoded: list[bytes], threads: int) -> None:
    """Every `threads`-th picture in one thread."""

    def decode(first: int) -> None:
        for k in range(first, len(encoded), threads):
            cv2.cvtColor(cv2.imdecode(np.frombuffer(encoded[k], np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(decode, range(threads)))


def fed(images: Images, rows: np.ndarray, threads: int) -> None:
    """A whole epoch, taken as fast as it comes."""
    os.environ["WELDSPOT_WORKERS"] = f"{threads}"
    with Feed(images, rows, BATCH) as feed:
        for _ in feed:
            pass


def digest(images: Images, rows: np.ndarray, threads: int) -> str:
    """The md5 of the first fifty batches."""
    os.environ["WELDSPOT_WORKERS"] = f"{threads}"
    found = md5()
    with Feed(images, rows, BATCH) as feed:
        for _, pictures in zip(range(50), feed, strict=False):
            found.update(pictures)
    return found.hexdigest()


def taken(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds, and CPU seconds of all threads."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        workspace = Workspace(Path(root))
        training_tables.write(workspace, training_tables.SAMPLE, CLASSES.names)
        images = dataset.load(workspace, CLASSES, "train")
        rows = np.random.default_rng(0).permutation(len(images))
        encoded = [images.encoded[k] for k in rows.tolist()]
        side = images.shape[0]
        print(f"{len(rows)} pictures, {side}x{side}, {sum(map(len, encoded)) / len(rows) / 1e3:.0f} kB each on average")
        print(f"{'threads':>8}{'bare decode':>16}{'feed':>16}{'ratio':>10}{'CPU ratio':>12}{'target':>10}")
        for threads in THREADS:
            rounds = []
            for _ in range(ROUNDS):
                # in turns, each of both first as often as the other: a machine's speed changes from minute to minute
                first = taken(lambda n=threads: bare(encoded, n))
                ours = taken(lambda n=threads: fed(images, rows, n))
                last = taken(lambda n=threads: bare(encoded, n))
                rounds.append(((first[0] + last[0]) / 2, ours[0], (first[1] + last[1]) / 2, ours[1]))
            wall, cpu = (median(r[k] / r[k + 1] for r in rounds) for k in (0, 2))
            paces = [len(rows) / median(r[k] for r in rounds) for k in (0, 1)]
            cells = f"{paces[0]:>10.0f} im./s{paces[1]:>10.0f} im./s{wall:>10.0%}{cpu:>12.0%}"
            print(f"{threads:>8}{cells}{f'>= {TARGET:.0%}':>10}", flush=True)
        same = {threads: digest(images, rows, threads) for threads in THREADS}
        digests = " ".join(sorted(set(same.values())))
        print(f"md5 of the first 50 batches: {digests}, at {', '.join(map(str, same))} threads")


if __name__ == "__main__":
    main()
