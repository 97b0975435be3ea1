"""`weldspot new`: a repository of one's own, whole or not at all."""

import os
import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weldspot.config.compose import compose
from weldspot.repository import class_list, code, conf, contents, data, requirement
from weldspot.repository.commit import begin
from weldspot.repository.graph import CODE_FILE
from weldspot.runtime.errors import WeldspotError


@dataclass(frozen=True)
class Wanted:
    """What was asked for; `labels`: the name of a list, or a file; `path`: of the photographs, absolute."""

    labels: str
    source: str
    path: Path | None
    name: str


def new(target: Path, wanted: Wanted) -> None:
    """Makes the repository in `target`, which is not there yet or empty, and tells what to do next.

    Raises:
        WeldspotError: it can't be made as wanted; nothing is left behind then.
    """
    _check(target, wanted)
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        told = _filled(partial, wanted)
        told += begin(partial, target)
        _moved(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    for line in told:
        print(f"new: {line}")
    print(f"new: {target}: `cd {shlex.quote(str(target))}`, then `dvc repro`")


def _check(target: Path, wanted: Wanted) -> None:
    if os.path.lexists(target) and not (target.is_dir() and not any(target.iterdir())):
        raise WeldspotError(f"{target}: is there already and not empty; name a new folder")
    sources = sorted(Path(file).stem for file in conf.files() if re.match(r"conf/source/\w+\.yaml", file))
    sources.remove("custom")  # whose code is written into the repository: there is none yet
    if wanted.source not in sources:
        raise WeldspotError(f"--source {wanted.source}: no such source; there are: {', '.join(sources)}")
    if (wanted.source == "folder") != (wanted.path is not None):
        given = (
            "needs --path, the" if wanted.source == "folder" else "takes no --path; --source folder is the one for a"
        )
        raise WeldspotError(f"--source {wanted.source} {given} folder or zip of the photographs")
    if wanted.path is not None and not wanted.path.exists():
        raise WeldspotError(f"--path {wanted.path}: no such file or folder")
    if wanted.path is not None and "${" in str(wanted.path):
        raise WeldspotError(f"--path {wanted.path}: Hydra would take ${{…}} for a reference; rename the folder")
    if not re.fullmatch(r"[\w .-]+", wanted.name):
        raise WeldspotError(f"--name {wanted.name!r}: letters, digits, spaces, _ . and - make a name")


def _filled(folder: Path, wanted: Wanted) -> list[str]:
    """Writes everything but git's own; what is to be said of it."""
    ours = conf.files()
    labels, told = _labels(folder, wanted, ours)
    line = requirement.requirement()
    kept_up = contents.kept_up()
    texts = conf.chosen(ours, labels, wanted.source, wanted.path, wanted.name)
    _write(folder, {file: text.encode() for file, text in texts.items()})
    _write(folder, contents.begun(wanted.name, labels, wanted.source, line) | kept_up | data.contents())
    _write(folder, {CODE_FILE: code.installed(kept_up).text().encode()})
    compose([], folder / "conf", folder / "params.yaml")
    if requirement.from_an_index(line):
        told.append(f"requirements.txt says {line}: where no index has it, name the wheel or the git address there")
    return told


def _labels(folder: Path, wanted: Wanted, ours: Mapping[str, str]) -> tuple[str, list[str]]:
    """The name of the list, whose file is written where it is none of ours; and what is to be said of it."""
    given = Path(wanted.labels)
    if given.suffix == ".yaml":
        if not given.is_file():
            raise WeldspotError(f"--labels {given}: no such file")
        target = folder / f"conf/labels/{class_list.named(given.stem, '--labels')}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(given, target)
        return given.stem, []
    name = class_list.named(wanted.labels, "--labels")
    if f"conf/labels/{name}.yaml" in ours:
        return name, []
    if wanted.path is None:
        raise WeldspotError(
            f"--labels {name}: no such list; name a file (--labels {name}.yaml), or --source folder --path …, "
            "from whose names one is written"
        )
    said, count = class_list.write(wanted.path, str(wanted.path), folder / f"conf/labels/{name}.yaml")
    return name, [said, f"conf/labels/{name}.yaml has {count}: look at it, then `weldspot compose`"]


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755 if name in contents.EXECUTED else 0o644)


def _moved(partial: Path, target: Path) -> None:
    """Into its place; an empty folder that is there already stays the one that a shell may stand in."""
    if not target.exists():
        partial.rename(target)
        return
    for path in sorted(partial.iterdir()):
        path.rename(target / path.name)


def name_of(folder: Path) -> str:
    """A name in MLflow and in the README, from the folder's own."""
    return re.sub(r"[^\w .-]+", "-", folder.name).strip("-. ") or "weldspot"
