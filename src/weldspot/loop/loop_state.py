"""What the loop has been doing, read from its files: what `weldspot status` and the page /loop show alike."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.contracts.manifest import Manifest, PublishedManifest
from weldspot.contracts.verdict import Verdict
from weldspot.loop.drift.lifetime import verdict_log
from weldspot.loop.feedback.inventory import Inventory, inventory
from weldspot.loop.review import admission
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    from weldspot.loop.canary.standing import Standing
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class LoopState:
    """`verdict`: the last; `report`, `surprises`: whether the gate has left them; `manifest`: what phones are given.

    `unreviewed`: corrections that drift would admit and that wait for a reviewer. `canary`: a model that is tried on a
    share of the phones.

    `damaged`: files that are there and can't be read, those of `feedback` first; nothing of them is in the rest.
    """

    feedback: Inventory
    verdict: Verdict | None
    report: bool
    surprises: bool
    manifest: PublishedManifest | None
    damaged: tuple[Damaged, ...]
    unreviewed: int
    canary: "Standing | None" = None


def read(workspace: "Workspace", manifest: PublishedManifest | None = None) -> LoopState:
    """The state as it is now; never raises for a file that is damaged."""
    feedback, gate = inventory(workspace), workspace.report("gate")
    damaged: list[Damaged] = [*feedback.damaged]
    verdict: Verdict | None = None
    unreviewed = 0
    try:
        unreviewed = _unreviewed(workspace)
    except Damaged as error:
        if error.path not in {one.path for one in damaged}:
            damaged.append(error)
    try:
        verdict = Verdict.found(workspace.verdict)
    except Damaged as error:
        damaged.append(error)
    canary: Standing | None = None
    try:
        verdict_log.read(workspace)
        canary = _tried(workspace)
    except Damaged as error:
        damaged.append(error)
    for kind, folder in ((PublishedManifest, workspace.published), (Manifest, workspace.artifact("export"))):
        try:
            kind.found(folder / "manifest.json")
        except Damaged as error:
            damaged.append(error)
    return LoopState(
        feedback=feedback,
        verdict=verdict,
        report=(gate / "report.html").is_file(),
        surprises=(gate / "surprises.png").is_file(),
        manifest=manifest,
        damaged=tuple(damaged),
        unreviewed=unreviewed,
        canary=canary,
    )


def _tried(workspace: "Workspace") -> "Standing | None":
    if not os.path.lexists(workspace.canary) or not workspace.params.exists():
        return None
    from weldspot.loop.canary.standing import standing  # numpy, for bets that hardly ever run

    return standing(workspace)


def _unreviewed(workspace: "Workspace") -> int:
    if not workspace.params.exists():  # a server that was started where no project is
        return 0
    return admission.pending(workspace, parameters.load(workspace.params).loop)
