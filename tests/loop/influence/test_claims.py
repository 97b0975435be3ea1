"""Claims beside what the model gives."""

import numpy as np

from weldspot.loop.influence.claims import compared

GIVEN = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]], np.float32)


def test_a_claim_that_the_model_never_made_is_told_with_its_sender() -> None:
    found = compared(
        [[0.9, 0.1], [0.9, 0.1], [0.0, 1.0]], GIVEN, np.array([True, True, False]), ["anna", "mallory", "x"]
    )
    assert (found.compared, found.apart, found.by) == (2, 1, ("mallory",))
    assert found.sentence().startswith("1 of 2 photographs came with scores that the model does not give them")


def test_what_a_phone_s_own_frame_changes_is_no_lie() -> None:
    found = compared(GIVEN + 0.1, GIVEN, np.ones(3, bool), ["a", "b", "c"])
    assert found.apart == 0
    assert found.sentence() == ""
