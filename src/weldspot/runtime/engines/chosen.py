"""The engine of this process: none for its own worker processes, or one that the command line has chosen.

Stages know this and no engine, so that a change of one that is not used makes nothing stale.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Something besides this machine's processes that maps a function over shards."""

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Yields function(item) in the order of the items; the first in that order that fails is raised."""
        ...

    def close(self) -> None:
        """Lets go of what it holds; a later `map` begins anew."""
        ...


_chosen: list[Engine] = []


def use(engine: Engine | None) -> None:
    """Makes this engine (or none) that of the process; the one before is closed."""
    before = list(_chosen)
    _chosen[:] = [engine] if engine is not None else []
    for old in before:
        old.close()


def used() -> Engine | None:
    """The engine that `use` was given."""
    return _chosen[0] if _chosen else None
