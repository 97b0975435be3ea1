"""What a killed DVC (seen with 3.67) leaves in its own folders and then refuses to go on with.

`python -m weldspot.config.killed` mends it, when no DVC runs here.
"""

import os
import time
from pathlib import Path

DVC = Path(".dvc")
SETTLED_S = 0.1  # a DVC at work fills a folder of its run cache at once after it has made it


def mend(dvc: Path = DVC) -> None:
    """Makes `dvc repro` start again after a kill; only for when no other DVC is at work in this repository."""
    lock = dvc / "tmp/rwlock"
    if lock.is_file() and not lock.stat().st_size:
        lock.unlink()  # killed while it wrote its lock; "RWLock-file is corrupted"
    sweep_run_cache(dvc, settled=0)


def sweep_run_cache(dvc: Path = DVC, settled: float = SETTLED_S) -> None:
    """Removes empty folders older than `settled` seconds from the run cache; safe beside a DVC at work.

    Killed while it writes an entry, DVC drops the half entry at its next run and leaves the folder; killed again
    before that run has ended, it fails on the empty folder: "join() argument must be str … not 'NoneType'".
    """
    for folder in (dvc / "cache/runs").glob("*/*"):
        try:
            if time.time() - folder.stat().st_mtime >= settled:
                os.rmdir(folder)
        except OSError:
            continue  # has entries, as it should, or another process was here first


if __name__ == "__main__":
    mend()
