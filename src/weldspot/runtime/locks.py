"""One process at a time; the kernel lets go of a lock when its holder ends, however it ends."""

import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from weldspot.runtime.errors import WeldspotError


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Holds the lock file; raises WeldspotError naming the holder when another process has it."""
    with _opened(path) as file:
        if not _taken(file):
            raise WeldspotError(f"{path.stem}: already running here: {_holder(file)}; wait for it, or stop it")
        _sign(file, f"pid {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        yield


@contextmanager
def queued(path: Path, work: str = "") -> Iterator[None]:
    """Waits until no other thread or process holds the lock file, then holds it.

    `work` names what is to be done: whoever waits says so on stderr, and whom for. Empty: nothing is said.
    """
    with _opened(path) as file:
        if not _taken(file):
            if work:
                print(f"weldspot: {work} waits for {_holder(file)}, which still runs here", file=sys.stderr, flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        if work:
            _sign(file, f"{work} (pid {os.getpid()})")
        yield


def _opened(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a+", encoding="utf-8", errors="replace")


def _taken(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: TextIO) -> str:
    file.seek(0)
    return file.read().strip() or "another process"


def _sign(file: TextIO, holder: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(holder)
    file.flush()
