"""What a killed DVC (seen with 3.67) leaves in its own folders and then refuses to go on with.

`python -m weldspot.runtime.dvc_recovery` mends it.
"""

import os
import sys
import time
from pathlib import Path

_SET_BACK_S = 6 * 3600  # what is this far in the future was written before the clock was set back
SETTLED_S = 0.1  # a DVC at work fills at once what it has made empty


def mend(dvc: Path) -> None:
    """Makes `dvc repro` start again after a kill; safe beside a DVC at work. `dvc`: the folder .dvc."""
    lock = dvc / "tmp/rwlock"
    if lock.is_file() and not lock.stat().st_size and _settled(lock):
        lock.unlink()  # killed while it wrote its lock; "RWLock-file is corrupted"
    sweep_run_cache(dvc)


def sweep_run_cache(dvc: Path) -> None:
    """Removes empty folders from the run cache; safe beside a DVC at work.

    Killed while it writes an entry, DVC drops the half entry at its next run and leaves the folder; killed again
    before that run has ended, it fails on the empty folder: "join() argument must be str … not 'NoneType'".
    """
    for folder in (dvc / "cache/runs").glob("*/*"):
        try:
            if _settled(folder):
                os.rmdir(folder)
        except OSError:
            continue  # has entries, as it should, or another process was here first


def _settled(path: Path) -> bool:
    age = time.time() - path.stat().st_mtime
    return age >= SETTLED_S or age < -_SET_BACK_S


if __name__ == "__main__":
    mend(Path(sys.argv[1] if len(sys.argv) > 1 else ".dvc"))
