"""Small exports in each layout, made from one description of the same photographs."""

import io
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml
from omegaconf import OmegaConf

from weldspot.config.parameters import Params, parse
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive
from weldspot.sources.layouts import recognition
from weldspot.sources.packed.unpack import unpack_within
from weldspot.sources.record import PassedOver, Record, Rejected

SIDE = 96
Photos = dict[str, list[tuple]]
# name: (class, xmin, ymin, xmax, ymax)
PHOTOS = {
    "train/seam-a_jpg.rf.0a.jpg": [("Crack", 8, 10, 40, 30), ("Spatters", 60, 60, 64, 66)],
    "train/seam-b_jpg.rf.1b.jpg": [("Good Welding", 10, 12, 60, 40)],
    "valid/seam-c_jpg.rf.2c.jpg": [("Porosity", 30, 30, 90, 50)],
}
CLASSES = ["Bad Welding", "Crack", "Excess Reinforcement", "Good Welding", "Porosity", "Spatters"]
MORE = {f"train/more-{index:02d}.jpg": [("Crack", 8, 10, 40, 30)] for index in range(27)}  # one in thirty may go wrong
LABELS = {name: {box[0] for box in boxes} for name, boxes in PHOTOS.items()}


def scene(seed: int, height: int = SIDE, width: int = SIDE) -> np.ndarray:
    """uint8[height, width, 3]: smooth random texture; each seed is another scene."""
    small = np.random.default_rng(seed).integers(0, 256, (9, 9, 3), np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def jpeg(rgb: np.ndarray, *options: int) -> bytes:
    return cv2.imencode(".jpg", rgb[..., ::-1], list(options))[1].tobytes()


def photo(name: str) -> bytes:
    return jpeg(scene(sorted(PHOTOS | MORE).index(name)))


def xml(boxes: list[tuple], size: tuple[int, int] = (SIDE, SIDE)) -> bytes:
    objects = "".join(
        f"<object><name>{label}</name><bndbox><xmin>{a}</xmin><xmax>{c}</xmax><ymin>{b}</ymin><ymax>{d}</ymax>"
        "</bndbox></object>"
        for label, a, b, c, d in boxes
    )
    return (
        f"<annotation><size><width>{size[0]}</width><height>{size[1]}</height></size>{objects}</annotation>"
    ).encode()


def voc(photos: Photos = PHOTOS) -> dict[str, bytes]:
    annotations = {Path(n).with_suffix(".xml").as_posix(): xml(boxes) for n, boxes in photos.items()}
    return {name: photo(name) for name in photos} | annotations | {"README.dataset.txt": b"License: CC BY 4.0\n"}


def voc_split() -> dict[str, bytes]:
    """JPEGImages/ and Annotations/."""
    return {
        f"{'Annotations' if name.endswith('.xml') else 'JPEGImages'}/{Path(name).name}": data
        for name, data in voc().items()
        if not name.endswith(".txt")
    }


def multiclass(photos: Photos = PHOTOS) -> dict[str, bytes]:
    files = {name: photo(name) for name in photos} | {"README.dataset.txt": b"License: CC BY 4.0\n"}
    for folder in ("train", "valid"):
        lines = ["filename, " + ", ".join(CLASSES)]
        for name in photos:
            labels = {box[0] for box in photos[name]}
            if name.startswith(folder):
                lines.append(f"{Path(name).name}, " + ", ".join(str(int(label in labels)) for label in CLASSES))
        files[f"{folder}/_classes.csv"] = ("\n".join(lines) + "\n").encode()
    return files


def yolo(polygons: bool = False, photos: Photos = PHOTOS) -> dict[str, bytes]:
    files = {"data.yaml": f"nc: {len(CLASSES)}\nnames: {CLASSES}\n".encode()}
    for name, boxes in photos.items():
        folder, base = name.split("/")
        lines = []
        for label, a, b, c, d in boxes:
            box, polygon = [(a + c) / 2, (b + d) / 2, c - a, d - b], [a, b, c, b, c, d, a, d, (a + c) / 2, d]
            fractions = (repr(value / SIDE) for value in (polygon if polygons else box))
            lines.append(" ".join([str(CLASSES.index(label)), *fractions]))
        files[f"{folder}/images/{base}"] = photo(name)
        files[f"{folder}/labels/{Path(base).with_suffix('.txt')}"] = "\n".join(lines).encode()
    return files


def class_folders(photos: Photos = PHOTOS) -> dict[str, bytes]:
    return {f"{n.split('/')[0]}/{min(boxes)[0]}/{Path(n).name}": photo(n) for n, boxes in photos.items()}


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()


def unpacked(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def read_all(path: Path, files: dict[str, bytes]) -> tuple[str, list[Record | Rejected | PassedOver]]:
    """What an export of these files is taken for: its layout and its items. `path` is a zip to be written."""
    path.write_bytes(zipped(files))
    unpack_within(path)
    with Archive(path) as archive:
        layout = recognition.recognise(archive, "here")
        return layout, list(recognition.read(archive, layout))


def read(path: Path, files: dict[str, bytes]) -> tuple[str, list[Record | Rejected]]:
    """The same without the files that are passed over."""
    layout, items = read_all(path, files)
    return layout, [item for item in items if not isinstance(item, PassedOver)]


def labels(path: Path, files: dict[str, bytes]) -> dict[str, set[str]]:
    """What each image that is read shows, by the last part of its name."""
    items = read(path, files)[1]
    return {item.name.split("/")[-1]: set(item.labels) for item in items if isinstance(item, Record)}


def rejected(path: Path, files: dict[str, bytes]) -> dict[str, str]:
    """Reason by name."""
    return {item.name: item.reason for item in read(path, files)[1] if isinstance(item, Rejected)}


def refused(folder: Path, files: dict[str, bytes]) -> str:
    """The one line that is said of an export of these files, which is not read; it is written into the folder."""
    with pytest.raises(WeldspotError) as error:
        read(folder / "in.zip", files)
    assert "\n" not in str(error.value)
    return str(error.value)


def params(**source: object) -> Params:
    """The parameters as conf/ has them, with this source."""
    root = Path(__file__).parents[2] / "conf"
    merged = yaml.safe_load((root / "config.yaml").read_text())
    merged.pop("defaults")
    for group, name in {"labels": "weld", "preprocess": "stretch", "augment": "standard", "training": "quick"}.items():
        merged[group] = yaml.safe_load((root / group / f"{name}.yaml").read_text(encoding="utf-8"))
    merged["source"] = yaml.safe_load((root / "source" / f"{source['name']}.yaml").read_text()) | source
    return parse(OmegaConf.to_container(OmegaConf.create(merged), resolve=True))


def passed_over(path: Path, files: dict[str, bytes]) -> dict[str, str]:
    """Reason by name."""
    return {item.name: item.reason for item in read_all(path, files)[1] if isinstance(item, PassedOver)}
