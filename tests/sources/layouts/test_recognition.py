"""Which of the four layouts an export has; what it says is the same in each."""

import exports
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.record import Record


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        ("voc", exports.voc()),
        ("voc", exports.voc_split()),
        ("voc", {f"one/more/{n}": d for n, d in exports.voc().items()}),
        ("multiclass", exports.multiclass()),
        ("yolo", exports.yolo()),
        ("yolo", exports.yolo(polygons=True)),
    ],
)
def test_each_layout_is_recognised_and_gives_the_same_labels(tmp_path, expected, files):
    layout, items = exports.read(tmp_path / "in.zip", files)
    assert layout == expected
    assert all(isinstance(item, Record) for item in items)
    assert {i.name.split("/")[-1]: set(i.labels) for i in items} == {
        name.split("/")[-1]: labels for name, labels in exports.LABELS.items()
    }


@pytest.mark.parametrize("files", [exports.voc(), exports.yolo(), exports.yolo(polygons=True)])
def test_boxes_are_the_same_in_every_layout_that_has_them(tmp_path, files):
    for record in exports.read(tmp_path / "in.zip", files)[1]:
        wanted = next(b for n, b in exports.PHOTOS.items() if n.endswith(record.name.split("/")[-1]))
        scale = exports.SIDE / record.frame[0]
        for found, box in zip(record.boxes, wanted, strict=True):
            assert found[0] == box[0]
            assert [side * scale for side in found[1:]] == pytest.approx(box[1:])


def test_something_else_is_refused_in_one_line_that_lists_the_four(tmp_path):
    with pytest.raises(WeldspotError) as error:
        exports.read(tmp_path / "in.zip", {"notes.txt": b"hello", "holiday/beach.jpg": b"x"})
    assert all(word in str(error.value) for word in ("VOC", "_classes.csv", "data.yaml", "Crack/1.jpg", "here"))
    assert "\n" not in str(error.value)


def test_what_the_archive_refuses_is_rejected_in_every_layout(tmp_path):
    rejected = exports.rejected(tmp_path / "in.zip", exports.class_folders() | {"../Crack/up.jpg": b"x"})
    assert rejected == {"../Crack/up.jpg": "a path that climbs out of the zip"}
