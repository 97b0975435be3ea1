"""Label Studio's files: which of them are read, and what is refused."""

import json
from pathlib import Path

import pytest
from surveyed import survey

from weldspot.sources.layouts.label_studio import label_studio
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.record import Record, Rejected

PICTURES = {"images/a.jpg": b"x", "images/b.jpg": b"x"}
A, B = PICTURES
RECT = {"x": 12.5, "y": 25, "width": 25, "height": 50, "rotation": 0, "original_width": 200, "original_height": 100}


def read(path: Path, content: object, name: str = "export.json") -> tuple[Survey, dict[str, Record | Rejected]]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return survey(path, label_studio, PICTURES | {name: data})


def task(image: str, *labels: str, **more: object) -> dict:
    results = [{"id": str(i), "from_name": "c", "value": {"choices": [label]}} for i, label in enumerate(labels)]
    return {"id": 1, "data": {"image": image}, "annotations": [{"result": results}]} | more


def test_choices_are_classes_of_the_image(tmp_path: Path) -> None:
    items = read(tmp_path, [task("a.jpg", "Crack", "Porosity"), task("b.jpg")])[1]
    assert [(item.labels, item.boxes) for item in items.values()] == [(("Crack", "Porosity"), ()), ((), ())]


def test_completions_are_what_annotations_were_called(tmp_path: Path) -> None:
    old = {"id": 1, "data": {"image": "a.jpg"}, "completions": task("a.jpg", "Crack")["annotations"]}
    assert read(tmp_path, [old])[1][A].labels == ("Crack",)


def test_a_task_that_names_no_image_is_lost_by_its_number(tmp_path: Path) -> None:
    found = read(tmp_path, [task("a.jpg", "Crack"), task("", "Crack", id=7, data={"text": "x"})])[0]
    assert found.orphans == {"export.json: task 7": "names no image in its data"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"id": 1, "result": [{"from_name": "c"}]}, "no list of tasks"),
        ([task("a.jpg", "Crack"), 5], "no list of tasks"),
        ([task("a.jpg", "Crack", annotations=None, total_annotations=0)], "task 1 has no list of annotations"),
        (json.dumps([task("a.jpg", "Crack")]).encode()[:-4], "can't be read"),
        ([{"image": "a.jpg", "one": "Crack", "two": "x", "annotation_id": 4}], "each of one, two could be its class"),
    ],
)  # fmt: skip
def test_what_can_not_be_told_is_refused(tmp_path: Path, content: object, why: str) -> None:
    problem = read(tmp_path, content)[0].problem
    assert problem.startswith("export.json can't be read")
    assert why in problem


def row(image: str, **more: object) -> dict:
    return {
        "image": image,
        "id": image,
        "annotator": 1,
        "annotation_id": 3,
        "created_at": "2024",
        "lead_time": 1,
    } | more


def test_rows_of_one_task_come_together(tmp_path: Path) -> None:
    rows = [row("a.jpg", choice="Crack"), row("b.jpg", choice="Crack"), row("a.jpg", choice="Porosity")]
    items = read(tmp_path, rows)[1]
    assert items[A].reason == "its 2 annotations do not agree about its classes; mark one as ground truth"
    assert items[B].labels == ("Crack",)


@pytest.mark.parametrize("column", ["choice", "defect"])
def test_a_choice_may_stand_in_any_one_column(tmp_path: Path, column: str) -> None:
    assert read(tmp_path, [row("a.jpg", **{column: "Crack"})])[1][A].labels == ("Crack",)
    regions = {"label": [RECT | {"rectanglelabels": ["Porosity"]}]}
    found = read(tmp_path, [row("a.jpg", **{column: "Crack"} | regions)])[1][A]
    assert found.labels == (("Crack", "Porosity") if column == "choice" else ("Porosity",))


def test_a_table(tmp_path: Path) -> None:
    cell = json.dumps([RECT | {"rectanglelabels": ["Crack"]}]).replace('"', '""')
    head = "image,id,label,annotator,annotation_id,created_at,updated_at,lead_time\n"
    text = head + f'a.jpg,1,"{cell}",1,1,2024,2024,3.5\nb.jpg,2,[],1,2,2024,2024,1\n'
    items = read(tmp_path, text.encode(), "export.csv")[1]
    assert items[A].boxes == (("Crack", 25.0, 25.0, 75.0, 75.0),)
    assert items[B] == Record(B, (), (), (1.0, 1.0))
    for cut in (text[:-14], text[: len(head) + 40]):
        assert "can't be read" in read(tmp_path, cut.encode(), "export.csv")[0].problem
