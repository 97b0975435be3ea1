"""Guessing the token gets slower with each guess, address by address, and locks out nobody who has it."""

import hashlib
import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from weldspot.server.answers import Refused

_FREE = 10  # different wrong tokens: a phone that knows an old one sends that alone, however often
_FIRST, _LONGEST = 1.0, 300.0  # seconds: twice as long after each further guess
_FORGOTTEN = 3600.0  # seconds without a guess
_ADDRESSES = 10_000  # that are remembered; the one that was heard of longest ago goes


@dataclass
class _Seen:
    """What one address has tried; `welcome`: the right token has come from there."""

    wrong: set[bytes] = field(default_factory=set)
    guesses: int = 0
    until: float = 0.0
    last: float = 0.0
    welcome: bool = False


class Backoff:
    """What addresses have tried; from where the right token has come it is heard at any time, whoever guesses there."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    def check(self, address: str) -> None:
        """Before a token is looked at; raises Refused (429) while the address has to wait, and is not welcome."""
        seen = self._seen.get(address)
        if seen is not None and not seen.welcome:
            self._wait(seen)

    def wrong(self, address: str, token: str) -> None:
        """The token was wrong; raises Refused (429) where the address has to wait."""
        now = time.monotonic()
        seen = self._of(address)
        if now - seen.last > _FORGOTTEN:
            seen.wrong.clear()
            seen.guesses = 0
        seen.last = now
        mark = hashlib.sha256(token.encode(errors="replace")).digest()[:8]
        if mark in seen.wrong:
            return
        self._wait(seen)
        seen.guesses += 1
        if len(seen.wrong) < _FREE:
            seen.wrong.add(mark)
        if seen.guesses > _FREE:
            seen.until = now + min(_LONGEST, _FIRST * 2.0 ** min(20, seen.guesses - _FREE - 1))

    def right(self, address: str) -> None:
        """The token was right."""
        self._of(address).welcome = True

    def _of(self, address: str) -> _Seen:
        found = self._seen.setdefault(address, _Seen())
        self._seen.move_to_end(address)
        while len(self._seen) > _ADDRESSES:
            self._seen.popitem(last=False)
        return found

    @staticmethod
    def _wait(seen: _Seen) -> None:
        left = seen.until - time.monotonic()
        if left > 0:
            wait = {"Retry-After": str(math.ceil(left))}
            raise Refused(429, "Too many wrong tokens came from your address; wait, then send the right one.", wait)
