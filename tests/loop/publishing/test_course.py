"""The note of what is tried."""

import pytest

from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.course import Course
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

COURSE = Course(version="2", sha256="b" * 64, before="a" * 64, steps=[courses.step(0.1, "begun")])


def test_it_is_written_read_and_forgotten(workspace: Workspace) -> None:
    assert courses.read(workspace) is None
    courses.write(workspace, COURSE)
    assert courses.read(workspace) == COURSE
    wider = COURSE.stepped(0.5, "not much worse", 700)
    assert (wider.share, wider.ending, wider.steps[0]) == (0.5, "", COURSE.steps[0])
    assert wider.stepped(1.0, "", ending="everywhere").ending == "everywhere"
    courses.forget(workspace)
    courses.forget(workspace)
    assert courses.read(workspace) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": "2"}'])
def test_a_damaged_one_is_named(workspace: Workspace, text: str) -> None:
    workspace.canary.parent.mkdir()
    workspace.canary.write_text(text)
    with pytest.raises(WeldspotError, match=r"canary\.json: damaged \([^\n]+\)"):
        courses.read(workspace)
