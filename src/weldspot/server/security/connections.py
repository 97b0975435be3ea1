"""uvicorn's connections, bounded: in how slowly a head may come, how slowly an answer is taken, and how many there are.

uvicorn's `limit_concurrency` answers 503 to whoever comes last, it counts what is left of connections that have been
ended, and it waits for a reader without end.
"""

import asyncio
import ipaddress
import socket
import struct
from collections.abc import Hashable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import service_unavailable

from weldspot.server.options import UploadLimits
from weldspot.server.security.header_timeout import HeaderTimeout
from weldspot.server.security.places import Places

RESERVED = 32  # connections beyond the places, for when all of those have asked with the token
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: what is unsent is forgotten, by the system too


class _Gone(BaseException):
    """Nobody is there any more; like a cancellation nothing on the way answers it."""


class Connection(HeaderTimeout):
    """One connection, which holds one of `places`; `address` is an IPv4 address or the /64 of an IPv6 one."""

    places: Places
    address: Hashable = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes a place; where there is none, the answer to whatever it asks is 503."""
        super().connection_made(transport)
        self.address = network(self.client[0]) if self.client else ""
        self.app = self._while_there(self.app) if self.places.enter(self) else service_unavailable

    def _while_there(self, app: ASGIApp) -> ASGIApp:
        """The app, which ends with the connection: uvicorn lets it go on, and a file is read to its end for nobody."""

        async def answered(scope: Scope, receive: Receive, send: Send) -> None:
            async def sent(message: Message) -> None:
                if self.transport.is_closing():
                    raise _Gone
                await send(message)

            with suppress(_Gone):
                await app(scope, receive, sent)

        return answered

    def connection_lost(self, exc: Exception | None) -> None:
        """Gives its place back."""
        self.places.leave(self)
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """The other side has taken something."""
        super().resume_writing()
        self.places.moved(self)

    def known(self) -> bool:
        """Whether what it asks now came with the token."""
        return bool(self.scope and self.scope["state"].get("known"))

    def unsent(self) -> int:
        """Bytes that wait to be taken."""
        return self.transport.get_write_buffer_size()

    def end(self) -> None:
        """Ends it without a word."""
        sock = self.transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()


def network(address: str) -> str:
    """The address as one who asks holds it: of IPv6 the first half, since everyone is given the other half whole."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def bounded(limits: UploadLimits) -> type[Connection]:
    """The protocol of one server: uvicorn makes its own instances."""

    class Bounded(Connection):
        head_seconds = limits.idle_seconds
        places = Places(limits.connections, limits.stalled_seconds, RESERVED)

    return Bounded
