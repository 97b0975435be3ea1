import exports
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.labels import canonical
from weldspot.sources import layouts
from weldspot.sources.archive import Archive
from weldspot.sources.record import Record, Rejected


def read(tmp_path, files):
    path = tmp_path / "export.zip"
    path.write_bytes(exports.zipped(files))
    with Archive(path) as archive:
        layout = layouts.recognise(archive, "here")
        return layout, list(layouts.read(archive, layout))


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
    layout, items = read(tmp_path, files)
    assert layout == expected
    assert all(isinstance(item, Record) for item in items)
    assert {i.name.split("/")[-1]: set(i.labels) for i in items} == {
        name.split("/")[-1]: labels for name, labels in exports.LABELS.items()
    }


@pytest.mark.parametrize("files", [exports.voc(), exports.yolo(), exports.yolo(polygons=True)])
def test_boxes_are_the_same_in_every_layout_that_has_them(tmp_path, files):
    for record in read(tmp_path, files)[1]:
        wanted = next(b for n, b in exports.PHOTOS.items() if n.endswith(record.name.split("/")[-1]))
        scale = exports.SIDE / record.frame[0]
        for found, box in zip(record.boxes, wanted, strict=True):
            assert found[0] == box[0]
            assert [side * scale for side in found[1:]] == pytest.approx(box[1:])


def test_a_folder_is_the_label_of_its_images(tmp_path):
    layout, items = read(tmp_path, exports.class_folders())
    assert layout == "class_folders"
    assert sorted(item.labels for item in items) == [("Crack",), ("Good Welding",), ("Porosity",)]
    assert canonical(items[0].labels[0])


def test_something_else_is_refused_in_one_line_that_lists_the_four(tmp_path):
    with pytest.raises(WeldspotError) as error:
        read(tmp_path, {"notes.txt": b"hello", "holiday/beach.jpg": b"x"})
    assert all(word in str(error.value) for word in ("VOC", "_classes.csv", "data.yaml", "Crack/1.jpg", "here"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"", "empty file"),
        (b"<annotation><object>", "not valid XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><annotation/>", "entities"),
        (exports.xml([("Crack", "left", 0, 5, 5)]), "xmin is 'left'"),
        (exports.xml([("Crack", "nan", 0, 5, 5)]), "not a number"),
    ],
)
def test_a_bad_annotation_rejects_its_image_only(tmp_path, xml, reason):
    _, items = read(tmp_path, exports.voc() | {"train/z.jpg": b"x", "train/z.xml": xml, "train/lone.xml": b"<a/>"})
    rejected = {item.name: item.reason for item in items if isinstance(item, Rejected)}
    assert set(rejected) == {"train/z.jpg", "train/lone.xml"}
    assert reason in rejected["train/z.jpg"]


def test_images_and_rows_of_a_table_that_do_not_meet_are_rejected(tmp_path):
    files = exports.multiclass()
    files["train/_classes.csv"] += b"ghost.jpg, 0, 1, 0, 0, 0, 0\nseam-x.jpg, 1\n"
    _, items = read(tmp_path, files | {"train/seam-x.jpg": b"x", "train/unlisted.jpg": b"x"})
    rejected = {item.name: item.reason for item in items if isinstance(item, Rejected)}
    assert set(rejected) == {"train/ghost.jpg", "train/seam-x.jpg", "train/unlisted.jpg"}
    assert "6 classes" in rejected["train/seam-x.jpg"]


@pytest.mark.parametrize(
    ("line", "reason"), [("9 .5 .5 .1 .1", "class number 9"), ("1 .5 .5", "neither"), ("1 x .5 .5 .1", "not numbers")]
)
def test_a_bad_yolo_line_rejects_its_image(tmp_path, line, reason):
    files = exports.yolo() | {"train/images/z.jpg": b"x", "train/labels/z.txt": line.encode()}
    rejected = [item for item in read(tmp_path, files)[1] if isinstance(item, Rejected)]
    assert [item.name for item in rejected] == ["train/images/z.jpg"]
    assert reason in rejected[0].reason
