"""From evidence to the next step."""

from counted import A, B, days
from test_evidence import SECTION

from weldspot.loop.canary import evidence
from weldspot.loop.canary.deciding import decided, told
from weldspot.loop.publishing.course import Course, Step

COURSE = Course(version="2", sha256=B, before=A, steps=[Step(share=0.1, at="2026-06-01", why="begun")])


def test_worse_is_taken_back_with_the_reason() -> None:
    found = decided(COURSE, evidence.of(days(150, 0.03, 0.15), SECTION), SECTION)
    assert found.ending == "taken back"
    assert found.steps[-1].why.startswith("worse: ")
    assert "of them corrected" in found.steps[-1].why


def test_not_much_worse_is_widened_step_by_step_and_then_everywhere() -> None:
    some, more, most = (evidence.of(days(n, 0.06, 0.04), SECTION) for n in (400, 550, 700))
    first = decided(COURSE, some, SECTION)
    assert (first.share, first.ending, first.steps[-1].looks) == (0.5, "", some.challenger.looks)
    assert decided(first, some, SECTION) == first, "nothing new has come since"
    last = decided(first, more, SECTION)
    assert (last.share, last.ending) == (1.0, "everywhere")
    assert most.challenger.looks > more.challenger.looks


def test_too_little_holds() -> None:
    assert decided(COURSE, evidence.of(days(20, 0.05, 0.05), SECTION), SECTION) == COURSE
    strict = SECTION.model_copy(update={"min_looks": 100_000})
    assert decided(COURSE, evidence.of(days(400, 0.05, 0.05), SECTION), strict) == COURSE


def test_it_is_told_in_words() -> None:
    said = told(evidence.of(days(50, 0.05, 0.05, shadowed=10, disagreed=1), SECTION))
    assert "looks with it" in said
    assert "on the same phones" in said
    assert "10% of 500 seen otherwise" in said
