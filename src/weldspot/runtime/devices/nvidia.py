"""The NVIDIA cards of this machine, and what to do where the backend that trains sees none of them."""

import os
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

LEAST_DRIVER = "525.60.13"  # for CUDA 12; scripts/device.sh has it too, for a machine that has no Python yet
_CUDA = "nvidia-cudnn-cu12"  # one of the packages that both backends take CUDA from
_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX"}
_EXTRAS = {"tensorflow": "tensorflow[and-cuda]", "jax": "jax[cuda12]"}


class Card(NamedTuple):
    """A card by its name, and the version of its driver ("" where only the kernel knows of it)."""

    name: str
    driver: str = ""


class Unused(NamedTuple):
    """Why no card is used, and what to do about it."""

    reason: str
    cure: str


def cards(proc: Path = Path("/proc/driver/nvidia/gpus")) -> list[Card]:
    """Every card, by the driver's tool or by the kernel's word."""
    if tool := shutil.which("nvidia-smi"):
        command = [tool, "--query-gpu=name,driver_version", "--format=csv,noheader"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            return []
        if done.returncode == 0:
            rows = [line.rpartition(",") for line in done.stdout.splitlines() if "," in line]
            return [Card(name.strip(), driver.strip()) for name, _, driver in rows]
    try:
        texts = [path.read_text(errors="replace") for path in sorted(proc.glob("*/information"))]
    except OSError:
        return []
    lines = [line for text in texts for line in text.splitlines() if line.startswith("Model")]
    return [Card(line.partition(":")[2].strip()) for line in lines]


def unused(card: Card, backend: str, cuda: bool) -> Unused | None:
    """Why the backend ("tensorflow" or "jax") sees no card; None where it was told to see none.

    Args:
        card: one that is there.
        backend: which trains.
        cuda: whether it was built with CUDA, as JAX always is.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in ("", "-1"):
        return None
    name = _NAMES[backend]
    if _numbers(card.driver) < _numbers(LEAST_DRIVER) and card.driver:
        return Unused(f"its driver {card.driver} is too old for CUDA 12", f"install driver {LEAST_DRIVER} or newer")
    if not cuda:
        other = f"KERAS_BACKEND=jax, after python -m pip install '{_pinned('jax')}'"
        return Unused(f"this {name} was built without CUDA", other)
    if _version(_CUDA) is None or (backend == "jax" and _version("jax-cuda12-plugin") is None):
        pip = f"python -m pip install '{_pinned(backend)}'"
        cure = f"`make repro` in a checkout of WeldSpot installs it, elsewhere {pip}"
        return Unused(f"CUDA is not installed for {name}", cure)
    return Unused(f"{name} does not see it", "see that nvidia-smi shows it and that LD_LIBRARY_PATH is not set")


def _numbers(driver: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in driver.split(".")]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _pinned(backend: str) -> str:
    found = _version(backend)
    return _EXTRAS[backend] + (f"=={found}" if found else "")
