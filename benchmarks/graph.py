"""What a `dvc repro` with nothing to do costs next to `dvc status`: ratio of medians, one after the other each round.

Needs a checkout whose graph has run (`make repro`).
"""

import subprocess
import sys
import time
from statistics import median

ROUNDS = 5
TARGET = 1.5


def seconds(*command: str) -> float:
    """Wall time of one DVC command; ends the benchmark when the command fails or runs a stage."""
    start = time.perf_counter()
    done = subprocess.run(["dvc", *command], capture_output=True, text=True, check=False)
    spent = time.perf_counter() - start
    if done.returncode or "Running stage" in done.stdout or "changed" in done.stdout:
        sys.exit("benchmarks/graph.py: the graph is not up to date here; run `make repro` first")
    return spent


def main() -> None:
    seconds("status")  # DVC's own state database and the disk cache, warm for both
    repro, status = [], []
    for _ in range(ROUNDS):
        status.append(seconds("status"))
        repro.append(seconds("repro"))
    ratio = median(repro) / median(status)
    print(f"\ngraph: nothing to do, median of {ROUNDS} rounds")
    print(f"  {'':<24}{'s':>16}{'ratio':>16}{'target':>16}")
    print(f"  {'dvc status':<24}{median(status):>16.2f}")
    print(f"  {'dvc repro':<24}{median(repro):>16.2f}{ratio:>15.2f}x{f'<= {TARGET}x':>16}")


if __name__ == "__main__":
    main()
