"""What an item of `map_shards` names of the disk, so that its work can be done where the files are not."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Files:
    """An item whose work opens `reads`, makes `writes`, and touches no other file.

    A function gets every path from here, none from its other arguments or from another's folder: on a cluster it is
    handed the same item with other paths. The names of the files stay. An item of several shards may name one file.
    """

    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()

    def held(self) -> Self:
        """The item as it is sent away; where the work needs little of a large file, one that holds that itself."""
        return self

    def moved(self, reads: tuple[Path, ...], writes: tuple[Path, ...]) -> Self:
        """The same item with its files elsewhere."""
        return replace(self, reads=reads, writes=writes)
