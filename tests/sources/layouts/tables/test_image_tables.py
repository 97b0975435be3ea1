"""Any table with a row for each image or object: read by what its columns are called, or refused by what is missing."""

import io
import json

import exports
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from exports import refused

from weldspot.sources.record import Record

PHOTOS = [f"images/weld{index:02d}.jpg" for index in range(12)]
FILES = dict.fromkeys(PHOTOS, b"x")


def csv(header: str, line: str = "{path},{label}", name: str = "labels.csv", **cells: str) -> dict[str, bytes]:
    """A table with a line for each photograph."""
    given = {"label": "crack", **cells}
    lines = [line.format(path=path, number=index % 3, **given) for index, path in enumerate(PHOTOS)]
    return FILES | {name: "\n".join([header, *lines]).encode()}


def records(tmp_path, files: dict[str, bytes]) -> list[Record]:
    layout, items = exports.read(tmp_path / "in.zip", files)
    assert layout == "table"
    assert [item.name for item in items] == PHOTOS
    assert all(isinstance(item, Record) for item in items)
    return [item for item in items if isinstance(item, Record)]


@pytest.mark.parametrize(
    "header", ["path,label", "File Name,Class", "image_id,category_name", "IMG,tags", "filename,Target"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_known_by_their_names(tmp_path, header, separator):
    files = csv(header.replace(",", separator), "{path}" + separator + "{label}")
    assert {record.labels for record in records(tmp_path, files)} == {("crack",)}


@pytest.mark.parametrize(
    "path",
    [
        "images/weld{0}.jpg", "./images/weld{0}.jpg", "weld{0}.jpg", "weld{0}", "WELD{0}.JPG", "images\\weld{0}.jpg",
        "C:\\Users\\me\\set\\images\\weld{0}.jpg", "/home/me/set/images/weld{0}.jpg", "../images/weld{0}.jpg",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["labels.csv", "images/labels.csv", "tables/labels.csv"])
def test_a_path_may_be_written_from_anywhere(tmp_path, path, place):
    lines = [f"{path.format(f'{index:02d}')},crack" for index in range(12)]
    records(tmp_path, FILES | {place: "\n".join(["path,label", *lines]).encode()})


@pytest.mark.parametrize(
    "cell", ["crack;pore", "crack|pore", '"[""crack"", ""pore""]"', "\"['crack', 'pore']\"", "crack ; pore;"]
)
def test_several_classes_may_stand_in_one_cell(tmp_path, cell):
    assert {record.labels for record in records(tmp_path, csv("path,labels", label=cell))} == {("crack", "pore")}


def test_several_rows_of_one_image_are_brought_together(tmp_path):
    files = csv("path,label", "{path},crack\n{path},pore\n{path},crack")
    assert {record.labels for record in records(tmp_path, files)} == {("crack", "pore")}


def test_a_name_goes_before_a_number(tmp_path):
    files = csv("path,label,label_name", "{path},{number},{label}")
    assert {record.labels for record in records(tmp_path, files)} == {("crack",)}


def test_numbers_without_names_are_refused_naming_what_is_missing(tmp_path):
    files = csv("path,label", "{path},{number}")
    said = refused(tmp_path, files)
    assert "labels.csv: its classes are numbers (0, 1, 2) and nothing names them; add a classes.txt" in said
    named = records(tmp_path, files | {"classes.txt": b"crack\r\npore\r\n"})
    assert [record.labels[0] for record in named[:3]] == [
        "crack", "pore", "class number 2 of the 2 in classes.txt"
    ]  # fmt: skip


def test_hugging_faces_card_names_the_numbers(tmp_path):
    card = "---\ndataset_info:\n  features:\n  - name: image\n    dtype: image\n  - name: label\n    dtype:\n"
    card += "      class_label:\n        names: {'0': crack, '1': pore, '2': fine}\n---\n# Welds\n"
    files = csv("file_name,label", "{path},{number}", "metadata.csv") | {"README.md": card.encode()}
    assert [record.labels[0] for record in records(tmp_path, files)[:3]] == ["crack", "pore", "fine"]


@pytest.mark.parametrize(
    "values", [[0, 1, 2] * 4, ["a", None, "b"] * 4, [["a"], [], ["a", "b"]] * 4, [0.0, 1.0, 2.0] * 4]
)
def test_parquet_has_values_of_any_kind(tmp_path, values):
    stream = io.BytesIO()
    pq.write_table(pa.table({"file_name": PHOTOS, "label": pa.array(values), "width": [96] * 12}), stream)
    files = FILES | {"metadata.parquet": stream.getvalue(), "classes.txt": b"a\nb\nc\n"}
    found = [record.labels for record in records(tmp_path, files)]
    if isinstance(values[0], list):
        assert found[:3] == [("a",), (), ("a", "b")]
    elif values[1] is None:
        assert found[:3] == [("a",), (), ("b",)]
    else:
        assert found[:3] == [("a",), ("b",), ("c",)]


BOX = "{path},{label},{box}"


@pytest.mark.parametrize(
    ("columns", "box", "corners"),
    [
        ("xmin,ymin,xmax,ymax", "10,20,30,50", (10, 20, 30, 50)),
        ("XMax,YMax,XMin,YMin", "30,50,10,20", (10, 20, 30, 50)),
        ("x1,y1,x2,y2", "10,20,30,50", (10, 20, 30, 50)),
        ("left,top,right,bottom", "10,20,30,50", (10, 20, 30, 50)),
        ("bbox_xmin,bbox_ymin,bbox_xmax,bbox_ymax", "10,20,30,50", (10, 20, 30, 50)),
        ("x,y,w,h", "10,20,20,30", (10, 20, 30, 50)),
        ("bbox_x,bbox_y,bbox_width,bbox_height", "10,20,20,30", (10, 20, 30, 50)),
        ("x_center,y_center,w,h", "20,35,20,30", (10, 20, 30, 50)),
        ("xmin,ymin,xmax,ymax,width,height", "10,20,30,50,96,64", (10, 20, 30, 50)),
    ],
)
def test_boxes_whose_columns_are_unmistakable(tmp_path, columns, box, corners):
    found = records(tmp_path, csv(f"path,label,{columns}", BOX, box=box))[0]
    assert found.boxes == (("crack", *corners),)
    assert found.frame == ((96, 64) if "width,height" in columns and "bbox" not in columns else None)


@pytest.mark.parametrize(
    "columns",
    ["x,y,width,height", "xmin,ymin,width,height", "xmin,ymin,xmax", "bbox", "x1,y1,x2,y2,xmin,ymin,xmax,ymax"],
)
def test_boxes_that_could_be_read_in_two_ways_are_refused(tmp_path, columns):
    files = csv(f"path,label,{columns}", BOX, box=",".join("1" for _ in columns.split(",")))
    assert "not four columns that are a box beyond doubt; call them xmin, ymin, xmax, ymax" in refused(tmp_path, files)


def test_fractions_are_told_from_pixels_once_for_the_table(tmp_path):
    header = "path,label,xmin,ymin,xmax,ymax"
    assert records(tmp_path, csv(header, BOX, box=".1,.2,.5,1.01"))[0].frame == (1, 1)
    lines = [f"{path},crack,.1,.2,.5,.6" for path in PHOTOS]
    mixed = [line if i % 2 else f"{PHOTOS[i]},crack,10,20,50,60" for i, line in enumerate(lines)]
    assert "some in pixels" in refused(tmp_path, FILES | {"a.csv": "\n".join([header, *mixed]).encode()})
    lines[3] = f"{PHOTOS[3]},crack,10,20,50,60"
    rejected = exports.rejected(tmp_path / "in.zip", FILES | {"a.csv": "\n".join([header, *lines]).encode()})
    assert set(rejected) == {PHOTOS[3]}
    assert "not a fraction" in rejected[PHOTOS[3]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{0},crack,1,2,x,4", "a coordinate of 'x', not a number"), ("{0},crack,1,2,inf,4", "not a number"),
        ("{0},crack,1,2,,4", "a side is missing"), ("{0},,1,2,3,4", "a box without a class"),
        ("{0},crack,1,2,3", "more or fewer cells"), ("{0},crack,1,2,3,4,5", "more or fewer cells"),
    ],
)  # fmt: skip
def test_a_bad_row_rejects_its_image_alone(tmp_path, line, reason):
    files = csv("path,label,xmin,ymin,xmax,ymax", BOX, box="10,20,30,40")
    files["labels.csv"] += b"\n" + line.format(PHOTOS[4]).encode()
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert set(rejected) == {PHOTOS[4]}
    assert reason in rejected[PHOTOS[4]]


def test_an_image_of_two_sizes_is_left_out(tmp_path):
    files = csv("path,label,xmin,ymin,xmax,ymax,width,height", BOX, box="10,20,30,40,96,64")
    files["labels.csv"] += f"\n{PHOTOS[0]},pore,1,2,3,4,64,96".encode()
    assert "two sizes" in exports.rejected(tmp_path / "in.zip", files)[PHOTOS[0]]


def test_a_row_without_a_box_is_a_class_of_the_image_and_one_without_anything_is_none(tmp_path):
    files = csv("path,label,xmin,ymin,xmax,ymax", BOX, box=",,,")
    assert {(record.labels, record.boxes) for record in records(tmp_path, files)} == {(("crack",), ())}
    empty = csv("path,label,xmin,ymin,xmax,ymax", BOX, box=",,,", label="")
    assert {(record.labels, record.boxes) for record in records(tmp_path, empty)} == {((), ())}


@pytest.mark.parametrize("one", [False, True])
def test_hugging_faces_objects(tmp_path, one):
    objects = {"bbox": [[10, 20, 20, 30], [1, 2, 3, 4]], "categories": ["crack", "pore"]}
    listed = [{"bbox": [10, 20, 20, 30], "category": "crack"}, {"bbox": [1, 2, 3, 4], "category": "pore"}]
    lines = [json.dumps({"file_name": path, "objects": listed if one else objects}) for path in PHOTOS]
    found = records(tmp_path, FILES | {"metadata.jsonl": "\n".join(lines).encode()})
    assert {record.boxes for record in found} == {(("crack", 10, 20, 30, 50), ("pore", 1, 2, 4, 6))}


def test_objects_that_do_not_fit_together_reject_their_image(tmp_path):
    good = {"bbox": [[1, 2, 3, 4]], "categories": ["crack"]}
    bad = [
        {"bbox": [[1, 2, 3, 4]], "categories": []},
        {"bbox": [[1, 2, 3]], "categories": ["a"]},
        "x",
        {"bbox": [], "categories": []},
    ]
    lines = [json.dumps({"file_name": p, "objects": bad[i] if i < 4 else good}) for i, p in enumerate(PHOTOS)]
    rejected = exports.rejected(tmp_path / "in.zip", FILES | {"metadata.jsonl": "\n".join(lines).encode()})
    assert set(rejected) == set(PHOTOS[:3])


@pytest.mark.parametrize(
    "table",
    [
        b"epoch,loss\n1,2\n", b"filename,size\nimages/weld00.jpg,5\n", b"", b"label\ncrack\n", b"\xff\xfe\0",
        b"path,label\nother/a.jpg,crack\nother/b.jpg,crack\n", b'{"path": "a"}\n',
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["results.csv", "results.jsonl", "results.parquet"])
def test_other_tables_beside_an_export_are_passed_over(tmp_path, table, name):
    files = exports.voc(exports.PHOTOS | exports.MORE) | {name: table}
    layout, items = exports.read_all(tmp_path / "in.zip", files)
    assert layout == "voc"
    assert not exports.rejected(tmp_path / "in.zip", files)
    assert name in {item.name for item in items}


def test_text_that_is_no_unicode_is_refused_by_name(tmp_path):
    files = csv("path,label", label="Schweißnaht")
    files["labels.csv"] = files["labels.csv"].decode().encode("cp1252")
    assert "labels.csv: can't be read" in refused(tmp_path, files)


def test_a_path_that_fits_two_images_is_told(tmp_path):
    files = {f"{part}/{index}.jpg": b"x" for part in ("a", "b") for index in range(6)}
    lines = "\n".join(["path,label", *(f"{index}.jpg,crack" for index in range(6))])
    assert "leave out 12" in refused(tmp_path, files | {"labels.csv": lines.encode()})


@pytest.mark.parametrize("header", ["image,defective", "ImageId,EncodedPixels", "file_name,text", 'image,"a\nb"'])
def test_a_table_without_a_column_of_classes_comes_close_and_says_what_it_lacks(tmp_path, header):
    said = refused(tmp_path, csv(header, "{path},1", "train.csv"))
    first = header.partition(",")[0]
    assert f"the closest are a table of images (missing: a column of classes such as label beside `{first}`" in said
    assert "\n" not in said
