"""`weldspot revoke --erase`: the bytes of photographs out of every place that can be reached, and the proof."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.loop.revoking.traces import Traces
from weldspot.runtime.dvc_cache.objects import Cache
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_OTHERS = {".git", ".venv", "node_modules", "client", "src"}  # code, and git, which no photograph goes into
_LEFT = (
    "not reached: other clones and their caches, backups, the weights of models that learnt from them, drawings of "
    "them in DVC's cache and in MLflow (contact sheets; `dvc gc` drops those of old runs)"
)


@dataclass
class Searched:
    """`files` and `size` (bytes) that were looked at, and those that hold a photograph."""

    files: int = 0
    size: int = 0
    holding: list[Path] = field(default_factory=list)


def erase(workspace: "Workspace", traces: Traces) -> None:
    """Deletes every file that holds one of the photographs, and says where it has looked.

    What the graph wrote is made anew by the next `dvc repro`.

    Raises:
        WeldspotError: one is still there, or the remote did not let go of one; which.
    """
    cache = Cache(workspace.root, workspace.damaged).files.resolve()
    places = _places(workspace, cache)
    found = _search(places.values(), traces)
    oids = [path.parent.name + path.name for path in found.holding if path.resolve().is_relative_to(cache)]
    far = _remote(workspace, oids)
    for path in [*found.holding, workspace.known, workspace.desk]:  # the last two hold what was measured of them
        path.unlink(missing_ok=True)
    again = _search(places.values(), traces)
    if again.holding:
        raise WeldspotError(f"revoke: {again.holding[0]}: still holds a photograph; run this again")
    print(f"revoke: {len(found.holding)} file(s) that held one are deleted; the next `dvc repro` makes its own anew")
    print(
        f"revoke: searched {again.files} files ({again.size / 1e6:.0f} MB) for the bytes and the ids of "
        f"{len(traces.ids)} photograph(s) in {', '.join(places)}: none is there"
    )
    print(f"revoke: {'; '.join([*far, _LEFT])}")


def _places(workspace: "Workspace", cache: Path) -> dict[str, Path]:
    """Names of what is searched → where it lies."""
    found = {
        "this folder (data, spool, quarantine, artifacts, reports)": workspace.root,
        "DVC's cache": cache,
        "MLflow's artifacts": workspace.mlflow_artifacts,
        "the repository's own folder": workspace.main,
    }
    found |= {f"DVC's remote {path}": path for path in _folders_of_remotes(workspace.root)}
    return {name: path for name, path in found.items() if path.is_dir()}


def _search(places: Iterable[Path], traces: Traces) -> Searched:
    found, seen = Searched(), set()
    for path in (path for place in places for path in _files(place)):
        key = os.path.realpath(path)
        if key in seen:
            continue
        seen.add(key)
        with suppress(FileNotFoundError):
            found.files += 1
            found.size += path.stat().st_size
            if traces.within(path):
                found.holding.append(path)
    return found


def _files(place: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if name not in _OTHERS)
        yield from (path for name in sorted(names) if (path := Path(folder, name)).is_file())


def _remotes(root: Path) -> dict[str, str]:
    """Name → address, or a folder's absolute path."""
    from dvc.config import Config

    return {name: str(remote["url"]) for name, remote in Config(str(root / ".dvc"))["remote"].items()}


def _folders_of_remotes(root: Path) -> list[Path]:
    return [Path(address) for address in _remotes(root).values() if "://" not in address]


def _remote(workspace: "Workspace", oids: list[str]) -> list[str]:
    """Deletes objects from remotes that are no folders; says what was not looked at."""
    said = []
    for name, address in _remotes(workspace.root).items():
        if "://" not in address:
            continue
        from dvc.repo import Repo

        try:
            with Repo(str(workspace.root)) as repo:
                store = repo.cloud.get_remote_odb(name)
                for oid in oids:
                    if store.exists(oid):
                        store.delete(oid)
        except Exception as error:  # whatever its SDK raises
            line = " ".join(str(error).split())[:200]
            raise WeldspotError(
                f"revoke: DVC's remote {name} does not let go of it ({line}); run this again"
            ) from error
        said.append(f"of the remote {name} what this cache knew of is deleted, other objects were not read")
    if os.environ.get("MLFLOW_TRACKING_URI"):
        said.append("the artifacts of the MLflow server were not read: they are models and drawings")
    return said
