"""The code that a cluster's workers run: that of this process, since what is installed there may be another.

`run` is sent by value and begins on a worker that has not imported WeldSpot: it uses the standard library alone, and
nothing of this module.
"""

import hashlib
import io
import platform
import zipfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

_BESIDE = ("_shipped", "__pycache__")
_DECIDE = ("numpy", "opencv-python-headless", "pillow", "pi-heif", "pyarrow", "jaxtyping")  # what bytes are made with


@dataclass(frozen=True)
class Code:
    """A zip of weldspot/ and plugins/, its SHA-256, and the versions that make the bytes what they are.

    `places`: the folders on this machine that weldspot/ and plugins/ lie in, "" for none.
    """

    archive: bytes
    key: str
    versions: tuple[tuple[str, str], ...]
    places: tuple[str, str]


def packed(plugins: Path | None) -> Code:
    """This process' code, with the plugins/ of the project that it works in."""
    package = Path(__file__).resolve().parents[2]
    has_plugins = plugins is not None and plugins.is_dir()
    folders = [("weldspot", package)] + ([("plugins", plugins)] if plugins is not None and has_plugins else [])
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, folder in folders:
            for path in sorted(folder.rglob("*")):
                place = path.relative_to(folder)
                if path.is_file() and not set(place.parts) & set(_BESIDE):
                    archive.writestr(zipfile.ZipInfo(f"{name}/{place.as_posix()}"), path.read_bytes())
    data = stored.getvalue()
    versions = [("python", platform.python_version()), *((name, version(name)) for name in _DECIDE)]
    places = (str(package.parent), str(plugins) if has_plugins else "")
    return Code(data, hashlib.sha256(data).hexdigest(), tuple(versions), places)


def run(
    archive: bytes,
    key: str,
    versions: tuple[tuple[str, str], ...],
    places: tuple[str, str, str],
    work: bytes,
    *files: Any,
) -> Any:
    """On a worker: makes the code importable once, then does the work; what it returns is `worker.run`'s.

    `places`: the driver's node, where its code and its plugins lie; a worker there imports what is compiled already.
    """
    import atexit
    import io
    import platform
    import shutil
    import sys
    import tempfile
    import zipfile
    from importlib import import_module
    from importlib.metadata import PackageNotFoundError, version
    from pathlib import Path

    ray = import_module("ray")
    node = ray.get_runtime_context().get_node_id() if ray.is_initialized() else ""
    if getattr(sys, "weldspot_code", "") != key:

        def here(name: str) -> str:
            try:
                return platform.python_version() if name == "python" else version(name)
            except PackageNotFoundError:
                return "none"

        if other := [f"{name} {here(name)} instead of {wanted}" for name, wanted in versions if here(name) != wanted]:
            return f"{platform.node()}: has {', '.join(other)}"
        home, source, plugins = places
        if not (node and node == home and Path(source, "weldspot").is_dir()):
            source = tempfile.mkdtemp(prefix="weldspot-code-")
            plugins = str(Path(source, "plugins"))
            atexit.register(shutil.rmtree, source, ignore_errors=True)
            zipfile.ZipFile(io.BytesIO(archive)).extractall(source)
        for name in [name for name in sys.modules if name.partition(".")[0] == "weldspot"]:
            del sys.modules[name]
        sys.path.insert(0, source)
        import_module("weldspot.runtime.engines.worker").begin(Path(plugins) if plugins else None)
        sys.weldspot_code = key  # type: ignore[attr-defined]  # of the process: this function has no module there
    return import_module("weldspot.runtime.engines.worker").run(work, files, node)
