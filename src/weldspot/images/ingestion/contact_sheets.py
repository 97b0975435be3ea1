"""reports/ingest/*.jpg: some of the ingested photographs with their boxes, some of the quarantined with the reason."""

import zipfile
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from PIL import Image, ImageDraw, ImageFont

from weldspot.images import codec
from weldspot.images.ingestion.merge import Merged
from weldspot.runtime.atomic import write_bytes
from weldspot.sources.archive import Archive, BadMember, is_foreign_link
from weldspot.sources.record import Rejected

_COLUMNS, _ROWS = 6, 6
_TILE, _TEXT, _GAP = 240, 44, 8
_KEY, _LINE = 160, 18  # of the legend
_PIXELS = 50_000_000  # of a quarantined picture that is still shown

T = TypeVar("T")


def write(
    folder: Path,
    rows: Sequence[Merged],
    rejected: Sequence[Rejected],
    scratch: Path,
    sources: Sequence[Path],
    colours: Mapping[str, str],
) -> None:
    """Writes ingested.jpg and, if anything was, quarantined.jpg.

    Args:
        folder: Where to.
        rows: Of the table; their bytes lie in `scratch`.
        rejected: Names with reasons; their bytes are looked for in `sources`, zips and folders.
        scratch: The folder of canonical images.
        sources: In the order in which a name is looked for.
        colours: Of each class, in order: `#rrggbb`.
    """
    originals = [row for row in rows if not row.found.parent]
    if originals:
        chosen = _spread(originals, lambda row: tuple(row.labels))
        write_bytes(folder / "ingested.jpg", _sheet([_ingested(row, scratch, colours) for row in chosen], colours))
    if rejected:
        few = _spread(rejected, lambda item: item.reason)
        pictures = _pictures([item.name for item in few], sources)
        tiles = [_tile(pictures.get(item.name), item.name, item.reason) for item in few]
        write_bytes(folder / "quarantined.jpg", _sheet(tiles))


def _spread(items: Iterable[T], kind: Callable[[T], Hashable]) -> list[T]:
    """A sheet's worth of items: one of each kind in turn, in their order."""
    kinds: dict[Hashable, list[T]] = defaultdict(list)
    for item in items:
        kinds[kind(item)].append(item)
    turns = (item for turn in zip_longest(*kinds.values()) for item in turn if item is not None)
    return [item for item, _ in zip(turns, range(_COLUMNS * _ROWS), strict=False)]


def _ingested(row: Merged, scratch: Path, colours: Mapping[str, str]) -> Image.Image:
    found = row.found
    picture = Image.open(BytesIO(found.data(scratch))).convert("RGB")
    scale = _TILE / max(picture.size)
    picture = _fitted(picture)
    draw = ImageDraw.Draw(picture)
    for label, *sides in row.boxes:
        draw.rectangle([side * scale for side in sides], outline=colours[label], width=2)
    return _tile(picture, found.name, ", ".join(row.labels))


def _legend(sheet: Image.Image, top: int, colours: Mapping[str, str]) -> None:
    """The colour of each class, in as many lines as the sheet is narrow."""
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=11)
    across = max(1, sheet.width // _KEY)
    for index, label in enumerate(colours):
        x, y = _GAP + index % across * _KEY, top + index // across * _LINE
        draw.rectangle((x, y + 2, x + 10, y + 12), fill=colours[label])
        draw.text((x + 16, y), _printable(label), "black", font)


def _pictures(names: Sequence[str], sources: Sequence[Path]) -> dict[str, Image.Image]:
    """Those that are pictures after all, small."""
    found: dict[str, Image.Image] = {}
    for source in sources:
        for name, data in _read(source, [name for name in names if name not in found]):
            try:
                found[name] = _fitted(Image.fromarray(codec.canonical(data, _PIXELS, 1).rgb))
            except codec.BadImage:
                continue
    return found


def _read(source: Path, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    if source.is_dir():
        paths = ((name, source / name) for name in names if ".." not in name.split("/"))
        yield from ((n, path.read_bytes()) for n, path in paths if path.is_file() and not is_foreign_link(path))
    elif zipfile.is_zipfile(source):
        with Archive(source) as archive:
            for name in names:
                with suppress(BadMember):
                    if name in archive:
                        yield name, archive.read(name)


def _fitted(picture: Image.Image) -> Image.Image:
    scale = _TILE / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC)


def _tile(picture: Image.Image | None, name: str, said: str) -> Image.Image:
    """A picture, or a grey place for one, with two lines below."""
    tile = Image.new("RGB", (_TILE, _TILE + _TEXT), "white")
    place = picture or Image.new("RGB", (_TILE, _TILE), "#dddddd")
    tile.paste(place, ((_TILE - place.width) // 2, (_TILE - place.height) // 2))
    draw = ImageDraw.Draw(tile)
    font = ImageFont.load_default(size=11)
    lines = [_cut(name, draw, font, from_start=True), *_wrapped(said, draw, font)]
    for index, line in enumerate(lines[:3]):
        draw.text((2, _TILE + 2 + 14 * index), line, "black" if index else "#666666", font)
    return tile


Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def _printable(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1").replace("\n", " ")


def _cut(text: str, draw: ImageDraw.ImageDraw, font: Font, from_start: bool = False) -> str:
    """As much of the text as fits into a tile: its end, or its beginning."""
    text = _printable(text)
    if draw.textlength(text, font) <= _TILE - 4:
        return text
    while text and draw.textlength(f"...{text}", font) > _TILE - 4:
        text = text[1:] if from_start else text[:-1]
    return f"...{text}" if from_start else f"{text}..."


def _wrapped(text: str, draw: ImageDraw.ImageDraw, font: Font) -> list[str]:
    words = _printable(text).split()
    line = ""
    while words and draw.textlength(f"{line} {words[0]}", font) <= _TILE - 4:
        line = f"{line} {words.pop(0)}".strip()
    return [line or _cut(text, draw, font), _cut(" ".join(words), draw, font)] if words else [line]


def _sheet(tiles: Sequence[Image.Image], colours: Mapping[str, str] = MappingProxyType({})) -> bytes:
    columns = min(_COLUMNS, len(tiles))
    rows = -(-len(tiles) // columns)
    wide, high = _TILE + _GAP, _TILE + _TEXT + _GAP
    width, bottom = columns * wide + _GAP, rows * high + _GAP
    lines = -(-len(colours) // max(1, width // _KEY))
    sheet = Image.new("RGB", (width, bottom + lines * _LINE), "white")
    for index, tile in enumerate(tiles):
        sheet.paste(tile, (_GAP + index % columns * wide, _GAP + index // columns * high))
    _legend(sheet, bottom, colours)
    stream = BytesIO()
    sheet.save(stream, "JPEG", quality=85)
    return stream.getvalue()
