"""An engine that was chosen gets the shards; the one before it is let go."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from weldspot.runtime.engines import chosen
from weldspot.runtime.processes import map_shards


class Backwards:
    """Works from the end, answers in order."""

    closed = 0

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        yield from [function(item) for item in items[::-1]][::-1]

    def close(self) -> None:
        self.closed += 1


def test_the_engine_is_asked_until_another_is_chosen() -> None:
    seen: list[int] = []
    engine = Backwards()
    chosen.use(engine)
    try:
        assert list(map_shards(lambda item: seen.append(item) or item + 1, [1, 2, 3], "test")) == [2, 3, 4]
        assert (seen, engine.closed) == ([3, 2, 1], 0)
    finally:
        chosen.use(None)
    assert engine.closed == 1
    assert chosen.used() is None
