"""weldspot collect: uploads become immutable batches here before anything happens to them there."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

from weldspot.config import parameters
from weldspot.config.sections.ingest import Ingest
from weldspot.config.sections.loop import Collect
from weldspot.images import codec
from weldspot.images.table import content_id
from weldspot.labels import ClassList
from weldspot.loop.feedback import feedback_batches, inbox, ledger, quarantine
from weldspot.loop.feedback.feedback_batches import Corrected
from weldspot.loop.feedback.spool import VIA, Spool
from weldspot.loop.feedback.upload_metadata import BadUpload, parse, translated
from weldspot.loop.telemetry import gathering
from weldspot.runtime import locks
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal.plain import plain
from weldspot.runtime.terminal.progress import Progress

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

ROWS, BYTES = 1000, 64_000_000  # a feedback batch has at most so many photographs and about so many bytes


class Source(Protocol):
    """Where uploads lie: the local spool or a bucket."""

    def names(self) -> Iterator[str]:
        """Object names, sorted."""

    def fetch(self, name: str) -> tuple[bytes, dict[str, str]]:
        """Image and metadata, its checksum verified.

        Raises:
            BadUpload: it can never be read.
            OSError: it may be read later; WeldspotError too.
        """

    def done(self, name: str, after: Literal["keep", "mark", "delete"]) -> None:
        """What becomes of an object that is safe here; calling it twice does no harm."""


@dataclass
class Collected:
    """`batches`, `images`: what was written; `quarantined`: reason → count; `failed`: name → why, to be tried again.

    `revoked`: how many were left where they are, since they were taken back.
    """

    batches: int = 0
    images: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)
    revoked: int = 0


def collect(workspace: "Workspace", source: Source | None = None) -> Collected:
    """Drains the source that loop.collect names (or the one given) into data/inbox and data/quarantine.

    Killed anywhere, the next call leaves each upload in exactly one of them.

    Raises:
        WeldspotError: some uploads could not be fetched; said at the end, when all others are safe.
    """
    params = parameters.load(workspace.params)
    with locks.exclusive(workspace.lock("collect")):
        result = drain(workspace, source or source_of(workspace, params), params)
        told = gathering.gather(workspace)
        inbox.track(workspace)
    _say(workspace, result)
    gathering.say(told)
    if result.failed:
        name, reason = next(iter(result.failed.items()))
        raise WeldspotError(
            f"collect: {len(result.failed)} upload(s) not fetched, such as {plain(name)} ({reason}); run it again later"
        )
    return result


def source_of(workspace: "Workspace", params: parameters.Params) -> Source:
    """What loop.collect names."""
    section = params.loop.collect
    if section.source == "local":
        return Spool(workspace.spool)
    from weldspot.loop.feedback.bucket import Bucket

    return Bucket(section, workspace.settings, params.labels.class_list())


@dataclass(frozen=True)
class Rules:
    """What an upload has to hold; `list_of`: the classes of the model of a SHA-256, `classes`: the project's own.

    `own`: the source is this machine's spool, whose word on how an upload came is this program's own.
    """

    ingest: Ingest
    section: Collect
    classes: ClassList
    list_of: Callable[[str], ClassList]
    own: bool


def drain(workspace: "Workspace", source: Source, params: parameters.Params) -> Collected:
    """What `collect` does, without its lock and without DVC."""
    section, own = params.loop.collect, params.labels.class_list()
    rules = Rules(params.ingest, section, own, _lists(workspace, params, own), isinstance(source, Spool))
    result, known, revoked = Collected(), feedback_batches.known(workspace), ledger.read(workspace)
    gathered: list[Corrected] = []

    def flush() -> None:
        if gathered:
            feedback_batches.write(workspace, gathered)  # on disk and synced: only now may the other copies go
            for one in gathered:
                _done(source, one.origin, section, result)
            result.batches += 1
            result.images += len(gathered)
            gathered.clear()

    for name in Progress(list(source.names()), desc="collect", unit="upload"):
        if name in known:
            _done(source, name, section, result)  # a run that was killed may have left it
            continue
        if revoked.covers(name):
            result.revoked += 1
            _finished(source, name, "delete" if revoked.deletes(name) else section.after, result)
            continue
        one = _take(workspace, source, name, rules, result)
        if one is not None and revoked.erased(content_id(one.image)):  # sent again under another name
            result.revoked += 1
            _finished(source, name, "delete", result)
        elif one is not None:
            gathered.append(one)
        if len(gathered) >= ROWS or sum(len(one.image) for one in gathered) >= BYTES:
            flush()
    flush()
    return result


def _lists(workspace: "Workspace", params: parameters.Params, own: ClassList) -> Callable[[str], ClassList]:
    """The list of a model that a phone which does not say it had; the project's own where no registry knows."""

    @cache
    def list_of(sha256: str) -> ClassList:
        from weldspot.registry import class_lists
        from weldspot.registry.model_registry import ModelRegistry, recorded

        if not recorded(workspace):
            return own
        found = class_lists.made_with(ModelRegistry(workspace, params.tracking), sha256)
        return own if found is None or found.names == own.names else found

    return list_of


def _take(workspace: "Workspace", source: Source, name: str, rules: Rules, result: Collected) -> Corrected | None:
    """One upload, ready for a batch; None when it went to quarantine, or has to be tried again."""
    data: bytes = b""
    metadata: dict[str, str] = {}
    try:
        data, metadata = source.fetch(name)
        return _corrected(name, data, metadata, rules)
    except BadUpload as error:
        quarantine.keep(workspace, name, data or error.data, metadata or error.metadata, str(error))
        result.quarantined[str(error)] += 1
        _done(source, name, rules.section, result)
    except (WeldspotError, OSError) as error:
        result.failed[name] = str(error)
    return None


def _corrected(name: str, data: bytes, metadata: dict[str, str], rules: Rules) -> Corrected:
    upload = parse(name, metadata, rules.list_of)
    translated(upload, rules.classes)
    section, ingest = rules.section, rules.ingest
    if len(data) > section.max_megabytes * 1e6:
        raise BadUpload(f"larger than loop.collect.max_megabytes = {section.max_megabytes:g}")
    if upload.sha256 and hashlib.sha256(data).hexdigest() != upload.sha256:
        raise BadUpload("the image is not the one its sha256 says")
    try:
        image = codec.canonical(data, ingest.max_pixels, ingest.min_side).data
    except codec.BadImage as error:
        raise BadUpload(str(error)) from error
    loopback = rules.own and metadata.get(VIA) == "loopback"
    return Corrected(name, image, upload, "loopback" if loopback else "network")


def _done(source: Source, name: str, section: Collect, result: Collected) -> None:
    _finished(source, name, section.after, result)


def _finished(source: Source, name: str, after: Literal["keep", "mark", "delete"], result: Collected) -> None:
    try:
        source.done(name, after)
    except (WeldspotError, OSError) as error:  # it is safe here: the next run says `done` again
        result.failed[name] = str(error)


def _say(workspace: "Workspace", result: Collected) -> None:
    waiting = sum(inbox.sizes(inbox.waiting(workspace)))
    print(
        f"collect: {result.images} photograph(s) in {result.batches} new batch(es); {waiting} wait in {workspace.inbox}"
    )
    for reason, count in result.quarantined.most_common():
        print(f"collect: {count} quarantined: {reason}; see {workspace.quarantine}")
    if result.revoked:
        print(f"collect: {result.revoked} left out: taken back before ({workspace.revoked})")
    if waiting:
        print("collect: next: `weldspot gate`")
