"""data/inbox: batches that wait, what has been judged of them, and their admission to data/feedback."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime import atomic

INBOX, ADMITTED = Path("data/inbox"), Path("data/feedback")
JUDGED = INBOX / "judged.json"


def waiting() -> list[Path]:
    """The batches in the inbox, oldest first: their names begin with their time."""
    return sorted(INBOX.glob("*.parquet"))


def sizes(batches: list[Path]) -> list[int]:
    """Photographs in each batch; raises WeldspotError naming one that is damaged."""
    found = []
    for path in batches:
        try:
            found.append(pq.ParquetFile(path).metadata.num_rows)
        except (pa.ArrowException, OSError) as error:
            raise WeldspotError(
                f"{path}: not a readable batch ({str(error).splitlines()[0]}); restore it: `dvc checkout data.dvc`"
            ) from error
    return found


def judged() -> dict[str, dict]:
    """Batch name → {"outcome", "model", "at"} of the batches that a verdict has covered."""
    try:
        return json.loads(JUDGED.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise WeldspotError(f"{JUDGED}: not JSON ({error}); delete it, and `weldspot gate` judges anew") from error


def unjudged() -> list[Path]:
    """The batches that no verdict has covered."""
    known = judged()
    return [path for path in waiting() if path.name not in known]


def record(batches: list[Path], outcome: str, model: str, at: str) -> None:
    """Remembers the verdict on these batches, and forgets those that have left the inbox."""
    there = {path.name for path in waiting()}
    kept = {name: entry for name, entry in judged().items() if name in there}
    kept |= {path.name: {"outcome": outcome, "model": model, "at": at} for path in batches}
    atomic.write_file(JUDGED, (json.dumps(kept, indent=2) + "\n").encode())


def admit() -> list[Path]:
    """Moves every waiting batch to data/feedback when a verdict of drift covers one; returns where they are now.

    Those that were judged before, or came in since, go too: their labels are as good. Killed in between, the next call
    moves the rest, since the verdict still stands.
    """
    batches = waiting()
    known = judged()
    if not any(known.get(path.name, {}).get("outcome") == "drift" for path in batches):
        return []
    last = [path for path in batches if known.get(path.name, {}).get("outcome") == "drift"]
    order = [path for path in batches if path not in last] + last  # a batch with the verdict leaves last
    for path in order:
        atomic.move(path, ADMITTED / path.name)
    return [ADMITTED / path.name for path in order]


def track() -> None:
    """Brings data.dvc up to date with data/; raises WeldspotError with DVC's own reason when it can't."""
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "add", "--quiet", "data"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise WeldspotError(
            f"data.dvc: not brought up to date ({reason[-1] if reason else 'dvc add data failed'}); "
            "the batches are safe in data/: run `dvc add data`"
        )
