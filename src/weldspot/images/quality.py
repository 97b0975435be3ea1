"""Six numbers that say how a photograph was taken; the drift gate watches them."""

import math

import cv2
import numpy as np

_IMMERKAER = math.sqrt(math.pi / 2) / 6


def statistics(bgr: np.ndarray, width: int, height: int) -> dict[str, float]:
    """The columns `weldspot.images.table.QUALITY` of a uint8[h,w,3] BGR picture that was width×height before resizing.

    - brightness, contrast: mean and standard deviation of grey, in grey levels
    - sharpness: variance of the Laplacian
    - colourfulness: Hasler and Süsstrunk's M3; 0 is grey, 100 is vivid
    - noise: Immerkær's estimate of the noise's standard deviation, in grey levels
    - aspect: width / height
    """
    grey = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    brightness, variance = _mean_variance(grey)
    _, sharpness = _mean_variance(cv2.Laplacian(grey, cv2.CV_16S))
    # second derivative along both axes: blind to planes and straight edges along them, so what is left is noise
    residue = cv2.Sobel(grey, cv2.CV_16S, 2, 2, ksize=3)
    return {
        "brightness": brightness,
        "contrast": math.sqrt(variance),
        "sharpness": sharpness,
        "colourfulness": _colourfulness(bgr),
        "noise": _IMMERKAER * cv2.norm(residue, cv2.NORM_L1) / residue.size,
        "aspect": width / height,
    }


def _mean_variance(channel: np.ndarray) -> tuple[float, float]:
    # from sums: twelve times as fast as cv2.meanStdDev on int16, and exact, since the sums are whole numbers
    mean = cv2.sumElems(channel)[0] / channel.size
    return mean, max(0.0, cv2.norm(channel, cv2.NORM_L2SQR) / channel.size - mean * mean)


def _colourfulness(bgr: np.ndarray) -> float:
    blue, green, red = cv2.split(bgr)
    mean_rg, variance_rg = _mean_variance(cv2.subtract(red, green, dtype=cv2.CV_16S))
    red_and_green = cv2.add(red, green, dtype=cv2.CV_16S)
    mean_yb, variance_yb = _mean_variance(cv2.scaleAdd(blue.astype(np.int16), -2, red_and_green))  # twice yellow − blue
    return math.sqrt(variance_rg + variance_yb / 4) + 0.3 * math.hypot(mean_rg, mean_yb / 2)
