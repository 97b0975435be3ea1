"""What is a copy of what, also turned and relit."""

import numpy as np
from uploads import jpeg

from weldspot.images import dataset
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.loop.influence.copies import fresh, nearest, sets


def prints(*seeds: int) -> np.ndarray:
    return np.array([fingerprint(dataset.decode(jpeg(seed, 96))) for seed in seeds]).reshape(-1, 1024)


def turned(seed: int) -> np.ndarray:
    return fingerprint(np.rot90(dataset.decode(jpeg(seed, 96))).copy())[None]


def test_the_first_of_near_copies_stands_for_all() -> None:
    both = np.concatenate([prints(1, 2), turned(1), prints(2, 3)])
    assert sets(both, 0.05).tolist() == [0, 1, 0, 1, 4]


def test_what_is_known_does_not_count_at_all() -> None:
    counts, old, where = fresh(np.concatenate([prints(1, 2, 2), turned(9)]), prints(9, 8), 0.05)
    assert counts.tolist() == [True, True, False, False]
    assert old.tolist() == [False, False, False, True]
    assert where[3] == 0


def test_nothing_is_near_where_nothing_is_known() -> None:
    where, apart = nearest(prints(1), np.zeros((0, 1024), np.float16))
    assert where.tolist() == [-1]
    assert np.isinf(apart).all()
