"""Collection under 100 kill -9s and a bad line: where did each of 500 uploads end? Exit status 1 if anywhere but once.

python benchmarks/collect_faults.py [kills] [uploads]
"""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/loop"))

from uploads import upload  # noqa: E402

from weldspot.loop.feedback import inbox, quarantine  # noqa: E402
from weldspot.loop.feedback.spool import COLLECTED, put  # noqa: E402
from weldspot.workspace import Workspace  # noqa: E402

RUN = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests/loop")!r})
from pathlib import Path
from uploads import Flaky
from weldspot.config.parameters import load
from weldspot.config.sections.loop import Collect
from weldspot.loop.feedback import collect
from weldspot.loop.feedback.spool import Spool
from weldspot.workspace import Workspace
collect.ROWS = 20
workspace = Workspace(Path(sys.argv[3]))
section = Collect(source="local", bucket="", after="delete", max_megabytes=1.0)
ingest = load(workspace.params).ingest
print("ready", flush=True)
source = Flaky(Spool(workspace.spool), float(sys.argv[2]), int(sys.argv[1]))
result = collect.drain(workspace, source, ingest, section)
sys.exit(3 if result.failed else 0)
"""


def main(kills: int, uploads: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.params.write_bytes((ROOT / "params.yaml").read_bytes())
        names = _fill(workspace, uploads)
        rng = random.Random(0)
        early = sum(_killed(workspace, seed, rng) for seed in range(kills))
        while subprocess.run(_command(workspace, "1", "0"), stdout=subprocess.DEVNULL, check=False).returncode:
            pass
        return _account(workspace, names, kills, early)


def _command(workspace: Workspace, seed: str, odds: str) -> list[str]:
    return [sys.executable, "-c", RUN, seed, odds, str(workspace.root)]


def _fill(workspace: Workspace, uploads: int) -> set[str]:
    names = set()
    for number in range(uploads):
        name, image, metadata = upload(number, **({"scores": "x"} if number % 25 == 3 else {}))
        put(workspace.spool, name, image, metadata)
        names.add(name)
    return names


def _killed(workspace: Workspace, seed: int, rng: random.Random) -> bool:
    """Whether the run was still at work when it was killed. A twentieth of its calls fail besides."""
    process = subprocess.Popen(_command(workspace, str(seed), "0.05"), stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(rng.expovariate(1 / 0.02))  # at this rate no single run gets through
    early = process.poll() is None
    process.kill()
    process.wait()
    _nothing_lost(workspace)
    return early


def _nothing_lost(workspace: Workspace) -> None:
    """What has been deleted in the spool is in a batch or in quarantine by now."""
    safe = _batched(workspace).keys() | quarantine.names(workspace)
    kept = workspace.spool / COLLECTED
    for path in kept.rglob("*.json"):
        name = path.with_suffix(".jpg").relative_to(kept).as_posix()
        assert name in safe, f"{name} was deleted before it was safe"


def _batched(workspace: Workspace) -> Counter[str]:
    tables = [pq.read_table(path, columns=["origin"]) for path in inbox.waiting(workspace)]
    return Counter(name for table in tables for name in table["origin"].to_pylist())


def _account(workspace: Workspace, names: set[str], kills: int, early: int) -> int:
    batched, quarantined = _batched(workspace), quarantine.names(workspace)
    twice = [name for name, count in batched.items() if count + (name in quarantined) > 1]
    missing = names - batched.keys() - quarantined
    left = [name for name in names if (workspace.spool / name).exists()]
    print(f"{len(names)} uploads, {kills} kills ({early} at work), one call in twenty failing besides")
    print(f"in a batch {len(batched)}, in quarantine {len(quarantined)}, twice {len(twice)}, missing {len(missing)}")
    print(f"batches {len(inbox.waiting(workspace))}, left in the spool {len(left)}")
    return int(bool(twice or missing or left))


if __name__ == "__main__":
    sys.exit(main(*(int(value) for value in (sys.argv[1:] + ["100", "500"][len(sys.argv) - 1 :]))))
