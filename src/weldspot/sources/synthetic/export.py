"""Writes the rendered photographs as the zip that Roboflow would have handed out (Pascal VOC)."""

import zipfile
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

import cv2

from weldspot.runtime.atomic import replacing_file
from weldspot.runtime.processes import map_shards
from weldspot.sources.synthetic.scene import Rendered, render, shot

_CHUNK = 20
_QUALITY = 92
_VENDOR = {"Splatters": "Spatters"}  # the real set's spelling
_README = """WeldSpot sample > {images} images
Rendered by WeldSpot's own code (src/weldspot/sources/synthetic), seed {seed}, {size} x {size} pixels.
No photograph was used: these pictures are for trying the pipeline out, not for judging welds.
Licence: as the repository's.
"""


def write_export(folder: Path, images: int, size: int, seed: int) -> dict[str, int]:
    """Renders `folder`/export.zip, whole or not at all.

    The same arguments give the same bytes, whatever the number of workers.

    Args:
        folder: Made as needed.
        images: How many photographs.
        size: Their side in pixels.
        seed: Another seed, other photographs.

    Returns:
        The number of `images` and of `groups`, the distinct scenes among them.
    """
    chunks = [range(start, min(start + _CHUNK, images)) for start in range(0, images, _CHUNK)]
    with replacing_file(folder / "export.zip") as path, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, "README.dataset.txt", _README.format(images=images, size=size, seed=seed).encode())
        for files in map_shards(partial(_files, seed, size), chunks, "render", unit="chunk"):
            for name, content in files:
                _add(archive, name, content)
    return {"images": images, "groups": len({shot(seed, index).scene for index in range(images)})}


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def _files(seed: int, size: int, indices: range) -> list[tuple[str, bytes]]:
    files = []
    for index in indices:
        photo = render(seed, index, size)
        jpeg = cv2.imencode(".jpg", photo.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
        files.append((f"train/{photo.name}.jpg", jpeg.tobytes()))
        files.append((f"train/{photo.name}.xml", _annotation(photo, size).encode()))
    return files


def _annotation(photo: Rendered, size: int) -> str:
    objects = "".join(
        f"\t<object>\n\t\t<name>{escape(_VENDOR.get(label, label))}</name>\n\t\t<pose>Unspecified</pose>\n"
        "\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n\t\t<occluded>0</occluded>\n"
        f"\t\t<bndbox>\n\t\t\t<xmin>{left}</xmin>\n\t\t\t<xmax>{right}</xmax>\n"
        f"\t\t\t<ymin>{top}</ymin>\n\t\t\t<ymax>{bottom}</ymax>\n\t\t</bndbox>\n\t</object>\n"
        for label, left, top, right, bottom in photo.boxes
    )
    return (
        f"<annotation>\n\t<folder></folder>\n\t<filename>{photo.name}.jpg</filename>\n\t<path>{photo.name}.jpg</path>\n"
        "\t<source>\n\t\t<database>rendered by weldspot</database>\n\t</source>\n"
        f"\t<size>\n\t\t<width>{size}</width>\n\t\t<height>{size}</height>\n\t\t<depth>3</depth>\n\t</size>\n"
        f"\t<segmented>0</segmented>\n{objects}</annotation>\n"
    )
