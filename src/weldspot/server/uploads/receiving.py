"""Uploads that arrive at a time: when all places are taken, the slowest gives way to a newcomer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from weldspot.server.answers import Refused
from weldspot.server.options import UploadLimits

_GRACE = 1.0  # seconds in which nobody is called slow


class Arrival:
    """One body on its way; `clock` ends it."""

    def __init__(self, clock: asyncio.Timeout) -> None:
        self.clock = clock
        self.received = 0
        self._begun = asyncio.get_running_loop().time()

    def age(self) -> float:
        """Seconds since it began."""
        return asyncio.get_running_loop().time() - self._begun

    def rate(self) -> float:
        """Bytes a second until now."""
        return self.received / max(self.age(), 1e-9)


class Receiving:
    """The places for bodies."""

    def __init__(self, limits: UploadLimits) -> None:
        self._limits = limits
        self._arriving: set[Arrival] = set()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Arrival]:
        """A place while the body comes, at most `body_seconds`; when all are taken, one too slow for that gives way.

        Raises:
            Refused: 408 too slow, 429 no place.
        """
        if len(self._arriving) >= self._limits.receiving:
            self._make_room()
        try:
            async with asyncio.timeout(self._limits.body_seconds) as clock:
                arrival = Arrival(clock)
                self._arriving.add(arrival)
                try:
                    yield arrival
                finally:
                    self._arriving.discard(arrival)
        except TimeoutError:
            raise Refused(408, "The upload came too slowly; send it again.") from None

    def _make_room(self) -> None:
        enough = self._limits.image_bytes / self._limits.body_seconds  # slower than this no largest photograph arrives
        slow = [one for one in self._arriving if one.age() > _GRACE and one.rate() < enough]
        if not slow:
            raise Refused(429, "Too many uploads at a time; send it again in a moment.", {"Retry-After": "5"})
        slowest = min(slow, key=Arrival.rate)
        self._arriving.discard(slowest)
        slowest.clock.reschedule(asyncio.get_running_loop().time())
