"""largest_groups.jpg: some photographs of each of the largest scenes, so that one which is none is seen."""

import io
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from PIL import Image, ImageDraw, ImageFont

from weldspot.images import table
from weldspot.runtime.atomic import write_bytes

_ROWS, _COLUMNS = 8, 10
_TILE, _GAP, _CAPTION = 112, 4, 18


class _Picture(TypedDict):
    id: str
    image: bytes


def write(path: Path, preprocessed: Path, ids: Sequence[str], groups: Sequence[str], names: Sequence[str]) -> None:
    """Draws the scenes that have most photographs, the largest first; nothing where none has two.

    Args:
        path: The JPEG to write.
        preprocessed: The table with the pictures.
        ids: Of the photographs, without crops.
        groups: The scene of each.
        names: The file of each.
    """
    members: dict[str, list[int]] = defaultdict(list)
    for position, group in enumerate(groups):
        members[group].append(position)
    largest = sorted((found for found in members.values() if len(found) > 1), key=lambda m: (-len(m), m))[:_ROWS]
    if not largest:
        return
    shown = [_spread(sorted(found, key=lambda i: names[i])) for found in largest]
    pictures = _pictures(preprocessed, {ids[i] for row in shown for i in row})
    captions = [f"{len(found)} photographs: {names[row[0]]}" for found, row in zip(largest, shown, strict=True)]
    write_bytes(path, _sheet([[pictures[ids[i]] for i in row] for row in shown], captions))


def _spread(positions: Sequence[int]) -> list[int]:
    """As many as fit into a row, from the first to the last."""
    if len(positions) <= _COLUMNS:
        return list(positions)
    return [positions[round(k * (len(positions) - 1) / (_COLUMNS - 1))] for k in range(_COLUMNS)]


def _pictures(preprocessed: Path, ids: set[str]) -> dict[str, Image.Image]:
    rows = (row for shard in table.shards(preprocessed) for row in table.rows(shard, _Picture))
    return {row["id"]: Image.open(io.BytesIO(row["image"])).convert("RGB") for row in rows if row["id"] in ids}


def _sheet(rows: Sequence[Sequence[Image.Image]], captions: Sequence[str]) -> bytes:
    width, height = _COLUMNS * (_TILE + _GAP) + _GAP, _TILE + _CAPTION + 2 * _GAP
    sheet = Image.new("RGB", (width, height * len(rows) + _GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for number, (row, caption) in enumerate(zip(rows, captions, strict=True)):
        top = number * height + _GAP
        draw.text((_GAP, top), caption.encode("latin-1", "replace").decode("latin-1"), "black", font)
        for column, picture in enumerate(row):
            sheet.paste(picture.resize((_TILE, _TILE)), (_GAP + column * (_TILE + _GAP), top + _CAPTION))
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=85)
    return stream.getvalue()
