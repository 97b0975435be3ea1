"""The packages that weldspot names: there, and of a version that it takes; its tools on the PATH."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement

from weldspot.doctor.finding import Finding, missing, ok, warning

_MOST = 4


def examine() -> Iterator[Finding]:
    """The lines about what is installed."""
    yield packages(requires("weldspot") or [])
    yield tools(_own_path())
    yield keras(os.environ.get("KERAS_BACKEND") or "tensorflow")


def packages(wanted: Iterable[str]) -> Finding:
    """Against a list such as "dvc>=3.67,<4"."""
    count, wrong = 0, []
    for requirement in map(Requirement, wanted):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        count += 1
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is not installed")
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{requirement.name} {found} is not {requirement.specifier}")
    said = f"weldspot {version('weldspot')}"
    if not wrong:
        return ok("Packages", f"{said}, and the {count} packages that it names")
    more = f", and {len(wrong) - _MOST} more" if len(wrong) > _MOST else ""
    cure = "python -m pip install --require-hashes -r requirements.lock, in the environment of weldspot"
    return missing("Packages", f"{said}: {', '.join(wrong[:_MOST])}{more}", cure, stops=True)


def tools(path: str) -> Finding:
    """`dvc` runs `weldspot`, by the PATH of whoever types it."""
    found = {tool: shutil.which(tool, path=path) for tool in ("dvc", "weldspot")}
    here = str(Path(sys.executable).parent)
    if absent := [tool for tool, where in found.items() if where is None]:
        cure = _activated(here)
        return missing("Commands", f"{' and '.join(absent)} not on the PATH", cure, stops=True)
    if str(Path(found["weldspot"] or "").parent) != here:
        return warning("Commands", f"`weldspot` on the PATH is {found['weldspot']}, not this one's", _activated(here))
    return ok("Commands", "dvc and weldspot are on the PATH")


def _activated(folder: str) -> str:
    script = Path(folder, "activate")
    return f"source {shlex.quote(str(script))}" if script.exists() else f"put {shlex.quote(folder)} on the PATH"


def keras(backend: str) -> Finding:
    """The backend that trains; the exporter is always TensorFlow."""
    if backend in ("tensorflow", "jax") and find_spec(backend) is not None:
        return ok("Keras", f"trains by {backend}")
    said = "not installed" if backend in ("tensorflow", "jax") else "neither tensorflow nor jax"
    return missing("Keras", f"KERAS_BACKEND={backend}: {said}", "unset KERAS_BACKEND, or install it", stops=True)


def _own_path() -> str:
    """The user's own: our command line has put its folder before it."""
    first, _, rest = os.environ.get("PATH", "").partition(os.pathsep)
    return rest if first == str(Path(sys.executable).parent) else os.pathsep.join([first, rest])
