"""The contact sheet shows what disagrees most and what lies farthest."""

from pathlib import Path

import cv2
import numpy as np
from judged import photographs
from pictures import pictures

from weldspot.loop.drift import surprises


def test_a_sheet_is_drawn_also_of_fewer_than_fill_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    reference = photographs(rng, 40)
    for n in (3, 30):
        surprises.draw(tmp_path / f"{n}.png", pictures(n), photographs(rng, n), reference)
        sheet = cv2.imread(str(tmp_path / f"{n}.png"))
        assert sheet is not None
        assert sheet.shape[1] > sheet.shape[0] > 300


def test_the_distance_is_to_the_nearest_of_the_reference() -> None:
    rng = np.random.default_rng(1)
    current, reference = photographs(rng, 20), photographs(rng, 30)
    gaps = ((current.embeddings[:, None] - reference.embeddings[None]) ** 2).sum(2).min(1)
    assert np.allclose(surprises._distance(current, reference), gaps, atol=1e-4)


def test_a_caption_says_what_welder_and_model_say() -> None:
    labels, scores = np.zeros(7, np.uint8), np.linspace(0, 0.6, 7)
    labels[[2, 5]] = 1
    assert surprises._caption(labels, scores) == "welder: Crack, Porosity\nmodel: Splatters 0.60"
