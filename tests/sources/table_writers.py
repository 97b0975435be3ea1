"""The photographs of `writers.py` as tables, as YOLO in its later forms, and in shards: the same interface."""

import csv
import io
import json
import struct
import tarfile
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

import google_crc32c
import pyarrow as pa
import pyarrow.parquet as pq
from writers import HEIGHT, NAMES, WIDTH, Box, Files, Photos, picture, pictures

SIZE = (WIDTH, HEIGHT)


def table(header: Iterable[str], lines: Iterable[Iterable[object]], separator: str = ",") -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    writer.writerow(list(header))
    writer.writerows([list(line) for line in lines])
    return stream.getvalue().encode()


def parts(of: Photos) -> list[str]:
    return sorted({name.partition("/")[0] for name in of})


def in_part(of: Photos, part: str) -> Photos:
    return {name: boxes for name, boxes in of.items() if name.startswith(f"{part}/")}


def base(name: str) -> str:
    return PurePosixPath(name).name


# TensorFlow's object detection CSV and other tables of boxes

_TF = ("filename", "width", "height", "class", "xmin", "ymin", "xmax", "ymax")


def tf_csv(of: Photos) -> Files:
    """As Roboflow writes it, in each folder."""
    files = pictures(of)
    for part in parts(of):
        rows = [(base(name), *SIZE, *box) for name, boxes in in_part(of, part).items() for box in boxes]
        files[f"{part}/_annotations.csv"] = table(_TF, rows)
    return files


def tf_csv_over_all(of: Photos) -> Files:
    rows = [(base(name), *SIZE, *box) for name, boxes in of.items() for box in boxes]
    return pictures(of, "images/") | {"labels/all_labels.csv": table(_TF, rows)}


def sized_csv(of: Photos) -> Files:
    rows = [(f"C:\\work\\{name}".replace("/", "\\"), b[0], b[1], b[2], b[3] - b[1], b[4] - b[2])
            for name, boxes in of.items() for b in boxes]  # fmt: skip
    return pictures(of) | {"boxes.csv": table(("image_path", "label", "x", "y", "w", "h"), rows, ";")}


def fractions_parquet(of: Photos) -> Files:
    rows = [(f"/mnt/data/set/{name}", *box) for name, boxes in of.items() for box in boxes]
    columns: dict[str, list[object]] = {key: [] for key in ("path", "category", "x_min", "y_min", "x_max", "y_max")}
    for path, label, a, b, c, d in rows:
        line = (path, label, a / WIDTH, b / HEIGHT, c / WIDTH, d / HEIGHT)
        for key, value in zip(columns, line, strict=True):
            columns[key].append(value)
    return pictures(of) | {"labels.parquet": parquet(columns)}


def parquet(columns: dict[str, list[object]]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, row_group_size=16)
    return stream.getvalue()


# Hugging Face


def _objects(boxes: list[Box], numbers: bool = False) -> dict[str, object]:
    names = [NAMES.index(box[0]) if numbers else box[0] for box in boxes]
    return {"bbox": [[a, b, c - a, d - b] for _, a, b, c, d in boxes], "categories": names}


def metadata_jsonl(of: Photos) -> Files:
    files = pictures(of)
    for part in parts(of):
        lines = [json.dumps({"file_name": base(n), "objects": _objects(b)}) for n, b in in_part(of, part).items()]
        files[f"{part}/metadata.jsonl"] = "\n".join(lines).encode()
    return files


def metadata_csv_of_numbers(of: Photos) -> Files:
    """The card names the numbers."""
    feature = {"name": "objects", "sequence": [{"name": "bbox", "sequence": "float32"}]}
    feature["sequence"] = [
        {"name": "bbox"}, {"name": "categories", "dtype": {"class_label": {"names": dict(enumerate(NAMES))}}}
    ]  # fmt: skip
    card = (
        f"---\n{json.dumps({'dataset_info': {'features': [{'name': 'image', 'dtype': 'image'}, feature]}})}\n---\n# A\n"
    )
    rows = [(name, json.dumps(_objects(boxes, numbers=True))) for name, boxes in of.items()]
    return pictures(of) | {"metadata.csv": table(("file_name", "objects"), rows), "README.md": card.encode()}


def metadata_parquet(of: Photos) -> Files:
    features = {
        "objects": {"bbox": {"_type": "List"}, "categories": {"feature": {"names": NAMES, "_type": "ClassLabel"}}}
    }
    columns = {"file_name": list(of), "objects": [_objects(boxes, numbers=True) for boxes in of.values()]}
    made = pa.table(columns).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    stream = io.BytesIO()
    pq.write_table(made, stream)
    return pictures(of) | {"metadata.parquet": stream.getvalue()}


def hub_parquet(of: Photos) -> Files:
    """As the hub has it: the images lie in the file."""
    features = {"image": {"_type": "Image"}, "objects": {"bbox": {"feature": {"dtype": "float32"}}}}
    features["objects"]["categories"] = {"feature": {"names": NAMES, "_type": "ClassLabel"}}
    files = {}
    for index, part in enumerate(parts(of)):
        ours = in_part(of, part)
        images = [{"bytes": picture(name), "path": base(name)} for name in ours]
        made = pa.table({"image": images, "objects": [_objects(boxes, numbers=True) for boxes in ours.values()]})
        stream = io.BytesIO()
        pq.write_table(
            made.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})}), stream
        )
        files[f"data/{part}-{index:05d}-of-00002.parquet"] = stream.getvalue()
    return files


# YOLO as Ultralytics writes it


def _yolo(of: Photos, line: Callable[[Box], list[float]]) -> Files:
    files: Files = {}
    for name, boxes in of.items():
        part, file = name.split("/")
        lines = [f"{NAMES.index(box[0])} {' '.join(f'{value:.6f}' for value in line(box))}" for box in boxes]
        files[f"images/{part}/{file}"] = picture(name)
        files[f"labels/{part}/{PurePosixPath(file).with_suffix('.txt')}"] = "\n".join(lines).encode()
    return files


def _around(box: Box) -> list[float]:
    _, a, b, c, d = box
    return [a / WIDTH, b / HEIGHT, c / WIDTH, b / HEIGHT, c / WIDTH, d / HEIGHT, a / WIDTH, d / HEIGHT]


def yolo_obb(of: Photos) -> Files:
    names = "".join(f"  '{index}': {name}\n" for index, name in enumerate(NAMES))
    text = f"path: C:\\datasets\\welds\ntrain: images\\train\nval: images\\valid\nnames:\n{names}"
    return _yolo(of, _around) | {"data.yaml": text.encode()}


def yolo_segments(of: Photos) -> Files:
    def polygon(box: Box) -> list[float]:
        return [*_around(box), (box[1] + box[3]) / 2 / WIDTH, box[4] / HEIGHT]

    files = _yolo(of, polygon)
    files["train.txt"] = "".join(f"/content/welds/images/{name}\n" for name in in_part(of, "train")).encode()
    return files | {"data.yaml": f"train: train.txt\nval: [images/valid]\nnames: {NAMES}\nnc: {len(NAMES)}".encode()}


def roboflow_obb(of: Photos) -> Files:
    """Corners in pixels, the class's name, a difficulty."""
    files: Files = {}
    for name, boxes in of.items():
        part, file = name.split("/")
        lines = [f"{a} {b} {c} {b} {c} {d} {a} {d} {label} 0" for label, a, b, c, d in boxes]
        files[f"{part}/images/{file}"] = picture(name)
        files[f"{part}/labelTxt/{PurePosixPath(file).with_suffix('.txt')}"] = "\n".join(lines).encode()
    return files | {"data.yaml": f"train: ../train/images\nval: ../valid/images\nnames: {NAMES}".encode()}


# shards


def tar(files: Files, mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def webdataset(of: Photos) -> Files:
    """Three shards; `objects` as Hugging Face has them."""
    shards: dict[str, Files] = {}
    for index, (name, boxes) in enumerate(of.items()):
        shard = shards.setdefault(f"welds-{index % 3:06d}.tar", {})
        shard[f"{index:06d}.jpg"] = picture(name)
        shard[f"{index:06d}.json"] = json.dumps({"objects": _objects(boxes), "key": index}).encode()
    return {name: tar(files) for name, files in shards.items()}


def tarred_voc(of: Photos) -> Files:
    import writers

    return {"export.tar.gz": tar({f"./welds/{name}": data for name, data in writers.voc(of).items()}, "w:gz")}


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    found = b""
    while value > 0x7F:
        found, value = found + bytes((value & 0x7F | 0x80,)), value >> 7
    return found + bytes((value,))


def field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def example(features: dict[str, list[object]]) -> bytes:
    """A tf.train.Example; floats and integers packed, as protocol buffers' own writers have them."""
    entries = b""
    for key, values in features.items():
        if all(isinstance(value, bytes) for value in values):
            feature = field(1, b"".join(field(1, value) for value in values if isinstance(value, bytes)))
        elif any(isinstance(value, float) for value in values):
            feature = field(2, field(1, struct.pack(f"<{len(values)}f", *values)))
        else:
            feature = field(3, field(1, b"".join(varint(int(str(value))) for value in values)))
        entries += field(1, field(1, key.encode()) + field(2, feature))
    return field(1, entries)


def masked(data: bytes) -> bytes:
    crc = int(google_crc32c.value(data))
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def framed(records: Iterable[bytes]) -> bytes:
    lengths = ((struct.pack("<Q", len(record)), record) for record in records)
    return b"".join(length + masked(length) + record + masked(record) for length, record in lengths)


def record(name: str, boxes: list[Box], text: bool = True) -> bytes:
    columns = list(zip(*boxes, strict=True)) or [()] * 5
    features: dict[str, list[object]] = {
        "image/encoded": [picture(name)], "image/filename": [name.encode()], "image/format": [b"jpeg"],
        "image/width": [WIDTH], "image/height": [HEIGHT],
        "image/object/bbox/xmin": [value / WIDTH for value in columns[1]],
        "image/object/bbox/xmax": [value / WIDTH for value in columns[3]],
        "image/object/bbox/ymin": [value / HEIGHT for value in columns[2]],
        "image/object/bbox/ymax": [value / HEIGHT for value in columns[4]],
        "image/object/class/label": [NAMES.index(label) + 1 for label in columns[0]],
    }  # fmt: skip
    if text:
        features["image/object/class/text"] = [str(label).encode() for label in columns[0]]
    return example(features)


def tfrecord(of: Photos) -> Files:
    return {f"{part}/welds.tfrecord": framed(record(n, b) for n, b in in_part(of, part).items()) for part in parts(of)}


LABEL_MAP = "".join(f"item {{\n  name: '{name}',\n  id: {index}\n}}\n" for index, name in enumerate(NAMES, 1)).encode()


def sharded_tfrecord(of: Photos) -> Files:
    """Classes by number, a label map names them."""
    names = list(of)
    shards = {
        f"train-{index:05d}-of-00004": framed(record(name, of[name], text=False) for name in names[index::4])
        for index in range(4)
    }
    return shards | {"welds_label_map.pbtxt": LABEL_MAP}


FORMATS: dict[str, tuple[str, Callable[[Photos], Files]]] = {
    "TensorFlow CSV in each folder": ("table", tf_csv),
    "TensorFlow CSV over all": ("table", tf_csv_over_all),
    "CSV of corners and sizes with Windows paths": ("table", sized_csv),
    "Parquet of fractions with absolute paths": ("table", fractions_parquet),
    "Hugging Face metadata.jsonl": ("table", metadata_jsonl),
    "Hugging Face metadata.csv of numbers": ("table", metadata_csv_of_numbers),
    "Hugging Face metadata.parquet": ("table", metadata_parquet),
    "Hugging Face Parquet of images": ("table", hub_parquet),
    "yolo, turned boxes": ("yolo", yolo_obb),
    "yolo, segments with a list": ("yolo", yolo_segments),
    "yolo, Roboflow's turned boxes": ("yolo", roboflow_obb),
    "webdataset": ("webdataset", webdataset),
    "a tar of Pascal VOC": ("voc", tarred_voc),
    "tfrecord": ("tfrecord", tfrecord),
    "tfrecord in shards": ("tfrecord", sharded_tfrecord),
}


# classes of whole images, several to one


def shown(boxes: list[Box]) -> list[str]:
    return sorted({box[0] for box in boxes})


def path_label_csv(of: Photos) -> Files:
    rows = [(f"D:\\sets\\welds\\{name}".replace("/", "\\"), ";".join(shown(boxes))) for name, boxes in of.items()]
    return pictures(of) | {"labels.csv": table(("path", "label"), rows)}


def rows_of_labels_csv(of: Photos) -> Files:
    rows = [(PurePosixPath(name).stem, label) for name, boxes in of.items() for label in shown(boxes)]
    return pictures(of, "photos/") | {"list.tsv": table(("image_id", "class_name"), rows, "\t")}


def label_lists_parquet(of: Photos) -> Files:
    return pictures(of) | {"labels.parquet": parquet({"file": list(of), "labels": [shown(b) for b in of.values()]})}


def webdataset_cls(of: Photos) -> Files:
    inner = {}
    for index, (name, boxes) in enumerate(of.items()):
        inner |= {f"{index:05d}.jpg": picture(name), f"{index:05d}.cls": "|".join(shown(boxes)).encode()}
    return {"welds.tar.gz": tar(inner, "w:gz")}


def tfrecord_of_classes(of: Photos) -> Files:
    records = [
        example({"image/encoded": [picture(name)], "image/class/text": [label.encode() for label in shown(boxes)]})
        for name, boxes in of.items()
    ]
    return {"welds.record": framed(records)}


LABELLED: dict[str, tuple[str, Callable[[Photos], Files]]] = {
    "path,label": ("table", path_label_csv),
    "a row for each label": ("table", rows_of_labels_csv),
    "lists in Parquet": ("table", label_lists_parquet),
    "webdataset, cls": ("webdataset", webdataset_cls),
    "tfrecord of classes": ("tfrecord", tfrecord_of_classes),
}
