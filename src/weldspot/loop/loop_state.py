"""What the loop has been doing, read from its files: what `weldspot status` and the page /loop show alike."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.contracts.base import Contract
from weldspot.contracts.manifest import Manifest, PublishedManifest
from weldspot.contracts.verdict import Verdict
from weldspot.loop.feedback.inventory import Inventory, inventory

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class LoopState:
    """`verdict`: the last; `report`, `surprises`: whether the gate has left them; `manifest`: what phones are given.

    `unreadable`: files that are there and can't be read, those of `feedback` first; nothing of them is in the rest.
    """

    feedback: Inventory
    verdict: Verdict | None
    report: bool
    surprises: bool
    manifest: PublishedManifest | None
    unreadable: tuple[Path, ...]


def read(workspace: "Workspace", manifest: PublishedManifest | None = None) -> LoopState:
    """The state as it is now; never raises for a file that is damaged."""
    feedback, gate = inventory(workspace), workspace.report("gate")
    contracts: list[tuple[type[Contract], Path]] = [
        (Verdict, workspace.verdict),
        (PublishedManifest, workspace.published / "manifest.json"),
        (Manifest, workspace.artifact("export") / "manifest.json"),
    ]
    return LoopState(
        feedback=feedback,
        verdict=Verdict.found(workspace.verdict),
        report=(gate / "report.html").is_file(),
        surprises=(gate / "surprises.png").is_file(),
        manifest=manifest,
        unreadable=(*feedback.unreadable, *(path for kind, path in contracts if _unreadable(kind, path))),
    )


def _unreadable(kind: type[Contract], path: Path) -> bool:
    return kind.found(path) is None and path.exists()
