"""Python, cores, memory: what the graph runs on."""

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import metadata

import psutil
from packaging.specifiers import SpecifierSet

from weldspot.doctor.finding import Finding, missing, ok, warning
from weldspot.runtime import processes
from weldspot.runtime.errors import WeldspotError

ENOUGH_GB = 2.0  # the stage that takes most, train with TensorFlow on two cores, stayed below: docs/doctor.md


def examine() -> Iterator[Finding]:
    """The lines about the machine itself."""
    yield python(sys.version_info[:3])
    yield cores()
    yield memory(psutil.virtual_memory().available / 1e9, psutil.virtual_memory().total / 1e9)


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


def memory(free: float, whole: float) -> Finding:
    """GB that are free, of all."""
    said = f"{free:.1f} of {whole:.1f} GB free"
    if free >= ENOUGH_GB:
        return ok("Memory", said)
    return warning(
        "Memory", f"{said}; training takes up to {ENOUGH_GB:.0f} GB", "close something, or WELDSPOT_WORKERS=1"
    )
