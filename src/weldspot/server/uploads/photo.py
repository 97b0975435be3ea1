"""Is this a photograph? Judged before anything is kept, at a cost that the sender can't drive up."""

import warnings
from io import BytesIO

from PIL import Image

from weldspot.images import jpeg
from weldspot.server.answers import Refused

warnings.filterwarnings("ignore", module=r"PIL\.")  # a line for each of 65,000 tags, and each is remembered
_SCANS = 100  # a progressive photograph has about ten; each more costs a pass over all pixels
_WHOLE_PIXELS = 4_000_000  # of several scans the decoder keeps the whole picture, of one a few rows


def check(data: bytes, pixels: int) -> None:
    """Is `data` a whole JPEG of at most `pixels` pixels, as its header says before anything is decoded?

    Raises:
        Refused: 413 too many pixels or scans, 415 no JPEG, or one that can't be decoded to its end.
    """
    if not data.startswith(b"\xff\xd8\xff"):
        raise Refused(415, "The image is not a JPEG file.")
    if jpeg.excess(data):
        raise Refused(413, "The image has more beside its picture than a photograph has.")
    try:
        image = Image.open(BytesIO(data), formats=["JPEG", "MPO"])
    except Image.DecompressionBombError:  # Pillow's own limit, seven times ours, in a process that has not lifted it
        raise Refused(413, f"The image has more than {pixels / 1e6:g} million pixels.") from None
    except Exception:  # decoders raise anything on damaged input
        raise Refused(415, "The image is not a JPEG file that can be read.") from None
    with image:
        width, height = image.size
        if width * height > pixels:
            raise Refused(413, f"The image has {width} × {height} pixels, more than {pixels / 1e6:g} million.")
        scans = jpeg.count_scans(data)
        if scans > _SCANS:
            raise Refused(413, f"The image has more than {_SCANS} scans.")
        if scans > 1 and width * height > _WHOLE_PIXELS:
            most = f"{_WHOLE_PIXELS / 1e6:g} million"
            raise Refused(413, f"A progressive image may have at most {most} pixels, not {width} × {height}.")
        try:
            image.draft("RGB", (1, 1))  # an eighth of each side: every bit is read, little memory is taken
            image.load()
        except Exception:
            raise _damaged() from None
        if not jpeg.is_possible(data, width * height) or jpeg.damage(data):
            raise _damaged()


def _damaged() -> Refused:
    return Refused(415, "The image is damaged: it can't be decoded to its end.")
