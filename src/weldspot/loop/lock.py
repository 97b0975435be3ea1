"""One process at a time; the kernel lets go of the lock when its holder ends, however it ends."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from weldspot.errors import WeldspotError

FOLDER = Path(".weldspot")


@contextmanager
def lock(name: str, folder: Path = FOLDER) -> Iterator[None]:
    """Holds `folder/name.lock`; raises WeldspotError naming the holder when another process has it."""
    path = folder / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise WeldspotError(f"{name}: already running here: {holder}; wait for it, or stop it") from None
        file.seek(0)
        file.truncate()
        file.write(f"pid {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        yield
