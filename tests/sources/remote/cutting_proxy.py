"""Hands TCP connections on to a server, counts what comes back, and cuts some of them off."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """`cuts`: after how many bytes from the server each of the next connections is cut; `passed`: bytes so far."""

    port: int
    cuts: list[int] = field(default_factory=list)
    passed: int = 0
    was_cut: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def before(port: int) -> Iterator[Proxy]:
    """A running proxy before the server on a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(listener.getsockname()[1])
        threading.Thread(target=_accept, args=(listener, port, proxy), daemon=True).start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, port: int, proxy: Proxy) -> None:
    with suppress(OSError):
        while True:
            client = listener.accept()[0]
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pump, args=(client, server), daemon=True).start()
            threading.Thread(target=_count, args=(server, client, proxy), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _count(source: socket.socket, target: socket.socket, proxy: Proxy) -> None:
    with suppress(OSError), source, target:
        while data := source.recv(1 << 16):
            proxy.passed += len(data)
            if proxy.cuts and len(data) >= (1 << 14):  # in the middle of an object, not of a listing
                proxy.was_cut += 1
                target.sendall(data[: proxy.cuts.pop(0)])
                for end in (source, target):  # closing alone would wait for the thread that reads from it
                    end.shutdown(socket.SHUT_RDWR)
                return
            target.sendall(data)
