"""What MLflow and TensorBoard add to the train stage: the same training with and without them, turn and turn about.

Runs in a clone in a temporary folder, on the tables of this checkout (`make repro` first), each time in a process of
its own, timed from its start to its end as `dvc repro` starts it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from types import SimpleNamespace

ROUNDS = 5
TARGET = 3.0
TABLES = ("preprocess", "augment", "split")


def train(tracked: bool) -> None:
    """The train stage, in a process of its own, in the clone."""
    from weldspot.config import parameters
    from weldspot.stages import train
    from weldspot.workspace import Workspace

    if not tracked:
        train.Recorder = _NoRecorder
        train._History.__init__ = _quiet
    workspace = Workspace(Path())
    train.main(workspace, parameters.load(workspace.params).select(train.Params))


class _NoRecorder:
    """Recorder's face, with nothing behind it."""

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> "_NoRecorder":
        return self

    __exit__ = wait = metrics = artifacts = dataset = __init__


def _quiet(self, path: Path, logs: Path, run: object) -> None:
    self.path, self.run = path, run
    self._writer = SimpleNamespace(add_scalar=lambda *_: None, flush=lambda: None)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


def clone(target: Path) -> None:
    """This commit with this checkout's tables and lock file."""
    subprocess.run(["git", "clone", "--quiet", ".", str(target)], check=True)
    for name in ("params.yaml", "dvc.lock"):
        shutil.copy(name, target)
    (target / "artifacts").mkdir(exist_ok=True)
    for name in TABLES:
        (target / "artifacts" / name).symlink_to(Path("artifacts", name).resolve(), target_is_directory=True)


def seconds(folder: Path, how: str) -> float:
    command = [sys.executable, str(Path(__file__).resolve()), how]
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | {"TQDM_DISABLE": "1"}
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return time.perf_counter() - start


def main() -> None:
    missing = [name for name in TABLES if not Path("artifacts", name).exists()]
    if missing:
        sys.exit(f"benchmarks/tracking.py: no artifacts/{missing[0]}; run `make repro` first")
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "clone"
        clone(folder)
        seconds(folder, "tracked")  # MLflow makes its database once in a checkout's life
        plain, tracked = [], []
        for _ in range(ROUNDS):
            plain.append(seconds(folder, "untracked"))
            tracked.append(seconds(folder, "tracked"))
    # of pairs, since the machine's speed may change from minute to minute
    added = 100 * (median(b / a for a, b in zip(plain, tracked, strict=True)) - 1)
    print(f"\ntracking: the train stage, median of {ROUNDS} rounds")
    print(f"  {'':<24}{'s':>16}{'added':>16}{'target':>16}")
    print(f"  {'without':<24}{median(plain):>16.1f}")
    print(f"  {'MLflow and TensorBoard':<24}{median(tracked):>16.1f}{added:>14.1f} %{f'<= {TARGET:g} %':>16}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        train(sys.argv[1] == "tracked")
    else:
        main()
