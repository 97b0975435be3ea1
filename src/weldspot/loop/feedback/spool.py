"""Uploads on this machine, as `weldspot serve` receives them: an image, then the JSON that acknowledges it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Literal

from weldspot.loop.feedback.upload_metadata import BadUpload
from weldspot.runtime import atomic, locks, state_files
from weldspot.runtime.errors import WeldspotError

Via = Literal["loopback", "network"]  # whether only this machine could have sent it
VIA = "via"
COLLECTED = ".collected"  # the names of what has left the spool, so that a replay is known as one


class Conflict(Exception):
    """The id has been used for another upload."""


def put(root: Path, name: str, image: bytes, metadata: dict[str, str], via: Via = "network") -> bool:
    """Stores the upload `name` (feedback/{uploader}/{id}.jpg) in the spool `root`, durably.

    The upload exists once its JSON does, which comes last. `via` is this program's word: what the sender says of it
    under that key is not kept.

    Returns:
        False when it is there already, or was collected.

    Raises:
        Conflict: the id is there with other content.
    """
    path = root / name
    atomic.make_folder(path.parent)
    with _turn(root, name):
        metadata = metadata | {"sha256": hashlib.sha256(image).hexdigest(), VIA: via}
        if (known := _known_or_damaged(root, name, image)) is not None:
            if known | {VIA: via} != metadata:  # sent again by another way it is the same upload
                raise Conflict(f"{name} is there with another image or other labels")
            return False
        atomic.write_bytes(path, image)
        text = json.dumps(metadata, ensure_ascii=False)
        atomic.write_bytes(path.with_suffix(".json"), text.encode())
        return True


def _known_or_damaged(root: Path, name: str, image: bytes) -> dict[str, str] | None:
    """The metadata under this name; None where it is damaged and of this very image, so that it is written anew."""
    try:
        return _known(root, name)
    except state_files.Damaged as damaged:
        path = root / name
        if damaged.path != path.with_suffix(".json") or not path.is_file() or path.read_bytes() != image:
            raise
        return None


def stored_since(root: Path, uploader: str, moment: float) -> int:
    """How many uploads of one uploader were stored since `moment` (seconds since 1970), collected since or not."""
    folders = [root / "feedback" / uploader, root / COLLECTED / "feedback" / uploader]
    times = {}
    for folder in folders:
        for path in folder.glob("*.json"):
            with suppress(FileNotFoundError):  # `weldspot collect` moves it just now: it is in the second folder
                times[path.name] = path.stat().st_mtime
    return sum(time >= moment for time in times.values())


def _known(root: Path, name: str) -> dict[str, str] | None:
    """The metadata that came under this name, whether it is still here or was collected."""
    for path in (root / name, root / COLLECTED / name):
        metadata, cure = path.with_suffix(".json"), "delete it, and the phone may send it again"
        try:
            found = state_files.read_json(metadata, dict[str, str], cure)
        except FileNotFoundError:
            continue
        if "sha256" not in found:
            raise state_files.Damaged(metadata, "it names no image", cure)
        return found
    return None


def _turn(root: Path, name: str) -> AbstractContextManager[None]:
    """One writer of a name at a time, among threads and processes: 256 locks share the names out."""
    return locks.queued(root / ".locks" / hashlib.sha256(name.encode()).hexdigest()[:2])


class Spool:
    """The spool as a source of `weldspot collect`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Iterator[str]:
        """Acknowledged uploads, sorted."""
        for path in sorted((self.root / "feedback").glob("*/*.json")):
            yield path.with_suffix(".jpg").relative_to(self.root).as_posix()

    def fetch(self, name: str) -> tuple[bytes, dict[str, str]]:
        """Image and metadata; raises BadUpload for what is damaged, WeldspotError for what may come right."""
        path = self.root / name
        try:
            text = path.with_suffix(".json").read_bytes()
            image = path.read_bytes() if path.exists() else b""
        except OSError as error:
            raise WeldspotError(f"{path}: can't be read ({error.strerror})") from error
        raw = {"raw": text.decode("utf-8", "backslashreplace")}
        if not path.exists():
            raise BadUpload(f"{path} is missing", metadata=raw)
        try:
            metadata = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadUpload(f"its metadata is not JSON ({error})", image, raw) from error
        if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
            raise BadUpload("its metadata is not an object of strings", image, raw)
        return image, metadata

    def done(self, name: str, after: Literal["keep", "mark", "delete"]) -> None:
        """keep leaves it; mark moves it to `.collected`; delete drops the image. The JSON stays there for replays."""
        path, kept = self.root / name, self.root / COLLECTED / name
        if after == "keep":
            return
        if after == "delete":
            path.unlink(missing_ok=True)
        elif path.exists():
            atomic.move(path, kept)
        if path.with_suffix(".json").exists():  # last: killed before it, the next collect calls this again
            atomic.move(path.with_suffix(".json"), kept.with_suffix(".json"))

    def stored(self) -> Iterator[str]:
        """Names of all uploads of which something lies here, collected or not, sorted."""
        found = set()
        for root in (self.root, self.root / COLLECTED):
            for path in (root / "feedback").glob("*/*"):
                if path.suffix in (".json", ".jpg"):
                    found.add(path.with_suffix(".jpg").relative_to(root).as_posix())
        yield from sorted(found)

    def image(self, name: str) -> bytes:
        """The photograph as it was sent; nothing where only its name is kept."""
        paths = (self.root / name, self.root / COLLECTED / name)
        return next((path.read_bytes() for path in paths if path.is_file()), b"")

    def forget(self, name: str) -> None:
        """Removes all that lies here of an upload; calling it twice does no harm."""
        for path in (self.root / name, self.root / COLLECTED / name):
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)
