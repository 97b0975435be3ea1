"""From evidence to the next step: wider, taken back, or as it is."""

from weldspot.config.sections.loop import Canary
from weldspot.loop.canary.evidence import Evidence
from weldspot.loop.publishing.course import Course

ENOUGH = 20.0  # times the capital that a bet began with: to be sure that it is not much worse


def decided(course: Course, found: Evidence, section: Canary) -> Course:
    """The course with a step more, or as it is."""
    looks = found.challenger.looks
    most = 1 / section.wrong_take_backs
    if found.worse >= most:
        return course.stepped(course.share, f"worse: {told(found)}", looks, "taken back")
    since = looks - course.steps[-1].looks
    if found.fit < ENOUGH or found.worse >= 1 or since < section.min_looks:
        return course
    wider = [share for share in sorted(section.steps) if share > course.share]
    why = f"not much worse: {told(found)}"
    if not wider or wider[0] >= 1:
        return course.stepped(1.0, why, looks, "everywhere")
    return course.stepped(wider[0], why, looks)


def told(found: Evidence) -> str:
    """What phones have said, in words."""
    one, other = found.challenger, found.production
    words = [
        f"{one.looks} looks with it, {one.rate:.1%} of them corrected, and {one.latency:.0f} ms",
        f"on the same phones {other.looks} with the one before, {other.rate:.1%} and {other.latency:.0f} ms",
    ]
    if found.shadowed:
        words.append(f"{found.disagreed / found.shadowed:.0%} of {found.shadowed} seen otherwise")
    return "; ".join(words)
