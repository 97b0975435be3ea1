"""The contact sheet shows what disagrees most and what lies farthest."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from judged import photographs
from matplotlib.figure import Figure
from pictures import pictures
from weld_classes import CLASSES

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
    current = photographs(np.random.default_rng(0), 3)
    current.labels[1], current.scores[1] = 0, np.linspace(0, 0.6, 7)
    current.labels[1, [2, 5]] = 1
    assert surprises._caption(current, 1, 2) == "welder: Crack, Porosity\nmodel: Crack 0.20"


def test_no_photograph_stands_in_both_rows_and_a_disagreement_names_its_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(2)
    reference, current = photographs(rng, 40), photographs(rng, 30)
    titles: list[str] = []

    def keep(figure: Figure, *_: object, **__: object) -> None:
        titles.extend(axes.get_title() for axes in figure.axes)

    monkeypatch.setattr(Figure, "savefig", keep)
    drawn: list[int] = []
    images = pictures(30)
    decode = type(images).decode
    monkeypatch.setattr(type(images), "decode", lambda self, rows: drawn.append(int(rows[0])) or decode(self, rows))
    surprises.draw(tmp_path / "x.png", images, current, reference)
    assert len(set(drawn)) == 2 * surprises.EACH
    gap = np.abs(current.labels - current.scores)
    column = int(gap[drawn[0]].argmax())
    told = f"model: {CLASSES[column]} {current.scores[drawn[0], column]:.2f}"
    assert titles[0].replace("\n", " ").endswith(told)
