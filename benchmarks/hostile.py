"""Exports and pictures made to break their readers, a fixed seed: each must end in a line within 10 s and 1 GB.

python benchmarks/hostile.py bombs|zips|notes|pictures|large [count] [seed]

bombs: tests/sources/bombs.py at full size. zips: bytes of a zip changed, of every format and compression. notes: bytes
of the annotations changed. pictures: bytes of every kind of picture changed, with sides blown up. large: whole pictures
of 64 million pixels. Exit status 1 if one ends in a traceback, too late or too large; what it was is said.
"""

import multiprocessing
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/sources"), str(ROOT / "tests"), str(ROOT / "tests/images")]

import damaged_pictures as damaged  # noqa: E402
import mutated  # noqa: E402
from bombs import BOMBS  # noqa: E402

SECONDS, MEGABYTES, GIVEN_UP = 10.0, 1000, 30.0


def main(kind: str, count: int, seed: int) -> int:
    tally: Counter[str] = Counter()
    slowest, largest, bad = 0.0, 0, 0
    context = multiprocessing.get_context("spawn")
    worker, ours = _started(context)
    for name in _names(kind, count, seed):
        ours.send(
            (kind, name, BOMBS[name](1.0) if kind == "bombs" else damaged.large(name) if kind == "large" else b"")
        )
        if ours.poll(GIVEN_UP):
            try:
                ended, seconds, megabytes = ours.recv()
            except EOFError:
                ended, seconds, megabytes = "killed", 0.0, 0
        else:
            ended, seconds, megabytes = "given up", GIVEN_UP, 0
        if ended in ("killed", "given up"):
            worker.kill()
            worker.join()
            worker, ours = _started(context)
        slowest, largest = max(slowest, seconds), max(largest, megabytes)
        tally[ended.split(":")[0]] += 1
        if ended.split(":")[0] not in ("read", "a line") or seconds > SECONDS or megabytes > MEGABYTES:
            bad += 1
            print(f"  {name}: {ended[:300]}, {seconds:.1f} s, {megabytes} MB", flush=True)
        elif kind in ("bombs", "large"):
            print(f"  {name}: {ended[:150]}, {seconds:.1f} s, {megabytes} MB", flush=True)
    worker.kill()
    print(
        f"{kind}: {dict(tally)}, the slowest {slowest:.1f} s, the largest {largest} MB; {bad} are not as they must be"
    )
    return 1 if bad else 0


def _started(context: multiprocessing.context.SpawnContext) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    ours, theirs = context.Pipe()
    worker = context.Process(target=_work, args=(theirs,), daemon=True)
    worker.start()
    theirs.close()
    ours.recv()  # its start does not count
    return worker, ours


def _names(kind: str, count: int, seed: int) -> Iterator[str]:
    if kind == "large":
        yield from damaged.LARGE
        return
    if kind != "bombs":
        yield from (f"{seed} {number}" for number in range(count))
        return
    yield from BOMBS


def _work(pipe: Connection) -> None:
    """Answers (how it ended, seconds, megabytes of memory at most); ends where memory passes three times the bound."""
    resource.setrlimit(resource.RLIMIT_DATA, (3 * MEGABYTES << 20, resource.RLIM_INFINITY))
    pipe.send("ready")
    while True:
        kind, name, data = pipe.recv()
        data = data or _made(kind, name)
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        begun = time.monotonic()
        try:
            ended = _pictured(data) if kind in ("pictures", "large") else mutated.read(data)
        except MemoryError:
            ended = "no memory"
        except BaseException as error:
            ended = f"{type(error).__name__}: {traceback.format_exc()[-250:]}"
        seconds = time.monotonic() - begun
        status = Path("/proc/self/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0]) >> 10
        pipe.send((ended, seconds, peak))


def _made(kind: str, name: str) -> bytes:
    if kind in ("pictures", "large"):
        return damaged.picture(name) if kind == "pictures" else damaged.large(name)
    return mutated.notes(name) if kind == "notes" else mutated.zips(name)


def _pictured(data: bytes) -> str:
    """As `collect` and `ingest` do."""
    from weldspot.config.parameters import load
    from weldspot.images import codec

    rules = load(ROOT / "params.yaml").ingest
    try:
        found = codec.canonical(data, rules.max_pixels, rules.min_side)
    except codec.BadImage as error:
        return f"a line: {error}"
    return f"read: {found.rgb.shape}"


if __name__ == "__main__":
    given = sys.argv[1:] + ["bombs", "500", "22"][len(sys.argv) - 1 :]
    sys.exit(main(given[0], int(given[1]), int(given[2])))
