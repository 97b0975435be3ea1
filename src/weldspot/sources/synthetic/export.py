"""Writes the rendered photographs as the zip that Roboflow would have handed out (Pascal VOC)."""

import zipfile
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape

import cv2

from weldspot.labels import ClassList
from weldspot.runtime.atomic import replacing_file
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards
from weldspot.sources.synthetic.scene import DRAWN, Rendered, render, shot, subjects

_CHUNK = 20
_QUALITY = 92
_VENDOR = {"Splatters": "Spatters"}  # the real set's spelling
_README = """WeldSpot sample > {images} images
Rendered by WeldSpot's own code (src/weldspot/sources/synthetic), seed {seed}, {size} x {size} pixels.
No photograph was used: these pictures are for trying the pipeline out, not for judging welds.
Licence: as the repository's.
"""


def write_export(folder: Path, images: int, size: int, seed: int, classes: ClassList) -> dict[str, int]:
    """Renders `folder`/export.zip, whole or not at all.

    The same arguments give the same bytes, whatever the number of workers.

    Args:
        folder: Made as needed.
        images: How many photographs.
        size: Their side in pixels.
        seed: Another seed, other photographs.
        classes: The list: what shows none of them, or two of an exclusive one, is left out, and the next one taken.

    Returns:
        The number of `images` and of `groups`, the distinct scenes among them.

    Raises:
        WeldspotError: the list has none of the classes that can be drawn.
    """
    taken = _taken(images, seed, classes)
    chunks = [taken[start : start + _CHUNK] for start in range(0, images, _CHUNK)]
    with replacing_file(folder / "export.zip") as path, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, "README.dataset.txt", _README.format(images=images, size=size, seed=seed).encode())
        for files in map_shards(partial(_files, seed, size, classes), chunks, "render", unit="chunk"):
            for name, content in files:
                _add(archive, name, content)
    return {"images": images, "groups": len({shot(seed, index).scene for index in taken})}


def _taken(images: int, seed: int, classes: ClassList) -> list[int]:
    """The first photographs that show something of the list."""
    drawable = [name for name in DRAWN if classes.canonical(name)]
    if not drawable or (len(drawable) < 2 and classes.exclusive):
        raise WeldspotError(
            f"source=sample draws {', '.join(DRAWN)}; the list of classes has "
            f"{'only ' + drawable[0] if drawable else 'none of them'}: choose source=folder, or labels=weld"
        )
    shown = {classes.canonical(name) for name in drawable}
    if rest := [name for name in classes.names if name not in shown]:
        print(f"fetch: warning: the sample can't draw {', '.join(rest)}: no photograph shows them")
    found: list[int] = []
    for index in count():
        known = {name for label in subjects(seed, index) if (name := classes.canonical(label))}
        if known and not (classes.exclusive and len(known) > 1):
            found.append(index)
        if len(found) == images:
            return found
    raise AssertionError("there are photographs without end")


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def _files(seed: int, size: int, classes: ClassList, indices: Sequence[int]) -> list[tuple[str, bytes]]:
    files = []
    for index in indices:
        photo = render(seed, index, size)
        jpeg = cv2.imencode(".jpg", photo.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
        files.append((f"train/{photo.name}.jpg", jpeg.tobytes()))
        files.append((f"train/{photo.name}.xml", _annotation(photo, size, classes).encode()))
    return files


def _annotation(photo: Rendered, size: int, classes: ClassList) -> str:
    objects = "".join(
        f"\t<object>\n\t\t<name>{escape(_VENDOR.get(label, label))}</name>\n\t\t<pose>Unspecified</pose>\n"
        "\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n\t\t<occluded>0</occluded>\n"
        f"\t\t<bndbox>\n\t\t\t<xmin>{left}</xmin>\n\t\t\t<xmax>{right}</xmax>\n"
        f"\t\t\t<ymin>{top}</ymin>\n\t\t\t<ymax>{bottom}</ymax>\n\t\t</bndbox>\n\t</object>\n"
        for label, left, top, right, bottom in photo.boxes
        if classes.canonical(label)
    )
    return (
        f"<annotation>\n\t<folder></folder>\n\t<filename>{photo.name}.jpg</filename>\n\t<path>{photo.name}.jpg</path>\n"
        "\t<source>\n\t\t<database>rendered by weldspot</database>\n\t</source>\n"
        f"\t<size>\n\t\t<width>{size}</width>\n\t\t<height>{size}</height>\n\t\t<depth>3</depth>\n\t</size>\n"
        f"\t<segmented>0</segmented>\n{objects}</annotation>\n"
    )
