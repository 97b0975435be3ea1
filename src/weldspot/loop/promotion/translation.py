"""Two versions with different lists of classes: what can be compared, what is new, what would be lost."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from weldspot.labels import ClassList


@dataclass(frozen=True)
class Translation:
    """From production's list to the challenger's, by the challenger's own names, aliases and retired names.

    `sources`: for each class of the challenger production's columns that mean it, none for one that is `new`. `lost`:
    production's classes that mean nothing any more and were not given up; `retired`: those that were. `renamed`: old
    name → class, where the names differ.
    """

    sources: dict[str, list[int]]
    new: list[str]
    lost: list[str]
    retired: list[str]
    renamed: dict[str, str]

    def scores(self, theirs: Float[np.ndarray, "n old"]) -> Float[np.ndarray, "n shared"]:
        """Production's scores for the classes that both know; of several merged into one the highest."""
        columns = [theirs[:, columns].max(axis=1) for columns in self.sources.values() if columns]
        return np.stack(columns, axis=1) if columns else np.zeros((len(theirs), 0), theirs.dtype)

    @property
    def shared(self) -> list[str]:
        """The challenger's classes that production can be compared on, in order."""
        return [name for name, columns in self.sources.items() if columns]

    def lines(self) -> list[str]:
        """What differs, for people; empty where the two lists are one."""
        merged = ", ".join(f"{old} is {name} now" for old, name in self.renamed.items())
        said = [f"the list of classes is another: {merged}"] if merged else []
        said += [f"new in the list, so not compared: {', '.join(self.new)}"] if self.new else []
        return said + ([f"given up in the list: {', '.join(self.retired)}"] if self.retired else [])


def translate(production: ClassList, challenger: ClassList, unknown: Collection[str] = ()) -> Translation:
    """How production's classes are the challenger's; `unknown`: those of production's that it never learnt."""
    sources: dict[str, list[int]] = {name: [] for name in challenger.names}
    lost, retired, renamed = [], [], {}
    for column, name in enumerate(production.names):
        meant = challenger.canonical(name)
        if meant is not None:
            sources[meant].append(column)
            if meant != name:
                renamed[name] = meant
        elif challenger.is_retired(name):
            retired.append(name)
        elif name not in unknown:
            lost.append(name)
    new = [name for name, columns in sources.items() if not columns]
    return Translation(sources, new, lost, retired, renamed)
