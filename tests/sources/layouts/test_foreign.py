"""Formats that are not read are refused by their names, with what to do."""

import json

import exports
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.layouts.registry import LAYOUTS
from weldspot.sources.record import Record

BOX = {"x": 1, "y": 2, "width": 3, "height": 4}
COCO = {
    "info": {},
    "categories": [{"id": 1, "name": "Crack"}],
    "images": [{"id": 0, "file_name": "a.jpg"}],
    "annotations": [{"image_id": 0, "category_id": 1, "bbox": [1, 2, 3, 4]}],
}
TASK = {
    "data": {"image": "a.jpg"},
    "annotations": [{"result": [{"from_name": "l", "value": {"rectanglelabels": ["x"]}}]}],
}
CREATE = [{"image": "a.jpg", "annotations": [{"label": "Crack", "coordinates": BOX}]}]
LABELME = {"version": "5", "flags": {}, "shapes": [{"label": "Crack"}], "imagePath": "a.jpg", "imageData": None}
VIA = {
    "_via_settings": {},
    "_via_img_metadata": {"a": {"filename": "a.jpg", "regions": [{"shape_attributes": {}, "region_attributes": {}}]}},
}
CVAT = "<?xml version='1.0'?><annotations><image name='a.jpg'><box label='Crack'/></image></annotations>"
FOREIGN = {
    "COCO": ("train/_annotations.coco.json", json.dumps(COCO)),
    "Label Studio": ("project-1.json", json.dumps([TASK])),
    "CreateML": ("_annotations.createml.json", json.dumps(CREATE)),
    "LabelMe": ("a.json", json.dumps(LABELME, indent=1)),
    "VGG Image Annotator": ("via.json", json.dumps(VIA)),
    "CVAT": ("annotations.xml", CVAT),
    "damaged TFRecord": ("welds.tfrecord", "?"),
    "Supervisely": ("a.jpg.json", '{"size": {"height": 9}, "tags": [], "objects": [{"classTitle": "Crack"}]}'),
    "Labelbox": ("export.json", '[{"ID": "x", "Labeled Data": "https://a/b.jpg", "Label": {}}]'),
    "Datumaro": ("default.json", '{"dm_format_version": "1.0", "media_type": 2, "items": []}'),
}
READ = {layout.TITLE for layout in LAYOUTS.values()}
UNREAD = [kind for kind in FOREIGN if kind not in READ]


@pytest.mark.parametrize("kind", UNREAD)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("folders", [("", ""), ("train/", "train/"), ("Crack/", "Porosity/")])
def test_one_line_names_the_format_and_it_is_never_read_as_class_folders(tmp_path, kind, encoding, folders):
    name, text = FOREIGN[kind]
    files = {f"{folders[0]}a.jpg": b"x", f"{folders[1]}b.jpg": b"x", name: text.encode(encoding)}
    with pytest.raises(WeldspotError) as error:
        exports.read(tmp_path / "in.zip", files)
    assert str(error.value) == (
        f"here: annotated as {kind} ({name}), which this version does not read; "
        "export it as Pascal VOC or YOLO, and set source.path to that"
    )


@pytest.mark.parametrize("kind", sorted(READ & FOREIGN.keys()))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("folders", [("", ""), ("train/", "train/"), ("Crack/", "Porosity/")])
def test_one_that_is_read_is_never_read_as_class_folders_either(tmp_path, kind, encoding, folders):
    name, text = FOREIGN[kind]
    files = {f"{folders[0]}a.jpg": b"x", f"{folders[1]}b.jpg": b"x", name: text.encode(encoding)}
    with pytest.raises(
        WeldspotError, match=r"90% of its 2 images: .*would leave out 1 \(\S*b\.jpg: no annotation"
    ) as error:
        exports.read(tmp_path / "in.zip", files)
    assert f"{kind} would leave out 1" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("make", [exports.voc, exports.yolo, exports.multiclass])
def test_beside_an_export_that_is_whole_it_is_passed_over_and_said(tmp_path, kind, make):
    name, text = FOREIGN[kind]
    files = make() | {name: text.encode()}
    items = exports.read(tmp_path / "in.zip", files)[1]
    assert all(isinstance(item, Record) for item in items)
    assert exports.passed_over(tmp_path / "in.zip", files)[name].startswith(f"{kind}, beside the ")


def test_other_json_is_no_annotation(tmp_path):
    files = exports.class_folders() | {"package.json": b'{"name": "welds"}', "list.csv": b"name,size\n"}
    assert len(exports.labels(tmp_path / "in.zip", files)) == 3
