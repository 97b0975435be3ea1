"""`dvc repro` under kill -9: every stage killed at random moments must end in the hashes of an undisturbed run.

python benchmarks/graph_kills.py [kills a stage] [stage …] runs on the small sample of the tests, in temporary clones;
exit status 1 when a hash differs. About a quarter of an hour with five kills.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import small_project  # noqa: E402
from killing import killed  # noqa: E402

from weldspot.runtime.dvc_lock import STAGES  # noqa: E402


def main(kills: int, chosen: list[str]) -> int:
    rng = random.Random(0)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        calm, victim = Path(folder, "calm"), Path(folder, "under fire")
        for clone in (calm, victim):
            small_project.clone(clone)
        for stage in STAGES:
            start = time.perf_counter()
            small_project.run(calm, "dvc", "repro", "--single-item", stage)
            seconds = time.perf_counter() - start
            times = kills if stage in chosen else 0
            _kill(victim, stage, times, partial(rng.uniform, 0, seconds))
            small_project.run(victim, "dvc", "repro", "--single-item", stage)
            same = _locked(calm, stage) == _locked(victim, stage)
            wrong += [] if same else [stage]
            print(
                f"{stage:<12}{seconds:6.1f} s undisturbed   killed {times} times   "
                f"{'same hashes' if same else 'OTHER HASHES'}",
                flush=True,
            )
        said = small_project.run(victim, "dvc", "repro")
    if "Running stage" in said:
        wrong.append("graph")
        print("a last `dvc repro` had something to do")
    return 1 if wrong else 0


def _kill(clone: Path, stage: str, times: int, moment: Callable[[], float]) -> None:
    """Kills the stage `times` times, each after moment() seconds."""
    force: list[str] = []
    for _ in range(times):
        while not killed(clone, moment(), "dvc", "repro", *force, "--single-item", stage):
            force = ["--force"]  # it has ended: only so does it run again


def _locked(clone: Path, stage: str) -> dict:
    return yaml.safe_load((clone / "dvc.lock").read_text())["stages"][stage]


if __name__ == "__main__":
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    sys.exit(main(kills, sys.argv[2:] or list(STAGES)))
