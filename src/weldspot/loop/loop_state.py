"""What the loop has been doing, read from its files: what `weldspot status` and the page /loop show alike."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from weldspot.contracts.manifest import Manifest, PublishedManifest
from weldspot.contracts.verdict import Verdict
from weldspot.loop.feedback.inventory import Inventory, inventory
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class LoopState:
    """`verdict`: the last; `report`, `surprises`: whether the gate has left them; `manifest`: what phones are given.

    `damaged`: files that are there and can't be read, those of `feedback` first; nothing of them is in the rest.
    """

    feedback: Inventory
    verdict: Verdict | None
    report: bool
    surprises: bool
    manifest: PublishedManifest | None
    damaged: tuple[Damaged, ...]


def read(workspace: "Workspace", manifest: PublishedManifest | None = None) -> LoopState:
    """The state as it is now; never raises for a file that is damaged."""
    feedback, gate = inventory(workspace), workspace.report("gate")
    damaged: list[Damaged] = [*feedback.damaged]
    verdict: Verdict | None = None
    try:
        verdict = Verdict.found(workspace.verdict)
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
    )
