"""Every named shift changes what it says and nothing else."""

import numpy as np
import pytest
from weld_classes import BACKGROUND, CLASSES, WELD

from weldspot.labels import ClassList
from weldspot.loop.simulation import shifts
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.synthetic.scene import render

PICTURE = render(7, 3, 160).image
OF_THE_PICTURE = ("night", "blur", "white-balance", "jpeg", "new-plates")


def hot(*names: str) -> np.ndarray:
    return np.array([name in names for name in CLASSES], np.uint8)


@pytest.mark.parametrize("shift", shifts.SHIFTS)
def test_a_picture_stays_a_picture_and_a_seed_decides(shift: shifts.Shift) -> None:
    first, second = (shifts.apply(shift, PICTURE.copy(), np.random.default_rng(5)) for _ in range(2))
    assert (first.shape, first.dtype) == (PICTURE.shape, np.uint8)
    assert (first == second).all()
    assert (first == PICTURE).all() == (shift not in OF_THE_PICTURE)


def test_night_is_dark_and_blur_has_no_edges() -> None:
    rng = np.random.default_rng(0)
    assert shifts.apply("night", PICTURE, rng).mean() < 0.6 * PICTURE.mean()
    assert (
        np.abs(np.diff(shifts.apply("blur", PICTURE, rng).astype(int), axis=1)).mean()
        < np.abs(np.diff(PICTURE.astype(int), axis=1)).mean()
    )


def test_only_a_wrong_model_meets_other_labels_and_never_on_background() -> None:
    rng, crack = np.random.default_rng(1), hot("Crack")
    assert all((shifts.relabel("night", crack, WELD, rng) == crack).all() for _ in range(50))
    said = [shifts.relabel("model-wrong", crack, WELD, rng) for _ in range(500)]
    changed = [labels for labels in said if (labels != crack).any()]
    assert 0.3 < len(changed) / 500 < 0.5
    assert all(labels.sum() == 1 and not labels[0] for labels in changed)
    assert all((shifts.relabel("model-wrong", hot(BACKGROUND), WELD, rng) == hot(BACKGROUND)).all() for _ in range(50))


def test_more_porosity_keeps_all_pores_and_a_fifth_of_the_rest() -> None:
    rng = np.random.default_rng(2)
    assert all(shifts.keep("more-porosity", hot("Porosity"), WELD, rng) for _ in range(100))
    assert 0.1 < np.mean([shifts.keep("more-porosity", hot("Crack"), WELD, rng) for _ in range(500)]) < 0.3
    assert all(shifts.keep("none", hot("Crack"), WELD, rng) for _ in range(100))


def test_a_photograph_is_the_seeds_own() -> None:
    first, again = shifts.photograph(11, 4, "night", 96, WELD), shifts.photograph(11, 4, "night", 96, WELD)
    assert first is not None
    assert again is not None
    assert (first[0] == again[0]).all()
    assert first[1] == again[1]
    assert set(first[1]) <= set(CLASSES)


def test_a_list_without_the_shifts_class_is_one_line_and_stops_no_other_shift() -> None:
    without = ClassList(tuple(name for name in CLASSES if name != "Porosity"), BACKGROUND)
    said = []
    for shift in shifts.SHIFTS:
        try:
            shifts.check(shift, without)
        except WeldspotError as error:
            said.append(str(error))
    assert len(said) == 1
    assert said[0].startswith(
        "simulate --shift more-porosity: Porosity is none of the classes (Background, Bad Welding, "
    )
    taken = [shifts.photograph(7, index, "night", 64, without) for index in range(40)]
    assert any(one is None for one in taken), "what shows pores alone is not taken, and is never called Background"
    assert all("Porosity" not in one[1] for one in taken if one)


def test_an_exclusive_list_has_one_label_each_and_one_without_background_no_empty_photograph() -> None:
    for classes in (ClassList(CLASSES, BACKGROUND, True), ClassList(("Crack", "Porosity"))):
        taken = [one for index in range(60) if (one := shifts.photograph(7, index, "none", 64, classes))]
        assert taken
        assert all(set(labels) <= set(classes.names) for _, labels in taken)
        assert all(len(labels) == 1 for _, labels in taken if classes.exclusive)


def test_a_weld_of_every_class_can_not_be_taken_for_another() -> None:
    everything = hot(*CLASSES[1:])
    rng = np.random.default_rng(3)
    assert all((shifts.relabel("model-wrong", everything, WELD, rng) == everything).all() for _ in range(20))
