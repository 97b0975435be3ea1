"""Several annotations of a task: which of them counts, and when nobody knows."""

import pytest

from weldspot.sources.layouts.label_studio import tasks
from weldspot.sources.layouts.label_studio.tasks import Annotation

SIZE = {"original_width": 200, "original_height": 100, "image_rotation": 0}
RECT = {"x": 12.5, "y": 25, "width": 25, "height": 50, "rotation": 0}


def result(label: str = "Crack", **more: object) -> dict:
    return {"id": "r", "type": "rectanglelabels", "value": RECT | {"rectanglelabels": [label]}} | SIZE | more


def full(*results: dict, **more: object) -> Annotation:
    return tasks.full({"result": list(results)} | more)


def test_boxes_are_in_pixels_of_the_picture() -> None:
    assert full(result(), updated_at="2024") == Annotation(
        ("Crack",), (("Crack", 25.0, 25.0, 75.0, 75.0),), (200.0, 100.0), "2024"
    )


def test_choices_of_the_whole_image_are_classes_and_those_of_a_region_are_not() -> None:
    image = {"id": "c", "type": "choices", "value": {"choices": ["Bad Welding"]}}
    of_region = {"id": "r", "type": "choices", "value": RECT | {"choices": ["severe"]}}
    text = {"id": "t", "type": "textarea", "value": {"text": ["a note"]}}
    assert full(result(), of_region, image, text, {"type": "relation"}).labels == ("Crack", "Bad Welding")


def test_a_shape_and_its_labels_may_be_two_results() -> None:
    shape = {"id": "r", "type": "rectangle", "value": RECT} | SIZE
    labels = {"id": "r", "type": "labels", "value": RECT | {"labels": ["Crack"]}} | SIZE
    assert full(shape, labels).labels == ("Crack",)
    assert full(shape).problem == "annotation has a region without a label"


@pytest.mark.parametrize("found", [{}, {"result": None}, {"result": [5]}])
def test_results_that_are_none_are_a_problem(found: dict) -> None:
    assert tasks.full(found).problem == "annotation has no list of results"


def test_pictures_of_two_sizes_are_a_problem() -> None:
    assert full(result(), result(original_width=300)).problem == "annotation has regions of pictures of several sizes"


def settle(*found: Annotation) -> tuple[tuple[str, ...], str]:
    said = tasks.settle(found, ("a.jpg",), ("", ""))
    return said.labels, said.problem


def test_what_was_cancelled_does_not_count() -> None:
    crack, skipped = Annotation(("Crack",)), Annotation(("Pore",), cancelled=True)
    assert settle(crack, skipped) == (("Crack",), "")
    assert settle(skipped)[1] == "skipped in Label Studio"
    assert settle()[1] == "no annotation of it is finished"


def test_ground_truth_goes_before_the_rest() -> None:
    assert settle(Annotation(("Crack",), when="9"), Annotation(("Pore",), truth=True)) == (("Pore",), "")


def test_of_several_that_agree_the_last_counts() -> None:
    first, last = Annotation(("Crack", "Crack"), when="2024-05-02"), Annotation(("Crack",), when="2024-05-01")
    assert settle(first, last) == (("Crack", "Crack"), "")


def test_of_several_that_do_not_agree_none_counts() -> None:
    problem = settle(Annotation(("Crack",)), Annotation(("Pore",)))[1]
    assert problem == "its 2 annotations do not agree about its classes; mark one as ground truth"
    assert settle(Annotation(("Crack",)), Annotation(problem="bad"))[1] == "bad"


def test_rows_of_json_min() -> None:
    row = {"image": "a.jpg", "id": 4, "label": [RECT | SIZE | {"rectanglelabels": ["Crack"]}], "updated_at": "2024"}
    assert tasks.minimal(row, "").boxes == (("Crack", 25.0, 25.0, 75.0, 75.0),)
    assert tasks.minimal({"image": "a.jpg", "choice": "Crack"}, "choice").labels == ("Crack",)
    assert tasks.minimal({"kind": {"choices": ["Crack", "Pore"]}}, "").labels == ("Crack", "Pore")
    assert tasks.minimal({"label": [RECT]}, "").problem == "annotation has a region without a label"
    assert tasks.choices(row | {"choice": "x", "station": "A"}, ("a.jpg",)) == {"choice", "station"}
