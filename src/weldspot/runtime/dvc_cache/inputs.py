"""What a stage is about to read, compared with what dvc.lock and data.dvc say that it is.

DVC looks at sizes and times alone, so a flipped byte in its cache, or in a file that it has checked out, would be used
in silence. Hashing what a stage reads anyway costs little; where nothing runs, nothing is hashed.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from weldspot.runtime.dvc_cache import objects
from weldspot.runtime.dvc_cache.objects import Cache
from weldspot.runtime.dvc_lock import stage_hashes
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import reading
from weldspot.runtime.yaml_files import safe_loader

_OWN, _TRACKED = "data", "data.dvc"


def check_stage(root: Path, stage: str, aside: Path) -> None:
    """Checks the outputs of other stages that a stage of dvc.yaml reads, and what it reads of data/.

    Raises:
        WeldspotError: one is damaged and can't be restored here; which, and what mends it.
    """
    with reading(root / "dvc.yaml", "`git checkout dvc.yaml`"):
        deps: list[str] = safe_loader.load((root / "dvc.yaml").read_text())["stages"][stage]["deps"]
    check_outputs(root, deps, aside)
    if own := [path for path in deps if path.startswith(f"{_OWN}/")]:
        Inputs(root, aside).check_data(own)


def check_outputs(root: Path, paths: Sequence[str], aside: Path) -> None:
    """Checks those of the paths, relative to the root, that dvc.lock knows as outputs; raises as `check_stage` does."""
    known = stage_hashes(root)
    inputs = Inputs(root, aside)
    for path in paths:
        if path in known:
            inputs.check_output(path, known[path])


class Inputs:
    """Files in `root`; damaged ones go to `aside`, and are restored from DVC's cache where that is whole."""

    def __init__(self, root: Path, aside: Path) -> None:
        self._root, self._aside = root, aside
        self._there = os.path.relpath(aside, root)

    @cached_property
    def _cache(self) -> Cache:
        return Cache(self._root, self._aside)

    def check_output(self, output: str, oid: str) -> None:
        """What can't be restored is taken away, here and in the cache: only then does DVC make it anew."""
        path = self._root / output
        if not path.exists() or objects.name(path) == oid:
            return  # the stage itself says what it misses
        files = self._members(output, oid)
        lost = {output: oid} if files is None else self._unrestored(files)
        for file, its in lost.items():
            self._cache.set_aside(self._root / file, file)
            self._cache.set_aside(self._cache.object(its), its)
        if lost:
            stage = Path(output).name
            raise WeldspotError(
                f"{_told(lost)}: damaged: not what {stage} wrote, nor is that in DVC's cache; set aside in "
                f"{self._there}; `dvc repro` makes it anew"
            )

    def check_data(self, paths: Sequence[str]) -> None:
        """Nothing is taken away: what was gathered here may exist nowhere else. What DVC sees as changed is an edit."""
        tracked = self._root / _TRACKED
        if not tracked.exists():
            return
        with reading(tracked, f"`git checkout {_TRACKED}`"):
            oid: str = safe_loader.load(tracked.read_text())["outs"][0]["md5"]
        if objects.name(self._root / _OWN) == oid:
            return
        self._cache.fetch_again([oid], _TRACKED)
        files = self._members(_OWN, oid)
        if files is None:
            if self._cache.object(oid).exists():
                raise self._nowhere({f"{_TRACKED}, the list of its files": oid})
            return  # nothing to compare with
        read = {file: its for file, its in files.items() if file.startswith(tuple(f"{path}/" for path in paths))}
        if not (changed := _others(self._root, read)):
            return
        edited = self._cache.edited()
        silent = {file: its for file, its in changed.items() if file not in edited}
        self._cache.fetch_again(list(silent.values()), _TRACKED)
        links = {file: its for file, its in silent.items() if file not in _others(self._root, silent)}
        _warn(links, f"fetched again from the remote; set aside in {self._there}")
        if lost := self._unrestored(silent):
            raise self._nowhere(lost)

    def _members(self, path: str, oid: str) -> dict[str, str] | None:
        """The files of an object that should lie at `path`, relative to the root; None where that can't be told."""
        listing = self._cache.listing(oid)
        return listing and {Path(path, file).as_posix(): its for file, its in listing.items()}

    def _unrestored(self, files: Mapping[str, str]) -> dict[str, str]:
        """Restores those files that are not what they should be; returns those whose objects are damaged too."""
        others = _others(self._root, files)
        lost = {file: its for file, its in others.items() if not self._cache.is_whole(its)}
        restored = {file: its for file, its in others.items() if file not in lost}
        for file, its in restored.items():
            self._cache.set_aside(self._root / file, file)
            self._cache.restore(self._root / file, its)
        _warn(restored, f"restored from DVC's cache; set aside in {self._there}")
        return lost

    def _nowhere(self, lost: Mapping[str, str]) -> WeldspotError:
        where = self._cache.object(next(iter(lost.values())))
        return WeldspotError(
            f"{_told(lost)}: damaged here and in DVC's cache ({where}), and the remote does not have it; restore it "
            f"from a backup, or delete it and run `dvc add {_OWN}`, then `dvc repro`"
        )


def _others(root: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Those of the files whose content is another."""
    return {file: its for file, its in files.items() if objects.md5(root / file) != its}


def _warn(files: Mapping[str, str], what: str) -> None:
    if files:
        print(f"weldspot: warning: {_told(files)}: damaged: {what}", file=sys.stderr)


def _told(files: Mapping[str, str]) -> str:
    return next(iter(files)) + (f" (and {len(files) - 1} more)" if len(files) > 1 else "")
