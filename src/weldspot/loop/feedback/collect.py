"""weldspot collect: uploads become immutable batches here before anything happens to them there."""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tqdm import tqdm

from weldspot.config import parameters
from weldspot.config.sections import loop
from weldspot.runtime.errors import WeldspotError
from weldspot.images import codec
from weldspot.labels import CLASSES
from weldspot.loop.feedback import feedback_batches, inbox
from weldspot.loop.feedback.upload_metadata import BadUpload, parse
from weldspot.runtime.locks import lock
from weldspot.loop.feedback.spool import Spool

ROWS, BYTES = 1000, 64_000_000  # a batch has at most so many photographs and about so many bytes


class Source(Protocol):
    """Where uploads lie: the local spool or a bucket."""

    def names(self) -> Iterator[str]:
        """Object names, sorted."""

    def fetch(self, name: str) -> tuple[bytes, dict[str, str]]:
        """Image and metadata, its checksum verified.

        Raises BadUpload for what can never be read, OSError or WeldspotError for what may be later.
        """

    def done(self, name: str, after: Literal["keep", "mark", "delete"]) -> None:
        """What becomes of an object that is safe here; calling it twice does no harm."""


@dataclass
class Collected:
    """`batches`, `images`: what was written; `quarantined`: reason → count; `failed`: name → why, to be tried again."""

    batches: int = 0
    images: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)


def collect(source: Source | None = None) -> Collected:
    """Drains the source that loop.collect names (or the one given) into data/inbox and data/quarantine.

    Killed anywhere, the next call leaves each upload in exactly one of them. Raises WeldspotError at the end when some
    uploads could not be fetched; all others are safe by then.
    """
    params, section = parameters.load(), loop.load().collect
    with lock("collect"):
        result = _drain(source or _source(section), params.ingest, section)
        inbox.track()
    _say(result)
    if result.failed:
        name, reason = next(iter(result.failed.items()))
        raise WeldspotError(
            f"collect: {len(result.failed)} upload(s) not fetched, such as {name} ({reason}); run it again later"
        )
    return result


def _source(section: loop.Collect) -> Source:
    if section.source == "local":
        return Spool()
    from weldspot.loop.feedback.bucket import Bucket

    return Bucket(section)


def _drain(source: Source, ingest: parameters.Ingest, section: loop.Collect) -> Collected:
    result, known = Collected(), feedback_batches.known()
    rows: list[dict] = []

    def flush() -> None:
        if rows:
            feedback_batches.write(rows)  # on disk and synced: only now may the other copies go
            for row in rows:
                _done(source, row["origin"], section, result)
            result.batches += 1
            result.images += len(rows)
            rows.clear()

    for name in tqdm(list(source.names()), desc="collect", unit="upload", file=sys.stderr, disable=None):
        if name in known:
            _done(source, name, section, result)  # a run that was killed may have left it
            continue
        row = _take(source, name, ingest, section, result)
        if row is not None:
            rows.append(row)
        if len(rows) >= ROWS or sum(len(row["image"]) for row in rows) >= BYTES:
            flush()
    flush()
    return result


def _take(source: Source, name: str, ingest: parameters.Ingest, section: loop.Collect, result: Collected) -> dict | None:
    """The row of one upload; None when it went to quarantine, or has to be tried again."""
    data: bytes = b""
    metadata: dict[str, str] = {}
    try:
        data, metadata = source.fetch(name)
        return _row(name, data, metadata, ingest, section)
    except BadUpload as error:
        feedback_batches.quarantine(name, data or error.data, metadata or error.metadata, str(error))
        result.quarantined[str(error)] += 1
        _done(source, name, section, result)
    except (WeldspotError, OSError) as error:
        result.failed[name] = str(error)
    return None


def _row(name: str, data: bytes, metadata: dict[str, str], ingest: parameters.Ingest, section: loop.Collect) -> dict:
    upload = parse(name, metadata)
    if len(data) > section.max_megabytes * 1e6:
        raise BadUpload(f"larger than loop.collect.max_megabytes = {section.max_megabytes:g}")
    if upload.sha256 and hashlib.sha256(data).hexdigest() != upload.sha256:
        raise BadUpload("the image is not the one its sha256 says")
    try:
        image = codec.canonical(data, ingest.max_pixels, ingest.min_side).data
    except codec.BadImage as error:
        raise BadUpload(str(error)) from error
    return {
        "id": upload.id,
        "image": image,
        "labels": upload.labels,
        **dict(zip(CLASSES, upload.scores, strict=True)),
        "model": upload.model,
        "taken": upload.taken,
        "device": upload.device,
        "uploader": upload.uploader,
        "note": upload.note,
        "origin": name,
    }


def _done(source: Source, name: str, section: loop.Collect, result: Collected) -> None:
    try:
        source.done(name, section.after)
    except (WeldspotError, OSError) as error:  # it is safe here: the next run says `done` again
        result.failed[name] = str(error)


def _say(result: Collected) -> None:
    waiting = sum(inbox.sizes(inbox.waiting()))
    print(f"collect: {result.images} photograph(s) in {result.batches} new batch(es); {waiting} wait in {inbox.INBOX}")
    for reason, count in result.quarantined.most_common():
        print(f"collect: {count} quarantined: {reason}; see {feedback_batches.QUARANTINE}")
    if waiting:
        print("collect: next: `weldspot gate`")
