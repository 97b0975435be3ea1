"""A Parquet with images in it, as Hugging Face's hub has data sets: a column of `{bytes, path}`, and their classes.

The images become files, and the other columns a `metadata.jsonl` beside them, as Hugging Face's image folders have it;
class numbers that the file's own schema names become names there.
"""

import json
import re
from collections.abc import Iterator
from io import SEEK_END, BytesIO
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.sources.packed.piece import Damaged, Piece
from weldspot.sources.packed.zips import allowance
from weldspot.sources.record import is_image
from weldspot.sources.text import json_value

_BATCH = 16  # rows in memory
_SLACK, _ROW = 10_000, 64  # rows of which nothing is asked; bytes that an image has at least
_ERRORS = (pa.ArrowException, OSError, ValueError, RecursionError)


def holds_images(stream: IO[bytes]) -> bool:
    """Whether one of its columns is of images."""
    try:
        return bool(_image_columns(pq.ParquetFile(stream)))
    except _ERRORS:
        return False  # what reads it as a table says what is wrong


def pieces(stream: IO[bytes]) -> Iterator[Piece]:
    """Each image, and at the end what is said of them.

    Raises:
        Damaged: a page is damaged, or nobody knows which of two columns is the photograph.
    """
    lines: list[str] = []
    try:
        file = pq.ParquetFile(stream)
        _weigh(file, stream)
        found = _image_columns(file)
        column = found[0] if len(found) == 1 else next((name for name in found if name == "image"), "")
        if not column:
            raise Damaged(f"columns {', '.join(found)} are all of images; keep one, or call it image")
        features, taken = _features(file), set[str]()
        for batch in file.iter_batches(batch_size=_BATCH):
            for row in batch.to_pylist():
                held = row.pop(column) or {}
                name = _named(held.get("path"), len(lines), taken)
                taken.add(name)
                said = {key: _plain(value, features.get(key)) for key, value in row.items() if key not in found}
                lines.append(json.dumps({"file_name": name, **said}))
                if held.get("bytes"):
                    yield Piece(name, BytesIO(held["bytes"]).read)
    except _ERRORS as error:
        raise Damaged(f"damaged after {len(lines)} rows ({' '.join(str(error).split())[:120]})") from error
    yield Piece("metadata.jsonl", BytesIO("\n".join(lines).encode()).read)


def _weigh(file: pq.ParquetFile, stream: IO[bytes]) -> None:
    """Raises Damaged where it says that it holds more than a file of its size can."""
    size = stream.seek(0, SEEK_END)
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    if file.metadata.num_rows > _SLACK + size // _ROW or sum(g.total_byte_size for g in groups) > allowance(size):
        raise Damaged(f"{size} bytes that say to hold {file.metadata.num_rows} images or gigabytes")


def _image_columns(file: pq.ParquetFile) -> list[str]:
    return [
        field.name
        for field in file.schema_arrow
        if pa.types.is_struct(field.type) and {"bytes", "path"} <= {inner.name for inner in field.type}
    ]


def _features(file: pq.ParquetFile) -> dict[str, object]:
    """What Hugging Face says of the columns."""
    said = json_value((file.schema_arrow.metadata or {}).get(b"huggingface", b"{}"))
    features = said.get("info", {}).get("features", {}) if isinstance(said, dict) else {}
    return features if isinstance(features, dict) else {}


def _named(path: object, number: int, taken: set[str]) -> str:
    parts = re.split(r"[/\\]", re.sub(r"^[A-Za-z]:", "", path)) if isinstance(path, str) else []
    name = "/".join(part for part in (part.lstrip(".") for part in parts) if part) or f"{number:06d}"
    name = name if is_image(name) else f"{name}.jpg"
    return name if name not in taken else f"{number:06d}/{name}"


def _plain(value: object, feature: object) -> object:
    """A value as JSON has it, class numbers by their names, nothing in the place of bytes."""
    if isinstance(value, dict):
        inner = feature.get("feature", feature) if isinstance(feature, dict) else None
        return {
            str(key): _plain(held, inner.get(key) if isinstance(inner, dict) else None) for key, held in value.items()
        }
    if isinstance(value, list):
        inner = feature.get("feature", feature) if isinstance(feature, dict) else feature
        return [_plain(held, inner[0] if isinstance(inner, list) and inner else inner) for held in value]
    names = feature.get("names") if isinstance(feature, dict) else None
    if isinstance(names, list) and isinstance(value, int) and 0 <= value < len(names):
        return str(names[value])
    return value if isinstance(value, (str, int, float, bool)) else None
