"""What is judged together with new batches: those of the last verdicts, which found nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.loop.feedback import inbox

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def earlier(workspace: "Workspace", model: str, verdicts: int) -> list[Path]:
    """The waiting batches that the last verdicts of no drift have covered, by this model (SHA-256), oldest first.

    So many of `verdicts` at most. What was admitted, taken back or judged by another model is no part of it.
    """
    said = {
        name: entry
        for name, entry in inbox.judged(workspace).items()
        if entry.outcome == "no-drift" and entry.model == model and not entry.settled
    }
    there = [path for path in inbox.waiting(workspace) if path.name in said]
    times = sorted({said[path.name].at for path in there})
    last = set(times[max(0, len(times) - verdicts) :])
    return [path for path in there if said[path.name].at in last]
