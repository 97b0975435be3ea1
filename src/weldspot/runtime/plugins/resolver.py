"""Code of a project's own, found by name: in its plugins/, or in an installed package.

`my_file:name` is `name` of plugins/<kind>/my_file.py; any other name is that of an entry point in the group
`weldspot.<kind>`. Each kind is a package of its own, `weldspot_<kind>`: its files import each other by `from . import`
and none of another kind, so that the folder is all that DVC has to watch. A process works in one project at a time.
"""

import hashlib
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module, invalidate_caches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from weldspot.runtime.errors import WeldspotError

Kind = Literal["backbones", "augmentations", "losses", "metrics", "sources", "layouts", "statistics", "targets"]
KEYS: dict[Kind, str] = {
    "backbones": "training.backbone",
    "augmentations": "augment.extra",
    "losses": "training.loss",
    "metrics": "evaluate.metrics",
    "sources": "source.maker",
    "layouts": "ingest.layouts",
    "statistics": "loop.gate.statistics",
    "targets": "loop.publish.targets",
}
_IN_A_FILE = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)", re.ASCII)
_OFFERED = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)  # it becomes a part of files' and tables' names
_IMPORTING = re.compile(rf"^<frozen|/importlib(_metadata)?/|^{re.escape(__file__)}$")
_project: list[Path] = []  # plugins/ of the project that this process works in


@dataclass(frozen=True)
class Plugin:
    """What was found: `value`, as `name` in the configuration says; `home`: the folder that its code lies in."""

    kind: Kind
    name: str
    value: Any
    home: Path

    @property
    def title(self) -> str:
        """Of files and tables: the name without the file."""
        return title(self.name)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Calls it; raises WeldspotError naming file and line where it fails."""
        try:
            return self.value(*arguments, **options)
        except Exception as error:
            raise failure(self.kind, self.name, error, self.home) from error

    def each(self, *arguments: Any) -> Iterator[Any]:
        """What it yields, as by a call."""
        try:
            yield from self.value(*arguments)
        except Exception as error:
            raise failure(self.kind, self.name, error, self.home) from error

    def part(self, name: str) -> "Plugin":
        """A method of what was found."""
        return replace(self, value=getattr(self.value, name))

    def unfit(self, what: str) -> WeldspotError:
        """The error that it gives something else than was asked for; `what` ends the sentence "it …"."""
        return WeldspotError(f"{KEYS[self.kind]}: {self.name}: it {what}; docs/plugins.md says what is asked for")


def use(folder: Path | None) -> None:
    """Makes this folder (or none) the plugins/ of the process."""
    folders = [folder.resolve()] if folder is not None else []
    if folders == _project:
        return
    _project[:] = folders
    load.cache_clear()
    for kind in KEYS:
        package = f"weldspot_{kind}"
        for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
            del sys.modules[name]


def used() -> Path | None:
    """The folder that `use` was given: worker processes are told."""
    return _project[0] if _project else None


def title(name: str) -> str:
    """How tables and reports call what the configuration names: `my_file:brier` is `brier`."""
    return name.partition(":")[2] or name


def wrong(kind: Kind, name: str, built_in: Sequence[str] = ()) -> str:
    """Why the configuration can't name this, "" when it can; whether a file is there is for `found` to say."""
    if name in built_in or _IN_A_FILE.fullmatch(name):
        return ""
    installed = sorted(filter(_OFFERED.fullmatch, {entry.name for entry in entry_points(group=_group(kind))}))
    if name in installed:
        return ""
    known = ", ".join([*built_in, *installed])
    return (
        f"{name!r} is {f'none of {known}, and ' if known else ''}no file:name of plugins/{kind} "
        f"(such as my_file:my_name), nor an entry point {_group(kind)} of an installed package"
    )


def found(kind: Kind, name: str) -> Path | EntryPoint:
    """The file that holds it, or the entry point; nothing is imported.

    Raises:
        WeldspotError: there is none.
    """
    key = KEYS[kind]
    if not (parts := _IN_A_FILE.fullmatch(name)):
        offered = list(
            {(e.value, e.dist and e.dist.name): e for e in entry_points(group=_group(kind), name=name)}.values()
        )
        if len(offered) == 1:
            return offered[0]
        if offered:
            owners = " and ".join(sorted(str(entry.dist and entry.dist.name) for entry in offered))
            raise WeldspotError(f"{key}: {name}: {owners} both offer it (entry point {_group(kind)}); uninstall one")
        raise WeldspotError(f"{key}: {wrong(kind, name)}")
    if not _project:
        raise WeldspotError(f"{key}: {name}: no project is open whose plugins/{kind} could hold it")
    place = _project[0] / kind / parts[1].replace(".", "/")
    for path in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
        if path.is_file():
            return path
    raise WeldspotError(
        f"{key}: {name}: no such file: plugins/{kind}/{parts[1].replace('.', '/')}.py; write it, or correct the name"
    )


@cache
def load(kind: Kind, name: str) -> Plugin:
    """What the configuration names.

    Raises:
        WeldspotError: it is not there, or importing it fails; with file and line.
    """
    where = found(kind, name)
    if not isinstance(where, Path):  # the entry points that a backport of importlib.metadata finds are of its own type
        try:
            value = where.load()
        except (Exception, SystemExit) as error:
            raise failure(kind, name, error, None) from error
        module = sys.modules[where.module]
        return Plugin(kind, name, value, Path(module.__file__ or "").parent)
    module_name, attribute = name.split(":")
    home = _project[0] / kind
    try:
        invalidate_caches()
        module = import_module(f"{_package(kind, home)}.{module_name}")
    except (Exception, SystemExit) as error:
        raise failure(kind, name, error, home) from error
    if not hasattr(module, attribute):
        has = ", ".join(each for each in vars(module) if not each.startswith("_")) or "nothing"
        raise WeldspotError(f"{KEYS[kind]}: {name}: no {attribute} in {_shown(where)}, which has {has}")
    return Plugin(kind, name, getattr(module, attribute), home)


def made_of(kind: Kind, name: str) -> str:
    """What the code behind a name is known by: the files of its folder by content, or its package's version."""
    where = found(kind, name)
    if not isinstance(where, Path):
        return f"{where.value} of {where.dist.name}=={where.dist.version}" if where.dist else where.value
    home = _project[0] / kind
    files = sorted(path for path in home.rglob("*.py") if path.is_file())
    told = [f"{path.relative_to(home).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return "\n".join([name, *told])


def failure(kind: Kind, name: str, error: BaseException, home: Path | None) -> WeldspotError:
    """One line for what was raised in a plugin: where in it (else where at all), and what."""
    if isinstance(error, WeldspotError):
        return error
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    frames = [frame for frame in frames if not _IMPORTING.search(str(frame[0]))]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((Path(error.filename), error.lineno))
    inside = [frame for frame in frames if home is not None and frame[0].is_relative_to(home)]
    place = "".join(f" in {_shown(file)}, line {line}" for file, line in (inside or frames)[-1:])
    words = " ".join(str(error).split())[:300]
    return WeldspotError(f"{KEYS[kind]}: {name}: {type(error).__name__}{place}" + (f": {words}" if words else ""))


def _package(kind: Kind, home: Path) -> str:
    name = f"weldspot_{kind}"
    if name not in sys.modules:
        package = ModuleType(name, f"plugins/{kind} of the project")
        package.__path__ = [str(home)]
        sys.modules[name] = package
    return name


def _group(kind: Kind) -> str:
    return f"weldspot.{kind}"


def _shown(path: Path) -> str:
    root = _project[0].parent if _project else None
    return path.relative_to(root).as_posix() if root and path.is_relative_to(root) else str(path)
