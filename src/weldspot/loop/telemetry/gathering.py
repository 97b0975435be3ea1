"""From where reports arrive to data/telemetry, each once: a part of `weldspot collect`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from weldspot.config import parameters
from weldspot.contracts.telemetry import TELEMETRY_BYTES, Telemetry
from weldspot.loop.google import firebase, objects, retries
from weldspot.loop.telemetry import reports
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    from weldspot.config.sections.loop import Collect
    from weldspot.config.settings import Settings
    from weldspot.workspace import Workspace

_TOGETHER = 1000  # lines that are written at a time


class Arrivals(Protocol):
    """Where reports lie until they are collected."""

    def names(self) -> Iterator[str]:
        """Of all, in order."""

    def read(self, name: str) -> bytes | None:
        """One report's JSON; None when it is gone."""

    def remove(self, name: str) -> None:
        """It is safe here, or none; calling it twice does no harm."""


@dataclass
class Gathered:
    """How many new reports there were, and how many that are none."""

    new: int = 0
    refused: int = 0


def gather(workspace: "Workspace", arrivals: Arrivals | None = None) -> Gathered:
    """Moves what has arrived to data/telemetry; killed anywhere, the next call leaves each report there once.

    A report leaves the place where it arrived when it is safe here, whatever loop.collect.after says of photographs.
    """
    params = parameters.load(workspace.params)
    arrivals = arrivals or _arrivals(workspace, params.loop.collect)
    names = list(arrivals.names())
    known = reports.known(workspace) if names else set()
    result = Gathered()
    for start in range(0, len(names), _TOGETHER):
        part = names[start : start + _TOGETHER]
        new: list[Telemetry] = []
        for name in part:
            report = _report(arrivals.read(name), name)
            result.refused += report is None
            if report is not None and report.id not in known:
                known.add(report.id)
                new.append(report)
        reports.append(workspace, new)
        for name in part:
            arrivals.remove(name)
        result.new += len(new)
    return result


def say(result: Gathered) -> None:
    """What was gathered, in lines; nothing where nothing came."""
    if result.new:
        print(f"collect: {result.new} report(s) of phones, sums without photographs, in data/telemetry")
    if result.refused:
        print(f"collect: {result.refused} report(s) of phones are none, and were thrown away")


def _report(data: bytes | None, name: str) -> Telemetry | None:
    if data is None or len(data) > TELEMETRY_BYTES:
        return None
    try:
        return Telemetry.parse(data, name)
    except Damaged:
        return None


def _arrivals(workspace: "Workspace", section: "Collect") -> Arrivals:
    if section.source == "local":
        return Spooled(workspace.spool)
    return Remote(section, workspace.settings)


class Spooled:
    """In the spool of `weldspot serve`."""

    def __init__(self, spool: Path) -> None:
        self._folder = spool / reports.FOLDER

    def names(self) -> Iterator[str]:
        yield from sorted(path.name for path in self._folder.glob("*.json"))

    def read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WeldspotError(f"{self._folder / name}: can't be read ({error.strerror})") from error

    def remove(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)


class Remote:
    """Objects telemetry/{id}.json of the bucket of the uploads."""

    def __init__(self, section: "Collect", settings: "Settings") -> None:
        self._bucket = firebase.bucket(settings, section.bucket, "loop.collect.bucket")

    def names(self) -> Iterator[str]:
        def listed() -> list[str]:
            options = {"fields": "items(name),nextPageToken", "retry": retries.policy(), "timeout": retries.TIMEOUT}
            return [blob.name for blob in self._bucket.list_blobs(prefix=f"{reports.FOLDER}/", **options)]

        yield from sorted(retries.retried(listed, f"bucket {self._bucket.name}: list of reports"))

    def read(self, name: str) -> bytes | None:
        return objects.read(self._bucket, name)

    def remove(self, name: str) -> None:
        objects.remove(self._bucket, name)
