"""What `weldspot status` and `weldspot --help` cost next to importing MLflow: ratios of medians, turn and turn about.

Needs a checkout whose graph has run (`make repro`).
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROUNDS = 5
IMPORT = (sys.executable, "-c", "import mlflow")
WELDSPOT = (sys.executable, "-m", "weldspot.cli")
TARGETS = {"weldspot status": 1.2, "weldspot --help": 0.25}


def seconds(command: tuple[str, ...]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"benchmarks/status.py: {' '.join(command)}: {done.stderr[-2000:]}")
    return time.perf_counter() - start


def main() -> None:
    if not Path("mlflow.db").exists():
        sys.exit("benchmarks/status.py: nothing is recorded here; run `make repro` first")
    commands = {
        "import mlflow": IMPORT,
        "weldspot status": (*WELDSPOT, "status"),
        "weldspot --help": (*WELDSPOT, "--help"),
    }
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            spent[name].append(seconds(command))
    base = median(spent["import mlflow"])
    print(f"\nstatus: median of {ROUNDS} rounds")
    print(f"  {'':<24}{'s':>16}{'ratio':>16}{'target':>16}")
    print(f"  {'import mlflow':<24}{base:>16.2f}")
    for name, target in TARGETS.items():
        print(f"  {name:<24}{median(spent[name]):>16.2f}{median(spent[name]) / base:>15.2f}x{f'<= {target:g}x':>16}")


if __name__ == "__main__":
    main()
