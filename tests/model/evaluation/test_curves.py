"""Tables for `dvc plots`, and their pictures."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from matplotlib.figure import Figure
from weld_classes import CLASSES, WELD, of

from weldspot.model.evaluation import curves, metrics


def scored(count: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = np.eye(7, dtype=np.uint8)[rng.integers(6, size=count)]  # no Splatters: a class without curves
    return truth, np.clip(truth * 0.4 + rng.uniform(0, 0.6, truth.shape), 0, 1).astype(np.float32)


def reliability_as_it_always_was(truth: np.ndarray, scores: np.ndarray, bins: int) -> list[tuple[str, str]]:
    flat, hit = scores.ravel(), truth.ravel()
    index = np.minimum((flat * bins).astype(int), bins - 1)
    used = np.unique(index)
    return [(f"{flat[index == b].mean():.6g}", f"{hit[index == b].mean():.6g}") for b in used]


def rows(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text().splitlines()]


def test_every_curve_is_a_table_and_a_picture_the_same_each_time(tmp_path: Path) -> None:
    truth, probabilities = scored()
    (tmp_path / "again").mkdir()
    for folder in (tmp_path, tmp_path / "again"):
        curves.write_curves(folder, WELD, truth, probabilities, 10)
    for name in ("roc", "precision_recall", "reliability"):
        picture = cv2.imread(str(tmp_path / f"{name}.png"))
        assert picture is not None
        assert picture.std() > 10
        for suffix in ("csv", "png"):
            assert (tmp_path / f"{name}.{suffix}").read_bytes() == (tmp_path / f"again/{name}.{suffix}").read_bytes()
    header, *roc = rows(tmp_path / "roc.csv")
    assert header == ["false_positive_rate", "true_positive_rate"]
    assert (roc[0], roc[-1]) == (["0", "0"], ["1", "1"])
    header, *points = rows(tmp_path / "precision_recall.csv")
    assert header == ["recall", "precision"]
    assert (points[0][0], points[-1]) == ("1", ["0", "1"])


def test_reliability_is_to_the_digit_what_it_always_was(tmp_path: Path) -> None:
    truth, probabilities = scored()
    curves.write_curves(tmp_path, WELD, truth, probabilities, 10)
    header, *found = rows(tmp_path / "reliability.csv")
    assert header == ["confidence", "frequency"]
    assert [tuple(row) for row in found] == reliability_as_it_always_was(truth, probabilities, 10)


def test_every_class_has_a_panel_of_its_own_with_its_score_and_how_many_show_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth, probabilities = scored()
    drawn: dict[str, list[str]] = {}
    lines: list[int] = []

    def keep(figure: Figure, path: Path, **_: object) -> None:
        drawn[path.stem] = [axes.get_title() for axes in figure.axes]
        lines.extend(sum(line.get_linestyle() == "-" for line in axes.lines) for axes in figure.axes)

    monkeypatch.setattr(Figure, "savefig", keep)
    curves.write_curves(tmp_path, WELD, truth, probabilities, 10)
    ap = metrics.average_precision(truth, probabilities)
    counts = truth.sum(0)
    titles = [f"{name}\nAP {ap[k]:.3f}, {counts[k]} of 300" for k, name in enumerate(CLASSES[:6])]
    assert drawn["precision_recall"][:6] == titles
    assert drawn["roc"][6] == "Splatters\nnot measured, 0 of 300"
    assert drawn["reliability"][7].startswith(f"{curves.ALL}\nmean gap ")
    assert max(lines) == 1, "no curve hides another"


@pytest.mark.parametrize("count", [1, 200, 5000])
def test_a_long_table_keeps_its_ends(tmp_path: Path, count: int) -> None:
    values = np.arange(count)
    curves.write_csv(tmp_path / "t.csv", "a,b", [values, values / 2])
    header, *found = rows(tmp_path / "t.csv")
    assert header == ["a", "b"]
    assert len(found) == min(count, 200)
    assert (found[0], found[-1]) == (["0", "0"], [f"{count - 1}", f"{(count - 1) / 2:.6g}"])


def test_a_label_that_is_missed_is_told_by_the_class_scored_highest(tmp_path: Path) -> None:
    truth = np.zeros((2, 7), np.uint8)
    truth[0, [2, 5]] = 1
    truth[1, 4] = 1
    probabilities = np.full((2, 7), 0.1)
    probabilities[0, [2, 5]] = 0.9, 0.4  # Porosity is under its threshold, Crack is over it
    probabilities[1, 1] = 0.6
    curves.write_confusion(tmp_path / "confusion.csv", WELD, truth, probabilities, np.full(7, 0.5))
    expected = [["actual", "predicted"], ["Crack", "Crack"], ["Porosity", "Crack"], ["Good Welding", "Bad Welding"]]
    assert rows(tmp_path / "confusion.csv") == expected


def test_of_an_exclusive_list_it_is_the_confusion_matrix(tmp_path: Path) -> None:
    truth = np.eye(3, dtype=np.uint8)[[0, 1, 1]]
    probabilities = np.array([[0.5, 0.3, 0.2], [0.52, 0.48, 0.0], [0.1, 0.6, 0.3]])
    curves.write_confusion(tmp_path / "c.csv", of(3, exclusive=True), truth, probabilities, np.array([0.9, 0.1, 0.1]))
    assert rows(tmp_path / "c.csv")[1:] == [["Class 0", "Class 0"], ["Class 1", "Class 0"], ["Class 1", "Class 1"]]
