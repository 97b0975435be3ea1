"""Bounds that both sides keep to, each written here alone; the client and its storage rules are generated from them."""

from typing import Final

IMAGE_BYTES: Final = 5 * 2**20  # of one uploaded photograph
IMAGE_PIXELS: Final = 25_000_000
METADATA_BYTES: Final = 16 * 2**10  # of one upload's metadata as JSON
NOTE_CHARACTERS: Final = 2000
CLASSES_CHARACTERS: Final = 4000  # of the names of all classes, with commas between
DEVICE_CHARACTERS: Final = 200
MODEL_BYTES: Final = 64 * 2**20
MODEL_SIDE_MIN: Final = 16  # pixels of the square input
MODEL_SIDE_MAX: Final = 1024

ALL: Final[dict[str, int]] = {name: value for name, value in list(globals().items()) if isinstance(value, int)}
