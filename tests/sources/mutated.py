"""Exports with bytes changed, each from a text as its seed; and how one is read, as `fetch` and `ingest` do."""

import io
import random
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent / "layouts"))

import table_writers
import writers
from test_hostile_exports import mutated

from weldspot.runtime.errors import WeldspotError
from weldspot.sources import folder
from weldspot.sources.archive import Archive
from weldspot.sources.layouts import recognition

_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_FORMATS = writers.FORMATS | table_writers.FORMATS
_PHOTOS = writers.photos(12)


def notes(seed: str) -> bytes:
    """A zip whose annotations have bytes changed, lost, moved and repeated."""
    draw = random.Random(seed)
    files = dict(_FORMATS[draw.choice(sorted(_FORMATS))][1](_PHOTOS))
    found = [one for one in files if not one.endswith((".jpg", ".png"))]
    for note in draw.sample(found, min(len(found), draw.choice((1, 1, 2)))):
        for _ in range(draw.choice((1, 1, 5, 20))):
            files[note] = mutated(files[note], draw)
    return _zipped(files, draw)


def zips(seed: str) -> bytes:
    """A zip whose own bytes are changed, half of them in its table and the heads of its members, where they matter."""
    draw = random.Random(seed)
    whole = _zipped(_FORMATS[draw.choice(sorted(_FORMATS))][1](_PHOTOS), draw)
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        at = draw.randrange(draw.choice((0, max(0, whole.find(b"PK\1\2")))), len(whole))
        whole = whole[:at] + bytes([draw.randrange(256)]) + whole[at + draw.choice((0, 1, 1, 1, 2)) :]
    return whole


def read(data: bytes) -> str:
    """What became of a zip: "read: …" or "a line: …"; any other error is one of ours."""
    with TemporaryDirectory() as place:
        source, target = Path(place) / "in.zip", Path(place) / "export.zip"
        source.write_bytes(data)
        try:
            folder.deliver(source, target, "source.path")
            with Archive(target) as archive:
                layout = recognition.recognise(archive, "in.zip")
                items = sum(1 for _ in recognition.read(archive, layout))
            folder.describe(target)
        except WeldspotError as error:
            return f"a line: {error}" if "\n" not in str(error) else f"lines: {error}"
        return f"read: {layout}, {items} items"


def _zipped(files: dict[str, bytes], draw: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", draw.choice(_COMPRESSIONS)) as archive:
        for one, data in files.items():
            archive.writestr(zipfile.ZipInfo(one), data, archive.compression)
    return stream.getvalue()
