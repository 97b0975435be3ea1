"""`python -m weldspot.sources.contact_sheet docs/sample-contact-sheet.jpg`: the sample at one glance."""

import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.synthetic.scene import render

_COLUMNS, _ROWS, _TILE = 8, 6, 160
_SEED = 7


def sheet(seed: int, first: int, columns: int = _COLUMNS, rows: int = _ROWS, tile: int = _TILE) -> np.ndarray:
    """uint8[rows*tile,columns*tile,3] RGB of photographs `first` onwards, with their classes written in."""
    tiles = []
    for index in range(first, first + columns * rows):
        photo = render(seed, index, 320)
        image = np.ascontiguousarray(cv2.resize(photo.image, (tile, tile), interpolation=cv2.INTER_AREA))
        for line, label in enumerate(photo.labels):
            (wide, _), _ = cv2.getTextSize(label, cv2.FONT_HERSHEY_SIMPLEX, 0.36, 1)
            cv2.rectangle(image, (0, 13 * line), (wide + 5, 13 * line + 12), (0, 0, 0), cv2.FILLED)
            at = 3, 10 + 13 * line
            cv2.putText(image, label, at, cv2.FONT_HERSHEY_SIMPLEX, 0.36, (255, 255, 255), 1, cv2.LINE_AA)
        tiles.append(image)
    return np.concatenate([np.concatenate(tiles[r * columns : (r + 1) * columns], 1) for r in range(rows)])


def main(arguments: Sequence[str]) -> None:
    """Writes the sheet to the path given (JPEG), or to the seed and index given after it."""
    if not arguments:
        raise WeldspotError("contact_sheet: no file named; give the path of the .jpg to write")
    seed, first = map(int, arguments[1:3]) if len(arguments) > 2 else (_SEED, 0)
    picture = sheet(seed, first)
    path = Path(arguments[0])
    if path.suffix not in (".jpg", ".png") or not path.absolute().parent.is_dir():
        raise WeldspotError(f"{path}: can't be written; name a .jpg or .png in a folder that exists")
    quality = [cv2.IMWRITE_JPEG_QUALITY, 80] if path.suffix == ".jpg" else []
    cv2.imwrite(str(path), picture[..., ::-1], quality)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except WeldspotError as error:
        sys.exit(str(error))
