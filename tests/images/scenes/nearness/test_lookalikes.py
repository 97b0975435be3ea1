"""What is told of older lookalikes gives the groups that all of them give."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from lookalike_sets import stored, strangers, unit

from weldspot.images.scenes.groups import groups
from weldspot.images.scenes.nearness.lookalikes import Lookalikes
from weldspot.images.scenes.nearness.search import by_comparison

THRESHOLD = 0.35


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 20), st.lists(st.integers(1, 3), max_size=20).map(sorted), st.integers(0, 10**6))
def test_groups_are_those_of_all_pairs(tmp_path_factory, old: int, later: list[int], seed: int) -> None:
    """Pictures of which many are between two others, so that chains and bridges arise."""
    rng = np.random.default_rng(seed)
    ages = [0] * old + later
    base = strangers(9, seed)
    between = rng.integers(9, size=(len(ages), 2))
    prints = unit(base[between[:, 0]] + base[between[:, 1]] + 1e-9)
    names = [f"{k}.jpg" for k in range(len(ages))]
    file = stored(tmp_path_factory.getbasetemp(), prints)
    alike = Lookalikes(file, THRESHOLD, ages, by_comparison(file, THRESHOLD, ages))
    assert groups(names, prints, THRESHOLD, 5, ages, None, alike) == groups(names, prints, THRESHOLD, 5, ages)


def test_a_newcomer_between_two_scenes_and_all_that_are_joined_to_it_are_told_all_their_lookalikes(
    tmp_path: Path,
) -> None:
    base = strangers(3, 0)
    bridge = unit(base[:1] + base[1:2])
    prints = np.vstack([base, np.repeat(base[2:], 3, axis=0), bridge, base[:1], bridge])
    ages = [0, 0, 0, 1, 1, 1, 1, 2, 2]
    file = stored(tmp_path, prints)
    alike = Lookalikes(file, THRESHOLD, ages, by_comparison(file, THRESHOLD, ages))
    assert sorted(alike.older(6)) == [0, 1]
    assert sorted(alike.older(7)) == [0, 6]
    assert sorted(alike.older(8)) == [0, 1, 6, 7]
    assert sum(len(alike.older(j)) for j in (3, 4, 5)) == 3, "a scene that nothing else touches: one each"
