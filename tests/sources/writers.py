"""One set of photographs, written as each of the tools that we read would export it.

A writer takes the photographs and gives the files; `FORMATS` has them all. Boxes are in pixels, several to an image,
none on some; photographs are not square, so that exchanged sides show.
"""

import base64
import csv
import io
import json
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

import exports

WIDTH, HEIGHT = 96, 64
NAMES = exports.CLASSES
Box = tuple[str, float, float, float, float]
Photos = dict[str, list[Box]]
Files = dict[str, bytes]


def photos(count: int = 100) -> Photos:
    """`count` photographs in two parts, with one to four boxes each; the first of some names has a space."""
    found: Photos = {}
    for index in range(count):
        part = ("train", "valid")[index % 4 == 0]
        boxes = []
        for more in range(1 + index % 4):
            left, top = (7 * index + 13 * more) % 70 + 0.25, (5 * index + 11 * more) % 44 + 0.5
            boxes.append((NAMES[(index + more) % 6], left, top, left + 8 + more, top + 6 + index % 9))
        found[f"{part}/weld {index:03d}.jpg" if index % 7 == 0 else f"{part}/weld-{index:03d}.jpg"] = boxes
    return found


@cache
def picture(name: str) -> bytes:
    return exports.jpeg(exports.scene(zlib.crc32(name.encode()), HEIGHT, WIDTH))


def pictures(of: Photos, folder: str = "") -> Files:
    return {f"{folder}{name}": picture(name) for name in of}


def _json(content: object) -> bytes:
    return json.dumps(content).encode()


# COCO


def _coco(of: Photos, drawn: Callable[[Box], dict[str, object]], called: Callable[[str], str] = str) -> bytes:
    """Ids are neither in order nor from 1; the first category is the one that Roboflow writes and nobody uses."""
    categories = [{"id": 0, "name": "welds", "supercategory": "none"}]
    categories += [{"id": 90 - 7 * index, "name": name, "supercategory": "welds"} for index, name in enumerate(NAMES)]
    images, annotations = [], []
    for index, (name, boxes) in enumerate(of.items()):
        number = 1000 - 3 * index
        images.append({"id": number, "file_name": called(name), "width": WIDTH, "height": HEIGHT, "license": 1})
        for box in boxes:
            annotation = {"id": len(annotations), "image_id": number, "category_id": 90 - 7 * NAMES.index(box[0])}
            annotations.append(annotation | {"iscrowd": int("counts" in str(drawn(box)))} | drawn(box))
    return _json({"info": {"year": 2024}, "categories": categories, "images": images, "annotations": annotations})


def _bbox(box: Box) -> dict[str, object]:
    _, a, b, c, d = box
    return {"bbox": [a, b, c - a, d - b], "area": (c - a) * (d - b), "segmentation": []}


def _polygon(box: Box) -> dict[str, object]:
    _, a, b, c, d = box
    return {"segmentation": [[a, b, c, b, c, d], [a, d, (a + c) / 2, d, a, b]]}


def runs(box: Box) -> list[int]:
    """The mask of a box in whole pixels, down the columns."""
    _, left, top, right, bottom = (box[0], *map(round, box[1:]))
    ones = [x * HEIGHT + y for x in range(left, min(right, WIDTH)) for y in range(top, min(bottom, HEIGHT))]
    flat = [0] * (WIDTH * HEIGHT)
    for pixel in ones:
        flat[pixel] = 1
    counts, value = [0], 0
    for pixel in flat:
        if pixel != value:
            counts.append(0)
            value = pixel
        counts[-1] += 1
    return counts


def packed(counts: list[int]) -> str:
    """COCO's text of run lengths."""
    text = ""
    for index, count in enumerate(counts):
        rest = count - (counts[index - 2] if index > 2 else 0)
        while True:
            bits, rest = rest & 31, rest >> 5
            last = rest == (-1 if bits & 16 else 0)
            text += chr(48 + (bits | (0 if last else 32)))
            if last:
                break
    return text


def coco_in_folders(of: Photos) -> Files:
    """As Roboflow writes it."""
    files = pictures(of)
    for part in {name.partition("/")[0] for name in of}:
        ours = {name: boxes for name, boxes in of.items() if name.startswith(f"{part}/")}
        files[f"{part}/_annotations.coco.json"] = _coco(ours, _bbox, lambda name: name.partition("/")[2])
    return files


def coco_over_all(of: Photos) -> Files:
    return pictures(of, "images/") | {"annotations/instances_default.json": _coco(of, _bbox)}


def coco_in_parts(of: Photos) -> Files:
    """As COCO itself comes: a file for each split, bare names."""
    files = pictures(of)
    for part in ("train", "valid"):
        ours = {name: boxes for name, boxes in of.items() if name.startswith(f"{part}/")}
        files[f"annotations/instances_{part}2017.json"] = _coco(ours, _bbox, lambda name: name.partition("/")[2])
    return files


def coco_polygons(of: Photos) -> Files:
    return pictures(of) | {"polygons.json": _coco(of, _polygon)}


def coco_runs(of: Photos) -> Files:
    return pictures(of) | {
        "runs.json": _coco(of, lambda box: {"segmentation": {"counts": runs(box), "size": [HEIGHT, WIDTH]}})
    }


def coco_packed_runs(of: Photos) -> Files:
    return pictures(of) | {
        "runs.json": _coco(of, lambda box: {"segmentation": {"counts": packed(runs(box)), "size": [HEIGHT, WIDTH]}})
    }


# CVAT


def _cvat(of: Photos, drawn: Callable[[Box], str], subset: bool = False) -> bytes:
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<annotations><version>1.1</version>"]
    lines.append("<meta><task><name>welds</name><labels><label><name>Crack</name></label></labels></task></meta>")
    for index, (name, boxes) in enumerate(of.items()):
        part, _, last = name.partition("/")
        called = f'name={quoteattr(last)} subset="{part}" task_id="4"' if subset else f"name={quoteattr(name)}"
        lines.append(f'<image id="{index}" {called} width="{WIDTH}" height="{HEIGHT}">')
        lines += [*map(drawn, boxes), "</image>"]
    return "\n".join([*lines, "</annotations>"]).encode()


def cvat_boxes(of: Photos) -> Files:
    def drawn(box: Box) -> str:
        label, a, b, c, d = box
        return (
            f'<box label="{label}" source="manual" occluded="0" xtl="{a}" ytl="{b}" xbr="{c}" ybr="{d}" z_order="0">'
            '<attribute name="size">big</attribute></box>'
        )

    return pictures(of, "images/") | {"annotations.xml": _cvat(of, drawn)}


def cvat_polygons(of: Photos) -> Files:
    def drawn(box: Box) -> str:
        label, a, b, c, d = box
        kind = "polygon" if label < "E" else "polyline"
        return f'<{kind} label="{label}" points="{a},{b};{c},{b};{c},{d};{a},{d}" z_order="0"/>'

    return pictures(of, "images/") | {"annotations.xml": _cvat(of, drawn, subset=True)}


def cvat_masks(of: Photos) -> Files:
    def drawn(box: Box) -> str:
        label, a, b, c, d = box[0], *map(round, box[1:])
        place = f'left="{a}" top="{b}" width="{c - a}" height="{d - b}"'
        return f'<mask label="{label}" rle="0, {(c - a) * (d - b)}" {place}/>'

    return pictures(of, "images/") | {"annotations.xml": _cvat(of, drawn)}


def cvat_turned(of: Photos) -> Files:
    """Each box on its side and turned by a quarter about its centre, or an ellipse."""

    def drawn(box: Box) -> str:
        label, a, b, c, d = box
        x, y, w, h = (a + c) / 2, (b + d) / 2, c - a, d - b
        if label < "E":
            return f'<ellipse label="{label}" cx="{x}" cy="{y}" rx="{h / 2}" ry="{w / 2}" rotation="90.00"/>'
        sides = f'xtl="{x - h / 2}" ytl="{y - w / 2}" xbr="{x + h / 2}" ybr="{y + w / 2}"'
        return f'<box label="{label}" {sides} rotation="90.0" z_order="0"></box>'

    return pictures(of, "images/") | {"annotations.xml": _cvat(of, drawn)}


# Label Studio


def _percent(box: Box) -> dict[str, float]:
    _, a, b, c, d = box
    x, y = 100 / WIDTH, 100 / HEIGHT
    return {"x": a * x, "y": b * y, "width": (c - a) * x, "height": (d - b) * y, "rotation": 0}


def _size() -> dict[str, object]:
    return {"original_width": WIDTH, "original_height": HEIGHT, "image_rotation": 0}


def _region(kind: str, box: Box, value: dict[str, object]) -> dict[str, object]:
    about = {"id": str(box), "type": kind, "from_name": "label", "to_name": "image", "origin": "manual"}
    return about | _size() | {"value": value | {kind: [box[0]]}}


def _task(index: int, name: str, results: list[dict[str, object]], image: str) -> dict[str, object]:
    done = {"id": index, "result": results, "was_cancelled": False, "ground_truth": False, "updated_at": "2024-05-01"}
    dropped = {"id": index + 500, "result": [], "was_cancelled": True, "updated_at": "2024-06-01"}
    guess = [{"result": [_region("rectanglelabels", ("Crack", 0, 0, 1, 1), _percent(("Crack", 0, 0, 1, 1)))]}]
    return {"id": index, "data": {"image": image}, "annotations": [done, dropped], "predictions": guess}


def _tasks(of: Photos, region: Callable[[Box], dict[str, object]], image: Callable[[str], str]) -> bytes:
    return _json([_task(i, name, list(map(region, boxes)), image(name)) for i, (name, boxes) in enumerate(of.items())])


def label_studio_uploads(of: Photos) -> Files:
    """Images keep their own names, the server has put a mark before each."""
    flat = {name.partition("/")[2]: picture(name) for name in of}
    uploaded = _tasks(
        of,
        lambda box: _region("rectanglelabels", box, dict(_percent(box))),
        lambda name: f"/data/upload/3/0a1b2c3d-{name.partition('/')[2]}",
    )
    return {f"images/{name}": data for name, data in flat.items()} | {"project-3-at-2024-05-01.json": uploaded}


def label_studio_local_files(of: Photos) -> Files:
    def region(box: Box) -> dict[str, object]:
        _, a, b, c, d = box
        points = [[x * 100 / WIDTH, y * 100 / HEIGHT] for x, y in ((a, b), (c, b), (c, d), (a, d))]
        return _region("polygonlabels", box, {"points": points, "closed": True})

    link = lambda name: f"/data/local-files/?d=sets/welds/{quote(name)}"  # noqa: E731
    return pictures(of) | {"export.json": _tasks(of, region, link)}


def label_studio_turned(of: Photos) -> Files:
    """Turned by a quarter about the corner that is the top right one afterwards; and two results to a region."""

    def results(box: Box) -> dict[str, object]:
        _, _, b, c, d = box
        value = _percent(("", c, b, c + d - b, b + c - box[1])) | {"rotation": 90}
        return _region("rectanglelabels", box, dict(value))

    return pictures(of) | {"export.json": _tasks(of, results, lambda name: f"s3://bucket/welds/{name}")}


class _Bits:
    def __init__(self) -> None:
        self.text = ""

    def add(self, value: int, count: int) -> None:
        self.text += f"{value:0{count}b}"

    def bytes(self) -> list[int]:
        whole = self.text + "0" * (-len(self.text) % 8)
        return [int(whole[at : at + 8], 2) for at in range(0, len(whole), 8)]


def stroke(box: Box) -> list[int]:
    """A painted box as Label Studio packs it: some runs repeated, some spelled out."""
    _, left, top, right, bottom = (box[0], *map(round, box[1:]))
    bits = _Bits()
    bits.add(4 * WIDTH * HEIGHT, 32)
    bits.add(7, 5)
    for length in (3, 4, 8, 16):
        bits.add(length - 1, 4)
    painted = [left <= x < right and top <= y < bottom for y in range(HEIGHT) for x in range(WIDTH)]
    at = 0
    while at < len(painted):
        end = at
        while end < len(painted) and painted[end] == painted[at] and end - at < 16000:
            end += 1
        if end - at <= 2:
            for _ in range(end - at):
                bits.text += "0" + "00"
                bits.add(3, 3)
                for value in (0, 0, 0, 255 * painted[at]):
                    bits.add(value, 8)
        else:
            bits.text += "1" + "11"
            bits.add(4 * (end - at) - 1, 16)
            bits.add(255 * painted[at], 8)
        at = end
    return bits.bytes()


def label_studio_brush(of: Photos) -> Files:
    few = lambda box: _region("brushlabels", box, {"format": "rle", "rle": stroke(box)})  # noqa: E731
    return pictures(of) | {"export.json": _tasks(of, few, lambda name: f"https://example.org/{quote(name)}?token=x")}


def _rows(of: Photos) -> list[dict[str, object]]:
    rows = []
    for index, (name, boxes) in enumerate(of.items()):
        found = [_percent(box) | {"rectanglelabels": [box[0]]} | _size() for box in boxes]
        row = {"image": f"/data/local-files/?d={name}", "id": index, "label": found, "annotator": 1}
        rows.append(row | {"annotation_id": index, "created_at": "2024-05-01", "updated_at": "", "lead_time": 2.5})
    return rows


def label_studio_min(of: Photos) -> Files:
    return pictures(of) | {"export.json": _json(_rows(of))}


def table(rows: list[dict[str, object]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows({k: json.dumps(v) if isinstance(v, list | dict) else v for k, v in row.items()} for row in rows)
    return stream.getvalue().encode()


def label_studio_csv(of: Photos) -> Files:
    return pictures(of) | {"export.csv": table(_rows(of))}


# LabelMe


def labelme(of: Photos) -> Files:
    """Paths as Windows writes them; a photograph is embedded as well as beside."""
    files = pictures(of)
    for index, (name, boxes) in enumerate(of.items()):
        shapes = []
        for label, a, b, c, d in boxes:
            kind = ("rectangle", "polygon", "linestrip", "mask")[index % 4]
            points = [[c, b], [a, d]] if kind in ("rectangle", "mask") else [[a, b], [c, b], [c, d], [a, d]]
            if abs((c - a) - (d - b)) < 0.01:
                kind, points = "circle", [[(a + c) / 2, (b + d) / 2], [(a + c) / 2, b]]
            shapes.append({"label": label, "points": points, "shape_type": kind, "group_id": None, "flags": {}})
        path = PurePosixPath(name)
        data = base64.b64encode(files[name]).decode() if index % 2 else None
        content = {"version": "5.4.1", "flags": {}, "shapes": shapes, "imagePath": f"..\\{path.parent}\\{path.name}"}
        files[str(path.with_suffix(".json"))] = _json(
            content | {"imageData": data, "imageHeight": HEIGHT, "imageWidth": WIDTH}
        )
    return files


# VIA


def _shape(box: Box, index: int) -> dict[str, object]:
    _, a, b, c, d = box
    if index % 3 == 0:
        return {"name": "rect", "x": a, "y": b, "width": c - a, "height": d - b}
    if index % 3 == 1:
        return {
            "name": "ellipse",
            "cx": (a + c) / 2,
            "cy": (b + d) / 2,
            "rx": (c - a) / 2,
            "ry": (d - b) / 2,
            "theta": 0,
        }
    return {"name": "polygon", "all_points_x": [a, c, c, a], "all_points_y": [b, b, d, d]}


def _entries(of: Photos) -> dict[str, dict[str, object]]:
    found = {}
    for index, (name, boxes) in enumerate(of.items()):
        regions = [
            {"shape_attributes": _shape(box, index), "region_attributes": {"defect": box[0], "size": ""}}
            for box in boxes
        ]
        file = {"filename": name, "size": 1000 + index, "regions": regions}
        found[f"{name}{1000 + index}"] = file | {"file_attributes": {"caption": "", "public_domain": "no"}}
    return found


def via_project(of: Photos) -> Files:
    project = {"_via_settings": {"ui": {}}, "_via_img_metadata": _entries(of), "_via_attributes": {"region": {}}}
    return pictures(of) | {"via_project.json": _json(project)}


def via_annotations(of: Photos) -> Files:
    """VIA 1: regions by number."""
    old = {
        key: entry | {"regions": {str(i): region for i, region in enumerate(entry["regions"])}}
        for key, entry in _entries(of).items()
    }
    return pictures(of) | {"via_region_data.json": _json(old)}


def via_csv(of: Photos) -> Files:
    """A file without regions has one row, whose shape is empty."""
    rows: list[dict[str, object]] = []
    for entry in _entries(of).values():
        regions = list(entry["regions"])
        for index, region in enumerate(regions or [{"shape_attributes": {}, "region_attributes": {}}]):
            row = {"filename": entry["filename"], "file_size": entry["size"], "file_attributes": "{}"}
            row |= {"region_count": len(regions), "region_id": index}
            shape, attributes = region["shape_attributes"], region["region_attributes"]
            rows.append(row | {"region_shape_attributes": shape, "region_attributes": attributes})
    return pictures(of) | {"via.csv": table(rows)}


# CreateML


def createml(of: Photos) -> Files:
    """As Roboflow writes it: a file in each folder."""
    files = pictures(of)
    for part in {name.partition("/")[0] for name in of}:
        rows = [
            {"image": name.partition("/")[2], "annotations": [
                {"label": label, "coordinates": {"x": (a + c) / 2, "y": (b + d) / 2, "width": c - a, "height": d - b}}
                for label, a, b, c, d in boxes
            ]}
            for name, boxes in of.items() if name.startswith(f"{part}/")
        ]  # fmt: skip
        files[f"{part}/_annotations.createml.json"] = _json(rows)
    return files


# the layouts that were there before


def voc(of: Photos) -> Files:
    notes = {str(PurePosixPath(name).with_suffix(".xml")): exports.xml(b, (WIDTH, HEIGHT)) for name, b in of.items()}
    return pictures(of) | notes


def yolo(of: Photos) -> Files:
    files = {"data.yaml": f"nc: {len(NAMES)}\nnames: {NAMES}\n".encode()}
    for name, boxes in of.items():
        part, _, last = name.partition("/")
        lines = [
            f"{NAMES.index(label)} {(a + c) / 2 / WIDTH} {(b + d) / 2 / HEIGHT} {(c - a) / WIDTH} {(d - b) / HEIGHT}"
            for label, a, b, c, d in boxes
        ]
        files[f"{part}/images/{last}"] = picture(name)
        files[f"{part}/labels/{PurePosixPath(last).with_suffix('.txt')}"] = "\n".join(lines).encode()
    return files


# name: (the layout it is, its writer); those with boxes
FORMATS: dict[str, tuple[str, Callable[[Photos], Files]]] = {
    "voc": ("voc", voc),
    "yolo": ("yolo", yolo),
    "coco, a file in each folder": ("coco", coco_in_folders),
    "coco, one file over all": ("coco", coco_over_all),
    "coco, a file for each split": ("coco", coco_in_parts),
    "coco, polygons": ("coco", coco_polygons),
    "coco, run lengths": ("coco", coco_runs),
    "coco, packed run lengths": ("coco", coco_packed_runs),
    "cvat, boxes": ("cvat", cvat_boxes),
    "cvat, polygons and subsets": ("cvat", cvat_polygons),
    "cvat, masks": ("cvat", cvat_masks),
    "cvat, turned": ("cvat", cvat_turned),
    "label studio, uploads": ("label_studio", label_studio_uploads),
    "label studio, local files": ("label_studio", label_studio_local_files),
    "label studio, turned": ("label_studio", label_studio_turned),
    "label studio, brush": ("label_studio", label_studio_brush),
    "label studio, JSON-MIN": ("label_studio", label_studio_min),
    "label studio, CSV": ("label_studio", label_studio_csv),
    "labelme": ("labelme", labelme),
    "via, project": ("via", via_project),
    "via, annotations": ("via", via_annotations),
    "via, CSV": ("via", via_csv),
    "createml": ("createml", createml),
}
