"""Clients that take places and give nothing: readers that never read, senders that send a byte now and then."""

import select
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_PART = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'


@dataclass(frozen=True)
class Reader:
    """Asks for a file, and never reads what comes."""

    url: str
    path: str
    goes_on = False

    def begun(self) -> socket.socket:
        """A connection that has asked."""
        sock = _connected(self.url)
        sock.sendall(f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return sock


@dataclass(frozen=True)
class Sender:
    """Begins an upload, and goes on a byte at a time."""

    url: str
    path: str
    token: str = ""
    goes_on = True

    def begun(self) -> socket.socket:
        """A connection that has sent the head and the first part's."""
        sock = _connected(self.url)
        asked = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        kind = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n"
        sock.sendall(f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\n{asked}{kind}\r\n".encode() + _PART)
        return sock


@contextmanager
def besieged(attackers: Sequence[Reader | Sender], pause: float) -> Iterator[None]:
    """They hold on while the block runs: a byte every `pause` seconds, and whoever is cut off comes again at once."""
    held = [one.begun() for one in attackers]
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(pause):
            for place, one in enumerate(attackers):
                with suppress(OSError):  # the server ends some just now, or takes no more of them
                    if ended(held[place]):
                        held[place].close()
                        held[place] = one.begun()
                    elif one.goes_on:
                        held[place].sendall(b"x")

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for sock in held:
            sock.close()


def _connected(url: str) -> socket.socket:
    place = urlsplit(url)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # before connecting: the window is agreed on then
    sock.settimeout(10)
    sock.connect((place.hostname, place.port))
    return sock


def ended(sock: socket.socket) -> bool:
    """Whether the server has reset it or said its last word; what was never read may still lie here."""
    if sock.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP)
    return bool(poll.poll(0))
