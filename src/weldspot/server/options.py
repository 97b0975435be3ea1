"""What the server is told when it starts."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from weldspot.contracts import limits

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class FirebaseConfig(BaseModel):
    """What Firebase's console shows of a web app, and where the emulators listen: name → host and port."""

    model_config = ConfigDict(frozen=True, extra="allow")

    emulators: dict[str, str] | None = None


class AppConfig(BaseModel):
    """/config.json, as the app reads it at its start; keys that are not named here are passed on."""

    model_config = ConfigDict(frozen=True, extra="allow")

    backend: Literal["local", "firebase"]
    model: str = ""
    firebase: FirebaseConfig | None = None

    @classmethod
    def local(cls) -> "AppConfig":
        """This server is the backend."""
        return cls(backend="local", model="weldspot")

    def json_text(self) -> str:
        """As it is served: what was never said is left out."""
        return self.model_dump_json(exclude_unset=True)


@dataclass(frozen=True)
class UploadLimits:
    """Bounds on one upload, on all of them together, and on the connections that they come by."""

    image_bytes: int = limits.IMAGE_BYTES
    metadata_bytes: int = limits.METADATA_BYTES
    pixels: int = limits.IMAGE_PIXELS
    idle_seconds: float = 10.0  # between two pieces of a body, and for the head of a request
    body_seconds: float = 120.0  # for a whole body: 5 MB at 0.35 Mbit/s
    least_rate: int = 2**10  # bytes a second: a body that is slower after `idle_seconds` ends
    receiving: int = 64  # bodies that arrive at a time; over a megabyte they wait on disk
    storing: int = 4  # photographs in memory at a time
    uploads_per_day: int = 500  # new ones of one uploader, by UTC
    reports_per_day: int = 5000  # sums of phones, of all together, by UTC
    reserve_bytes: int = 2**30  # of the disk stay free, at most a twentieth of it
    connections: int = 480  # each is a file handle
    stalled_seconds: float = 30.0  # in which a reader takes nothing at all


@dataclass(frozen=True)
class ServerOptions:
    """`token`: asked of /api and /loop unless empty; `hosts`: names the server answers to, None for any.

    `proxied`: names under which a reverse proxy shows it; their pages are its own, whatever host the proxy asks for.
    """

    workspace: "Workspace"
    token: SecretStr = field(default_factory=lambda: SecretStr(""))
    hosts: frozenset[str] | None = LOOPBACK_HOSTS
    proxied: frozenset[str] = frozenset()
    config: AppConfig = field(default_factory=AppConfig.local)
    limits: UploadLimits = UploadLimits()

    @property
    def open(self) -> bool:
        """Whether others than this machine can send: it listens beyond loopback, or a reverse proxy shows it."""
        return self.hosts is None or bool(self.proxied)
