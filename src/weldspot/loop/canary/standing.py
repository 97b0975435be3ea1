"""What is tried now, and what phones have said of it: for `weldspot status`, /loop and the next step alike."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.loop.canary import evidence
from weldspot.loop.canary.deciding import told
from weldspot.loop.canary.evidence import Evidence
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.course import Course
from weldspot.loop.telemetry import reports

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class Standing:
    """What is tried now, and what phones have said of it."""

    course: Course
    evidence: Evidence

    def line(self) -> str:
        """For people."""
        where = f"on {self.course.share:.0%} of the phones since {self.course.steps[-1].at[:10]}"
        ends = f", to be {self.course.ending}" if self.course.ending else ""
        against = f"evidence against it {self.evidence.worse:.2g}, for it {self.evidence.fit:.2g}"
        return f"version {self.course.version} {where}{ends}: {told(self.evidence)}; {against}"


def standing(workspace: "Workspace") -> Standing | None:
    """None where nothing is tried; raises Damaged."""
    course = courses.read(workspace)
    if course is None:
        return None
    section = parameters.load(workspace.params).loop.canary
    arrived = reports.by_arrival(workspace, course.sha256)
    return Standing(course, evidence.of((one for day, one in arrived if evidence.timely(day, one)), section))
