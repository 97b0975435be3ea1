"""Draws from a sample, scene by scene."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import photographs
from weld_classes import CLASSES

from weldspot.loop.drift.sample import SHOTS, Sample


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(1, 80), st.integers(0, 99))
def test_a_draw_has_its_size_and_takes_a_few_of_a_scene_at_a_time(groups: list[int], n: int, seed: int) -> None:
    sample = photographs(np.random.default_rng(0), len(groups))
    visits = np.array([100 * g + groups[:row].count(g) // SHOTS for row, g in enumerate(groups)])
    sample = Sample(
        CLASSES, visits[:, None].astype(float), sample.scores, sample.labels, sample.embeddings, np.array(groups)
    )
    drawn = sample.draw(n, np.random.default_rng(seed))
    assert len(drawn) == n
    cut = [v for v in set(visits) if (drawn.quality == v).sum() % (visits == v).sum()]
    assert len(cut) <= 1, "only the last visit is cut to size"


def test_drawing_leaves_the_shares_of_large_and_small_scenes() -> None:
    sample = photographs(np.random.default_rng(0), 120)
    groups = np.where(np.arange(120) < 60, -1, np.arange(120))  # one of sixty, sixty of one
    sample = Sample(CLASSES, sample.quality, sample.scores, sample.labels, sample.embeddings, groups)
    drawn = sample.draw(20_000, np.random.default_rng(1))
    alone = (drawn.groups == -1).mean()
    assert 0.45 < alone < 0.55


def test_taking_rows_keeps_what_belongs_together() -> None:
    sample = photographs(np.random.default_rng(0), 30)
    rows = np.array([7, 3, 7])
    taken = sample.take(rows)
    assert len(taken) == 3
    for name in ("quality", "scores", "labels", "embeddings", "groups"):
        assert (getattr(taken, name) == getattr(sample, name)[rows]).all()
