"""A list of classes: the names, in the one order that every table, model and manifest of a project uses."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import UInt8


def fold(name: str) -> str:
    """A class name as it is compared: without case, spaces, `_` and `-`."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name)).casefold()


@dataclass(frozen=True)
class ClassList:
    """`background` is the class that means "nothing here", None where the list has none.

    `exclusive`: an image shows exactly one of them. `aliases`: other spellings, and names of earlier lists, each with
    the class that it means; `retired`: names of earlier lists that mean nothing any more, on purpose.
    """

    names: tuple[str, ...]
    background: str | None = None
    exclusive: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    retired: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def canonical(self, name: str) -> str | None:
        """The class that a vendor's spelling means ("spatters", "Good_Welding"), or None when it is none of these."""
        return self._meanings.get(fold(name))

    def is_retired(self, name: str) -> bool:
        """Whether a name is of a class that was given up."""
        return fold(name) in map(fold, self.retired)

    def in_order(self, labels: Iterable[str]) -> list[str]:
        """Each class once, in the list's order."""
        chosen = set(labels)
        return [name for name in self.names if name in chosen]

    def multi_hot(self, labels: Iterable[str]) -> UInt8[np.ndarray, " classes"]:
        """A one for every class named."""
        chosen = set(labels)
        return np.array([name in chosen for name in self.names], np.uint8)

    def hot_rows(self, rows: Iterable[Iterable[str]]) -> UInt8[np.ndarray, "n classes"]:
        """`multi_hot` of each row; (0, classes) without any."""
        return np.array([self.multi_hot(row) for row in rows], np.uint8).reshape(-1, len(self))

    def shown(self, hot: Iterable[object]) -> list[str]:
        """The names of the classes whose entry is true."""
        return [name for name, there in zip(self.names, hot, strict=True) if there]

    @property
    def background_column(self) -> int | None:
        """Where the background stands."""
        return None if self.background is None else self.names.index(self.background)

    @property
    def objects(self) -> tuple[str, ...]:
        """The classes that are something to see: all but the background."""
        return tuple(name for name in self.names if name != self.background)

    @cached_property
    def _meanings(self) -> dict[str, str]:
        """Each folded spelling with its class; a class's own name goes before an alias."""
        own = {fold(name): name for name in self.names}
        return {fold(alias): meant for alias, meant in self.aliases.items()} | own
