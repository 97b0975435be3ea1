"""HTTP connections that end when a request's head does not come: uvicorn waits for it without end."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class HeaderTimeout(H11Protocol):
    """uvicorn's own protocol, and a clock that runs from the first byte of a head, or the connection, to its last.

    It runs too while a body comes that was answered before its end: uvicorn takes each byte of it for a sign of life.
    """

    head_seconds = 10.0
    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the clock."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Stops the clock when the head is there, starts it when a new one has begun."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops the clock."""
        if self._clock:
            self._clock.cancel()
        super().connection_lost(exc)

    def _waiting(self) -> bool:
        answered = self.cycle is not None and self.cycle.response_complete
        return self.conn.their_state is h11.IDLE or (answered and self.conn.their_state is h11.SEND_BODY)

    def _watch(self) -> None:
        waiting = self._waiting()
        if waiting and self._clock is None:
            self._clock = self.loop.call_later(self.head_seconds, self._end)
        elif not waiting and self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _end(self) -> None:
        self._clock = None
        idle = self.cycle is None or self.cycle.response_complete
        if self._waiting() and idle and not self.transport.is_closing():
            self.transport.close()
