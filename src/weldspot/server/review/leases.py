"""Who has which card in front of them: others are given other cards meanwhile. A kindness, no guard."""

import time
from collections.abc import Callable, Sequence

SECONDS = 120.0


class Leases:
    """In memory alone: a server that starts anew gives all cards to all, and the log still refuses the second word."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[str, float]] = {}

    def take(self, keys: Sequence[str], by: str, most: int) -> list[str]:
        """The first keys, `most` at most, that nobody else looks at; they are `by`'s for a while."""
        now = self._clock()
        self._held = {key: held for key, held in self._held.items() if held[1] > now}
        free = [key for key in keys if self._held.get(key, (by, 0))[0] == by][:most]
        mine = {key: held for key, held in self._held.items() if held[0] != by}
        self._held = mine | dict.fromkeys(free, (by, now + SECONDS))
        return free
