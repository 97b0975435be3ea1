"""What is tried now, for people."""

from counted import A, B, days, report

from weldspot.loop.canary.standing import standing
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.course import Course
from weldspot.loop.telemetry import reports
from weldspot.workspace import Workspace


def test_it_tells_of_the_phones_of_this_canary_alone(workspace: Workspace) -> None:
    assert standing(workspace) is None
    course = Course(version="2", sha256=B, before=A, steps=[courses.step(0.1, "begun")])
    courses.write(workspace, course)
    others = [report(7, corrections=20), *days(9, 0, 1, 3, challenger="c" * 64)]
    stopped = days(5, 0.05, 0.05, 4, day="2020-01-01")
    reports.append(workspace, [*others, *stopped, *days(60, 0.05, 0.05)])
    found = standing(workspace)
    assert found is not None
    assert found.evidence.challenger.reports + found.evidence.production.reports == 60
    line = found.line()
    assert line.startswith("version 2 on 10% of the phones since 20")
    assert "evidence against it" in line
    courses.write(workspace, course.stepped(0.1, "worse", ending="taken back"))
    ended = standing(workspace)
    assert ended is not None
    assert ", to be taken back: " in ended.line()
