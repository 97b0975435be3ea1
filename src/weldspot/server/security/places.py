"""Who holds a connection: when all places are taken, a newcomer gets the place of whoever took the most."""

import asyncio
from collections import Counter
from collections.abc import Hashable
from typing import Protocol

_LOOKS = 4  # a stalled answer is ended at most a quarter of its time too late


class Holder(Protocol):
    """A connection, as it is judged here."""

    address: Hashable

    def known(self) -> bool:
        """Whether what it asks now came with the token."""

    def unsent(self) -> int:
        """Bytes of answers that the other side has not taken yet."""

    def end(self) -> None:
        """Ends it at once, whatever is unsent."""


class Places:
    """The connections of one server, in the order of their coming.

    A newcomer is let in: so `/healthz` answers, and a welder is heard until the token is seen. Who asks with the token
    is never put out, and beyond `reserved` more than `places` of those a newcomer is refused; of the others the address
    that holds most loses its oldest, so that one crowd can't put out those of another address. An answer that nobody
    takes for `stalled_seconds` ends.
    """

    def __init__(self, places: int, stalled_seconds: float, reserved: int = 0) -> None:
        self._places = places
        self._reserved = reserved
        self._stalled_seconds = stalled_seconds
        self._held: dict[Holder, tuple[int, float]] = {}  # bytes unsent when it last moved, and when that was
        self._looking = False

    def enter(self, newcomer: Holder) -> bool:
        """Takes it in, and puts another out if there are too many; whether it may ask."""
        if len(self._held) >= self._places:
            self._put_out()
        welcome = len(self._held) < self._places + self._reserved
        self._held[newcomer] = (0, asyncio.get_running_loop().time())
        if not self._looking:
            self._looking = True
            self._look_later()
        return welcome

    def moved(self, holder: Holder) -> None:
        """The other side has taken something."""
        if holder in self._held:
            self._held[holder] = (holder.unsent(), asyncio.get_running_loop().time())

    def leave(self, holder: Holder) -> None:
        """Its place is free."""
        self._held.pop(holder, None)

    def _put_out(self) -> None:
        unknown = [one for one in self._held if not one.known()]
        if not unknown:
            return
        crowd, _ = Counter(one.address for one in unknown).most_common(1)[0]
        oldest = next(one for one in unknown if one.address == crowd)
        self.leave(oldest)
        oldest.end()

    def _look_later(self) -> None:
        asyncio.get_running_loop().call_later(self._stalled_seconds / _LOOKS, self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        for one, (unsent, since) in list(self._held.items()):
            left = one.unsent()
            if left == 0 or left < unsent:
                self._held[one] = (left, now)
            elif unsent == 0:  # an answer has begun
                self._held[one] = (left, since)
            elif now - since >= self._stalled_seconds:
                self.leave(one)
                one.end()
        self._looking = bool(self._held)
        if self._looking:
            self._look_later()
