"""Collection under 100 kill -9s and a bad line: where did each of 500 uploads end? Exit status 1 if anywhere but once.

python benchmarks/collect_faults.py [kills] [uploads]
"""

import json
import os
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

from weldspot.loop.feedback.feedback_batches import QUARANTINE  # noqa: E402
from weldspot.loop.feedback.inbox import INBOX  # noqa: E402
from weldspot.loop.feedback.spool import COLLECTED, SPOOL, put  # noqa: E402

RUN = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests/loop")!r})
from uploads import Flaky
from weldspot.loop import collect, inbox
from weldspot.loop.spool import Spool
from weldspot.config.loop import Collect
from weldspot.config.schema import load
inbox.track = lambda: None
collect.ROWS = 20
section = Collect(source="local", bucket="", after="delete", max_megabytes=1.0)
ingest = load().ingest
print("ready", flush=True)
result = collect._drain(Flaky(Spool(), float(sys.argv[2]), int(sys.argv[1])), ingest, section)
sys.exit(3 if result.failed else 0)
"""


def main(kills: int, uploads: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
        os.chdir(folder)
        names = _fill(uploads)
        rng = random.Random(0)
        early = sum(_killed(seed, rng) for seed in range(kills))
        while subprocess.run([sys.executable, "-c", RUN, "1", "0"], stdout=subprocess.DEVNULL, check=False).returncode:
            pass
        return _account(names, kills, early)


def _fill(uploads: int) -> set[str]:
    names = set()
    for number in range(uploads):
        name, image, metadata = upload(number, **({"scores": "x"} if number % 25 == 3 else {}))
        put(SPOOL, name, image, metadata)
        names.add(name)
    return names


def _killed(seed: int, rng: random.Random) -> bool:
    """Whether the run was still at work when it was killed. A twentieth of its calls fail besides."""
    process = subprocess.Popen([sys.executable, "-c", RUN, str(seed), "0.05"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(rng.expovariate(1 / 0.02))  # at this rate no single run gets through
    early = process.poll() is None
    process.kill()
    process.wait()
    _nothing_lost()
    return early


def _nothing_lost() -> None:
    """What has been deleted in the spool is in a batch or in quarantine by now."""
    safe = _batched().keys() | _quarantined()
    for path in (SPOOL / COLLECTED).rglob("*.json"):
        name = path.with_suffix(".jpg").relative_to(SPOOL / COLLECTED).as_posix()
        assert name in safe, f"{name} was deleted before it was safe"


def _batched() -> Counter[str]:
    tables = [pq.read_table(path, columns=["origin"]) for path in INBOX.glob("*.parquet")]
    return Counter(name for table in tables for name in table["origin"].to_pylist())


def _quarantined() -> set[str]:
    return {json.loads(path.read_text())["name"] for path in QUARANTINE.glob("*.json")}


def _account(names: set[str], kills: int, early: int) -> int:
    batched, quarantined = _batched(), _quarantined()
    twice = [name for name, count in batched.items() if count + (name in quarantined) > 1]
    missing = names - batched.keys() - quarantined
    left = [name for name in names if (SPOOL / name).exists()]
    print(f"{len(names)} uploads, {kills} kills ({early} at work), one call in twenty failing besides")
    print(f"in a batch {len(batched)}, in quarantine {len(quarantined)}, twice {len(twice)}, missing {len(missing)}")
    print(f"batches {len(list(INBOX.glob('*.parquet')))}, left in the spool {len(left)}")
    return int(bool(twice or missing or left))


if __name__ == "__main__":
    sys.exit(main(*(int(value) for value in (sys.argv[1:] + ["100", "500"][len(sys.argv) - 1 :]))))
