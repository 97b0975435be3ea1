"""`python -m weldspot.sources.sample.contact_sheet docs/sample-contact-sheet.jpg`: the sample at one glance."""

import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from weldspot.errors import WeldspotError
from weldspot.sources.sample.scene import render

_COLUMNS, _ROWS, _TILE = 8, 6, 160
_SEED = 7


def sheet(seed: int, first: int, columns: int = _COLUMNS, rows: int = _ROWS, tile: int = _TILE) -> np.ndarray:
    """uint8[rows*tile,columns*tile,3] RGB of photographs `first` onwards, with their classes written in."""
    tiles = []
    for index in range(first, first + columns * rows):
        photo = render(seed, index, 320)
        image = np.ascontiguousarray(cv2.resize(photo.image, (tile, tile), interpolation=cv2.INTER_AREA))
        for line, label in enumerate(photo.labels):
            at = 3, 10 + 11 * line
            cv2.putText(image, label, at, cv2.FONT_HERSHEY_SIMPLEX, 0.33, (0, 0, 0), 3, cv2.LINE_AA)
            cv2.putText(image, label, at, cv2.FONT_HERSHEY_SIMPLEX, 0.33, (255, 255, 255), 1, cv2.LINE_AA)
        tiles.append(image)
    return np.concatenate([np.concatenate(tiles[r * columns : (r + 1) * columns], 1) for r in range(rows)])


def main(arguments: Sequence[str]) -> None:
    """Writes the sheet to the path given (JPEG), or to the seed and index given after it."""
    if not arguments:
        raise WeldspotError(
            "contact_sheet: no file named; give the path to write, then a seed and a first index if wanted"
        )
    seed, first = (int(a) for a in (*arguments[1:3], *(_SEED, 0)[len(arguments[1:3]) :]))
    picture = sheet(seed, first)
    if not cv2.imwrite(str(Path(arguments[0])), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80]):
        raise WeldspotError(f"{arguments[0]}: can't be written as an image; name a .jpg in a folder that exists")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except WeldspotError as error:
        sys.exit(str(error))
