"""Which of the four layouts an export has; what it says is the same in each."""

import exports
import pytest
import writers

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


def test_something_else_is_refused_in_one_line_that_names_the_three_that_come_closest(tmp_path):
    with pytest.raises(WeldspotError) as error:
        exports.read(tmp_path / "in.zip", {"notes.txt": b"hello", "beach.jpg": b"x"})
    said = str(error.value)
    assert said.startswith("here: none of the ")
    assert "the closest are YOLO (missing: data.yaml with labels/*.txt), " in said
    assert said.count("(missing: ") == 3
    assert "\n" not in said


@pytest.mark.parametrize("make", [exports.voc, exports.yolo])
def test_annotations_of_which_most_have_no_image_stop_it_with_counts(tmp_path, make):
    files = make(exports.PHOTOS | exports.MORE) if make is exports.voc else make(photos=exports.PHOTOS | exports.MORE)
    gone = [name for name in files if name.endswith(".jpg")][:16]
    with pytest.raises(WeldspotError, match=r"16 of 30 annotated images are not there .*14 images are"):
        exports.read(tmp_path / "in.zip", {name: data for name, data in files.items() if name not in gone})
    few = {name: data for name, data in files.items() if name not in gone[:15]}
    items = exports.read(tmp_path / "in.zip", few)[1]
    assert sum(isinstance(item, Record) for item in items) == 15


@pytest.mark.parametrize("stray", [{"a/x.xml": exports.xml([("Crack", 1, 1, 5, 5)])}, {"a/x.txt": b"0 .5 .5 .1 .1"}])
def test_one_annotation_without_an_image_does_not_stop_class_folders(tmp_path, stray):
    files = exports.class_folders(exports.PHOTOS | exports.MORE)
    assert exports.read(tmp_path / "in.zip", files | stray)[0] == "class_folders"


def test_a_file_that_a_layout_passes_over_is_told_once(tmp_path):
    files = writers.coco_over_all(writers.photos(4))
    captions = b'{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "caption": "a weld"}]}'
    items = exports.read_all(tmp_path / "in.zip", files | {"annotations/captions.json": captions})[1]
    assert [item.reason for item in items if item.name == "annotations/captions.json"] == [
        "COCO without objects: captions, segments of a panorama, or images alone"
    ]


def test_what_the_archive_refuses_is_rejected_in_every_layout(tmp_path):
    rejected = exports.rejected(tmp_path / "in.zip", exports.class_folders() | {"../Crack/up.jpg": b"x"})
    assert rejected == {"../Crack/up.jpg": "a path that climbs out of the zip"}


def test_one_stray_annotation_does_not_change_the_layout_and_is_told(tmp_path):
    stray = {"train/images/seam-a_jpg.rf.0a.xml": exports.voc()["train/seam-a_jpg.rf.0a.xml"]}
    files = exports.yolo(photos=exports.PHOTOS | exports.MORE)
    layout, items = exports.read(tmp_path / "in.zip", files | stray)
    assert layout == "yolo"
    assert len(items) == 30
    assert set(stray) <= set(exports.passed_over(tmp_path / "in.zip", files | stray))


def test_two_annotations_of_an_image_that_differ_stop_it(tmp_path):
    stray = {"train/images/seam-a_jpg.rf.0a.xml": exports.xml([("Porosity", 1, 1, 5, 5)])}
    with pytest.raises(
        WeldspotError, match=r"seam-a_jpg\.rf\.0a\.jpg: YOLO says .*'Crack'.*, Pascal VOC says \['Porosity'\]"
    ):
        exports.read(tmp_path / "in.zip", exports.yolo(photos=exports.PHOTOS | exports.MORE) | stray)


def test_a_mixed_export_stops_with_what_each_layout_would_leave_out(tmp_path):
    files = {f"a/{name}": data for name, data in exports.voc().items()}
    files |= {f"b/{name}": data for name, data in exports.yolo().items()}
    with pytest.raises(WeldspotError) as error:
        exports.read(tmp_path / "in.zip", files)
    said = str(error.value)
    assert said.startswith(
        "here: no layout explains 90% of its 6 images: Pascal VOC would leave out 3 (b/train/images/"
    )
    assert "YOLO would leave out 3 (a/train/" in said
    assert "\n" not in said


def test_class_folders_with_annotations_of_a_part_stop_too(tmp_path):
    files = exports.class_folders(exports.PHOTOS | exports.MORE)
    annotated = [name for name in sorted(files) if "more" in name][:10]
    files |= {name.replace(".jpg", ".xml"): exports.xml([("Porosity", 1, 1, 5, 5)]) for name in annotated}
    with pytest.raises(WeldspotError, match="class folders would leave out 0"):
        exports.read(tmp_path / "in.zip", files)


def test_the_annotation_goes_before_the_folder(tmp_path):
    boxes = [("Crack", 1, 1, 5, 5), ("Porosity", 2, 2, 9, 9)]
    files = {f"train/images/{kind}/{kind}{i}.jpg": b"x" for kind in ("Crack", "Porosity") for i in range(3)}
    files |= {f"train/annotations/{n.split('/')[-1].replace('.jpg', '.xml')}": exports.xml(boxes) for n in list(files)}
    layout, items = exports.read(tmp_path / "in.zip", files)
    assert layout == "voc"
    assert {item.labels for item in items} == {("Crack", "Porosity")}


@pytest.mark.parametrize("other", ["voc", "coco", "nothing"])
def test_images_that_only_another_kind_of_annotation_covers_are_not_shown_as_empty(tmp_path, other):
    files = exports.yolo(photos=exports.PHOTOS | exports.MORE) | {"late/z.jpg": b"x"}
    files |= {"late/z.xml": exports.xml([("Crack", 1, 1, 5, 5)])} if other == "voc" else {}
    files |= {"late/coco.json": b'{"images": [{"file_name": "z.jpg"}]}'} if other == "coco" else {}
    assert "z.jpg" not in exports.labels(tmp_path / "in.zip", files)
    assert set(exports.rejected(tmp_path / "in.zip", files)) == {"late/z.jpg"}


def test_images_of_kinds_that_are_not_read_are_rejected_and_not_missed(tmp_path):
    files = exports.voc(exports.PHOTOS | exports.MORE) | {"a.jp2": b"x", "a.xml": exports.xml([("Crack", 1, 1, 5, 5)])}
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert rejected == {"a.jp2": "an image of a kind that is not read (.jp2); convert it to JPEG or PNG"}
    plain = {"a.jpg_large": b"\xff\xd8\xff\xe0", "a.xml": exports.xml([("Crack", 1, 1, 5, 5)])}
    assert exports.labels(tmp_path / "in.zip", plain) == {"a.jpg_large": {"Crack"}}


@pytest.mark.parametrize(
    "make", [exports.voc, exports.voc_split, exports.yolo, exports.multiclass, exports.class_folders]
)
def test_every_file_is_read_rejected_passed_over_or_an_annotation(tmp_path, make):
    odd = {".hidden.jpg": b"x", "__MACOSX/._a.jpg": b"x", "Thumbs.db": b"x", "clip.mp4": b"x", "data/x.json": b"{}"}
    files = make() | odd
    items = exports.read_all(tmp_path / "in.zip", files)[1]
    named = [item.name for item in items]
    assert len(named) == len(set(named))
    notes = {name for name in files if name.endswith((".xml", ".txt", ".csv", ".yaml")) and "README" not in name}
    assert set(named) | notes == files.keys()
    assert set(odd) <= set(exports.passed_over(tmp_path / "in.zip", files))


def test_a_zip_in_the_zip_is_named(tmp_path):
    with pytest.raises(WeldspotError, match=r"no image in it, but set/inner\.zip, which has to be unpacked"):
        exports.read(tmp_path / "in.zip", {"set/inner.zip": exports.zipped(exports.voc())})
