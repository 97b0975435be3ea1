"""What drift admits under each policy."""

import pytest
from reviews import decided

from weldspot.config.sections.loop import Admit, Review
from weldspot.loop.feedback.senders import Sent
from weldspot.loop.review.log import Log
from weldspot.loop.review.policy import fates, is_drawn
from weldspot.workspace import Workspace

SECTION = Review(share=0.3, max_errors=0.1, unreviewed=5)
SENT = [Sent("own", "me", "loopback"), *(Sent(name, "anna", "network") for name in ("good", "changed", "bad", "new"))]


@pytest.fixture
def log(workspace: Workspace) -> Log:
    found = Log(workspace)
    decided(found, "good")
    decided(found, "changed", "change")
    decided(found, "bad", "reject")
    return found


@pytest.mark.parametrize(
    ("mode", "own", "new"),
    [("auto", "admit", "wait"), ("reviewed", "wait", "wait"), ("all", "admit", "admit"), ("sampled", "wait", "wait")],
)
def test_a_decision_counts_under_every_policy_and_else_the_policy_does(
    log: Log, mode: Admit, own: str, new: str
) -> None:
    assert fates(mode, SENT, log.last(), SECTION, {}) == [own, "admit", "admit", "reject", new]


def test_with_all_one_uploader_has_so_many_without_review_over_its_life() -> None:
    flood = [Sent(str(k), "mallory", "network") for k in range(20)] + [
        Sent(f"b{k}", "ben", "network") for k in range(3)
    ]
    found = fates("all", flood, {}, SECTION, {"mallory": 3})
    assert [found[:20].count("admit"), found[20:].count("admit")] == [2, 3]
    own = [Sent(str(k), "me", "loopback") for k in range(20)]
    assert set(fates("all", own, {}, SECTION, {})) == {"admit"}, "one's own machine is not bounded"


def test_sampled_admits_the_rest_of_who_was_right_often_enough(log: Log) -> None:
    sent = [Sent(f"u{k}", "anna", "network") for k in range(200)]
    drawn = [one for one in sent if is_drawn(one.key, SECTION.share)]
    assert 40 <= len(drawn) <= 80
    section = Review(share=0.3, max_errors=0.1, unreviewed=1000)
    for one in drawn[:-1]:
        decided(log, one.key)
    assert "admit" not in {fate for one, fate in zip(sent, fates("sampled", sent, log.last(), section, {}), strict=True)
                           if one not in drawn}, "one of the drawn is not reviewed yet"  # fmt: skip
    decided(log, drawn[-1].key)
    assert log.last()["bad"].decision == "reject"
    assert set(fates("sampled", sent, log.last(), section, {})) == ({"admit"} if len(drawn) > 59 else {"admit", "wait"})
    for entry in ("bad", "changed"):
        decided(log, entry, "undo")
    assert set(fates("sampled", sent, log.last(), section, {})) == {"admit"}
