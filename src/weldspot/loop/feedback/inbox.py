"""data/inbox: batches that wait, what has been judged of them, and their admission to data/feedback."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from weldspot.contracts.base import Contract
from weldspot.contracts.verdict import Outcome
from weldspot.loop.feedback import feedback_batches
from weldspot.runtime import atomic, dvc_commands, locks, state_files
from weldspot.sources import arrival

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class Judged(Contract):
    """What is remembered of a batch that a verdict has covered; `model` is the SHA-256 it was judged by.

    `settled`: it was there when drift was found, and all that could go then has gone.
    """

    outcome: Outcome
    model: str
    at: str
    settled: bool = False


def waiting(workspace: "Workspace") -> list[Path]:
    """The batches in the inbox, oldest first: their names begin with their time."""
    return sorted(workspace.inbox.glob("*.parquet"))


def sizes(batches: Sequence[Path]) -> list[int]:
    """Photographs in each batch; raises Damaged."""
    return [rows(path) for path in batches]


def rows(batch: Path) -> int:
    """Photographs in a batch, by its footer alone; raises Damaged."""
    return int(feedback_batches.opened(batch).metadata.num_rows)


def judged(workspace: "Workspace") -> dict[str, Judged]:
    """Batch name → what a verdict has said, of the batches that one has covered; raises Damaged."""
    try:
        return state_files.read_json(
            workspace.judged, dict[str, Judged], "delete it, and `weldspot gate` judges what waits anew"
        )
    except FileNotFoundError:
        return {}


def unjudged(workspace: "Workspace") -> list[Path]:
    """The batches that no verdict has covered."""
    known = judged(workspace)
    return [path for path in waiting(workspace) if path.name not in known]


def record(workspace: "Workspace", batches: Sequence[Path], verdict: Judged) -> None:
    """Remembers the verdict on these batches, and forgets those that have left the inbox."""
    there = {path.name for path in waiting(workspace)}
    kept = {name: entry for name, entry in judged(workspace).items() if name in there}
    _write(workspace, kept | {path.name: verdict for path in batches})


def forget(workspace: "Workspace", batches: Sequence[str]) -> None:
    """Batches of these names are judged anew: they are no longer what a verdict was about."""
    known = judged(workspace)
    if known.keys() & set(batches):
        _write(workspace, {name: entry for name, entry in known.items() if name not in batches})


def _write(workspace: "Workspace", kept: dict[str, Judged]) -> None:
    said = {name: entry.model_dump() for name, entry in kept.items()}
    atomic.write_bytes(workspace.judged, (json.dumps(said, indent=2) + "\n").encode())


class Part(Protocol):
    """What becomes of a batch that does not go as it is."""

    @property
    def arrives(self) -> str:
        """The name of what goes, "" where nothing does."""

    def carry_out(self) -> None:
        """Brings it to data/feedback, and leaves the rest."""


def drifted(workspace: "Workspace") -> list[Path]:
    """The waiting batches that a verdict of drift covers."""
    known = judged(workspace)
    return [path for path in waiting(workspace) if path.name in known and known[path.name].outcome == "drift"]


def admissible(workspace: "Workspace") -> list[Path]:
    """What drift admits from: all that waits while the verdict is new, then what was there and is not reviewed yet."""
    known, found = judged(workspace), drifted(workspace)
    return found if all(known[path.name].settled for path in found) else waiting(workspace)


def settle(workspace: "Workspace", batches: Sequence[Path]) -> None:
    """Remembers that what could go of these batches has gone: what comes in later is judged by itself."""
    known, there = judged(workspace), [path.name for path in batches if path.exists()]
    last = [known[path.name] for path in drifted(workspace)][-1:]
    if not last or all(name in known and known[name].settled for name in there):
        return
    settled = known | {name: last[0].model_copy(update={"settled": True}) for name in there}
    said = {name: entry.model_dump() for name, entry in settled.items()}
    atomic.write_bytes(workspace.judged, (json.dumps(said, indent=2) + "\n").encode())


def admit(workspace: "Workspace", parts: Mapping[str, Part] = MappingProxyType({})) -> list[Path]:
    """Moves every waiting batch to data/feedback when a verdict of drift covers one; returns where they are now.

    Those that were judged before, or came in since, go too: their labels are as good. `parts`: batches, by name, that
    do not go whole. Killed in between, the next call moves the rest, since the verdict still stands. Waits for ingest,
    which would not have read what came in meanwhile.
    """
    batches, last = admissible(workspace), drifted(workspace)
    if not last:
        return []
    order = [path for path in batches if path not in last] + last  # a batch with the verdict leaves last
    arriving = [parts[path.name].arrives if path.name in parts else path.name for path in order]
    with changing(workspace, "gate"):
        _record_arrival(workspace, [name for name in arriving if name])
        for path in order:
            if path.name in parts:
                parts[path.name].carry_out()
            else:
                atomic.move(path, workspace.feedback / path.name)
    return [workspace.feedback / name for name in arriving if name]


@contextmanager
def changing(workspace: "Workspace", work: str) -> Iterator[None]:
    """Holds data/feedback against ingest and against DVC, which is to hash what ingest has read; waits for both.

    DVC's first: who holds the other one under DVC would wait for us.
    """
    with (
        dvc_commands.undisturbed(workspace.root, "data/feedback", work),
        locks.queued(workspace.lock("feedback"), work),
    ):
        yield


def _record_arrival(workspace: "Workspace", admitted: Sequence[str]) -> None:
    """Writes down in which order batches have come to the training data, before the first of these moves there."""
    if not admitted:
        return
    before = arrival.order(workspace.feedback)
    new = sorted(set(admitted) - set(before))
    recorded = arrival.Arrival(batches=[*before, *new])
    atomic.write_bytes(workspace.feedback / arrival.NAME, recorded.json_bytes())


def track(workspace: "Workspace") -> None:
    """Brings data.dvc up to date with data/; raises WeldspotError with DVC's own reason when it can't."""
    dvc_commands.add(workspace.root, "data", "the batches are safe in data/")
