"""One stage at a time in a workspace."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = Path(".weldspot/stage.lock")


@contextmanager
def turn(stage: str, lock: Path = LOCK) -> Iterator[None]:
    """Waits until no other stage runs here, then holds the place.

    A killed `dvc repro` leaves its stage running; the next one must not write into the same folders. The kernel lets
    go of the lock when the process ends, however it ends.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            print(f"weldspot: {stage} waits for {holder}, which still runs here", file=sys.stderr, flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        file.truncate()
        file.write(f"{stage} (pid {os.getpid()})")
        file.flush()
        yield
