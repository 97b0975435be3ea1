"""What counts of a draw, and what is said of the rest."""

import numpy as np
import pytest
from judged import SECTION
from reviews import HOSTILE
from uploads import jpeg
from weld_classes import CLASSES, always

from weldspot.images import dataset
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.loop.influence.fair import Copies, counted, over_the_share
from weldspot.loop.influence.known import Known


def test_each_reason_is_one_line_with_its_count() -> None:
    seen = np.array([fingerprint(dataset.decode(jpeg(seed, 96))) for seed in (1, 1, 2, 3, 4)])
    labels = np.eye(7, dtype=np.uint8)[[0, 0, 1, 2, 3]]
    known = Known(seen[[2, 3]].astype(np.float16), ["b", "c"], [[CLASSES[1]], [CLASSES[5]]], ["b", "c"], ["", ""])
    kept, notes = counted(seen, labels, ["", "", "", "", ""], Copies(known, 0.05), always(""), SECTION)
    assert kept.tolist() == [0, 4]
    assert notes == [
        "1 photographs are near-copies of others that wait: those count once",
        "2 photographs are near-copies of ones that the model was made with, 1 of them with other labels: none of them "
        "counts",
    ]


def test_who_sent_too_much_is_named() -> None:
    (line,) = over_the_share(["mallory"] * 60 + ["anna"], 50, SECTION)
    assert "mallory sent 60 of 61" in line
    assert over_the_share(["anna"], 0, SECTION) == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_name_that_somebody_made_up_steers_nothing(kind: str) -> None:
    (line,) = over_the_share([HOSTILE[kind]] * 60, 50, SECTION)
    assert line.isprintable()
