"""Requests as no HTTP client would send them: in pieces, with pauses, unfinished."""

import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit


def answer_to(url: str, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Sends pieces with pauses; what the server answers until it ends the connection."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as sock:
        answer = b""
        with suppress(BrokenPipeError, ConnectionResetError):  # it need not listen to the end
            for piece in pieces:
                sock.sendall(piece)
                time.sleep(pause)
        with suppress(ConnectionResetError):
            while data := sock.recv(65536):
                answer += data
        return answer


def head(path: str, length: int | None) -> bytes:
    """Of an upload; chunked when the length is None."""
    size = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    kind = "Content-Type: multipart/form-data; boundary=b"
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{kind}\r\n{size}\r\n\r\n".encode()
