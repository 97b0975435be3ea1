"""data/canary.json: the challenger that a share of the phones tries, and how it is to end, until that is done.

What is to be is written first, then brought about: killed anywhere, the next call of any command that publishes goes
on.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from weldspot.contracts.base import Contract, Sha256
from weldspot.runtime import atomic
from weldspot.runtime.state_files import FROM_DATA

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

Ending = Literal["", "taken back", "everywhere"]


class Step(Contract):
    """`why` in words, `at` ISO 8601; `looks`: how many phones had taken with the challenger by then."""

    share: float
    at: str
    why: str
    looks: int = 0


class Course(Contract):
    """`version` and `sha256` of the challenger, `before` of whom it is held against; the last step holds."""

    cure: ClassVar[str] = f"{FROM_DATA}, or delete it and `weldspot publish --canary` begins anew"

    version: str
    sha256: Sha256
    before: Sha256
    steps: list[Step]
    ending: Ending = ""

    @property
    def share(self) -> float:
        """Of the phones, now."""
        return self.steps[-1].share

    def stepped(self, share: float, why: str, looks: int = 0, ending: Ending = "") -> "Course":
        """With one step more."""
        return self.model_copy(update={"steps": [*self.steps, step(share, why, looks)], "ending": ending})


def read(workspace: "Workspace") -> Course | None:
    """What is tried, None where nothing is; raises Damaged."""
    return Course.found(workspace.canary)


def write(workspace: "Workspace", course: Course) -> None:
    """Replaces the note, durably."""
    atomic.write_bytes(workspace.canary, course.model_dump_json(indent=2).encode() + b"\n")


def forget(workspace: "Workspace") -> None:
    """Nothing is tried any more; calling it twice does no harm."""
    workspace.canary.unlink(missing_ok=True)


def step(share: float, why: str, looks: int = 0) -> Step:
    """A step of now."""
    return Step(share=share, at=datetime.now(UTC).isoformat(timespec="seconds"), why=why, looks=looks)
