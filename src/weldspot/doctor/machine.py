"""Python, cores, memory: what the graph runs on."""

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

import psutil
from packaging.specifiers import SpecifierSet

from weldspot.doctor.finding import Finding, missing, ok, warning
from weldspot.runtime import processes
from weldspot.runtime.errors import WeldspotError

ENOUGH_GB = 2.0  # the stage that takes most, train with TensorFlow on two cores, stayed below: docs/doctor.md

_CGROUP = Path("/sys/fs/cgroup")  # version 2; in a container its own


def examine() -> Iterator[Finding]:
    """The lines about the machine itself."""
    yield python(sys.version_info[:3])
    yield cores()
    yield memory(*gigabytes(_CGROUP))


def python(version: tuple[int, ...]) -> Finding:
    """Whether this Python is one that the package names."""
    said, wanted = ".".join(map(str, version)), metadata("weldspot")["Requires-Python"]
    if SpecifierSet(wanted).contains(said):
        return ok("Python", f"{said} ({sys.executable})")
    return warning("Python", f"{said}, where weldspot asks for {wanted}", "make an environment with one of those")


def cores() -> Finding:
    """What the heavy stages share."""
    try:
        used = processes.workers()
    except WeldspotError as error:
        return missing("CPU", str(error), stops=True)
    have = os.cpu_count() or used
    said = f"{used} of {have} cores are used" if used != have else f"{used} cores"
    return ok("CPU", f"{said}, {platform.machine()}")


def gigabytes(cgroup: Path) -> tuple[float, float]:
    """Free and all; in a container what it is allowed, not what the machine has."""
    whole, free = psutil.virtual_memory().total, psutil.virtual_memory().available
    try:
        limit, used = (int((cgroup / name).read_text()) for name in ("memory.max", "memory.current"))
    except (OSError, ValueError):  # none there, or "max"
        return free / 1e9, whole / 1e9
    return max(0, min(free, limit - used)) / 1e9, min(whole, limit) / 1e9


def memory(free: float, whole: float) -> Finding:
    """GB that are free, of all."""
    said = f"{free:.1f} of {whole:.1f} GB free"
    if free >= ENOUGH_GB:
        return ok("Memory", said)
    return warning(
        "Memory", f"{said}; training takes up to {ENOUGH_GB:.0f} GB", "close something, or WELDSPOT_WORKERS=1"
    )
