"""What the server is told when it starts."""

from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Limits:
    """Bounds on one upload and on all of them together."""

    image_bytes: int = 5 * 2**20  # as in the client's storage rules
    metadata_bytes: int = 16 * 2**10
    pixels: int = 25_000_000
    idle_seconds: float = 10.0  # between two pieces of a body, and for the head of a request
    body_seconds: float = 120.0  # for a whole body: 5 MB at 0.35 Mbit/s
    receiving: int = 64  # bodies that arrive at a time; over a megabyte they wait on disk
    storing: int = 4  # photographs in memory at a time


@dataclass(frozen=True)
class Settings:
    """`root`: the repository; `token`: asked of /api and /loop unless empty; `hosts`: names the server answers to,
    None for any; `config`: what /config.json says.
    """

    root: Path = Path()
    token: str = ""
    hosts: frozenset[str] | None = LOOPBACK_HOSTS
    config: dict = field(default_factory=lambda: {"backend": "local", "model": "weldspot"})
    limits: Limits = Limits()
