"""Writes a still picture as a Y4M film, which Chromium's fake camera shows: python y4m.py picture film.y4m [side]."""

import sys
from pathlib import Path

import cv2
import numpy as np


def film(picture: Path, side: int = 640, frames: int = 6) -> bytes:
    """The picture at side × side (even), 4:2:0, limited range, as Y4M (https://wiki.multimedia.cx/index.php/YUV4MPEG2)."""
    image = cv2.imread(str(picture), cv2.IMREAD_COLOR)
    if image is None:
        raise SystemExit(f"{picture}: not a picture")
    resized = cv2.resize(image, (side, side), interpolation=cv2.INTER_LINEAR)
    planes = cv2.cvtColor(resized, cv2.COLOR_BGR2YUV_I420)
    assert planes.dtype == np.uint8
    return f"YUV4MPEG2 W{side} H{side} F30:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + planes.tobytes()) * frames


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(film(Path(sys.argv[1]), int((sys.argv[3:] or [640])[0])))
