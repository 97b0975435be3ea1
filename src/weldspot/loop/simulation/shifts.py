"""Named ways in which the world can differ from what the model was judged on."""

from collections.abc import Callable
from typing import Literal, get_args

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from weldspot.labels import ClassList
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.synthetic.scene import Rendered, render

Shift = Literal["none", "night", "blur", "white-balance", "jpeg", "new-plates", "more-porosity", "model-wrong"]
SHIFTS: tuple[Shift, ...] = get_args(Shift)
_PORES = "Porosity"

Picture = UInt8[np.ndarray, "height width 3"]  # RGB
Labels = UInt8[np.ndarray, " classes"]


def _night(rgb: Picture, rng: np.random.Generator) -> Picture:
    """A workshop after dark: a fraction of the light, a warm lamp, and the noise of a sensor turned up."""
    light = rng.uniform(0.22, 0.42) * np.array([1.1, 1.0, 0.8])
    dark = rgb.astype(np.float32) * light.astype(np.float32)
    return _bytes(dark + rng.normal(0, rng.uniform(5, 11), rgb.shape))


def _blur(rgb: Picture, rng: np.random.Generator) -> Picture:
    """A moving hand or a greasy lens."""
    side = max(rgb.shape[:2])
    if rng.random() < 0.5:
        return cv2.GaussianBlur(rgb, (0, 0), float(rng.uniform(0.007, 0.014)) * side)
    length = max(3, round(float(rng.uniform(0.025, 0.05)) * side))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D((length // 2, length // 2), float(rng.uniform(0, 180)), 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length))
    kernel = (kernel / max(float(kernel.sum()), 1e-6)).astype(np.float32)
    return cv2.filter2D(rgb, -1, kernel, borderType=cv2.BORDER_REFLECT_101)


def _white_balance(rgb: Picture, rng: np.random.Generator) -> Picture:
    """A camera that took sodium light or an arc for daylight."""
    warm = rng.uniform(0.25, 0.4) * (1 if rng.random() < 0.7 else -1)
    return _bytes(rgb.astype(np.float32) * np.array([1 + warm, 1.0, 1 - warm], np.float32))


def _jpeg(rgb: Picture, rng: np.random.Generator) -> Picture:
    """A messenger that shrinks and squeezes what passes through it."""
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    options = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(8, 22))]
    squeezed = np.asarray(cv2.imdecode(cv2.imencode(".jpg", small, options)[1], cv2.IMREAD_COLOR))
    return cv2.resize(squeezed, (width, height), interpolation=cv2.INTER_LINEAR)


def _new_plates(rgb: Picture, rng: np.random.Generator) -> Picture:
    """Painted and rusty plates: the colour of the steel changes, light and shape stay."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None]
    paint = np.array([(0.75, 0.32, 0.18), (0.25, 0.45, 0.75), (0.3, 0.6, 0.35), (0.85, 0.7, 0.2)][rng.integers(4)])
    height, width = rgb.shape[:2]
    coarse = rng.random((5, 5)).astype(np.float32)
    patches = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    share = np.clip(0.35 + 0.9 * (patches - 0.3), 0.15, 0.85)
    painted = grey * (paint.astype(np.float32) * 1.5)
    return _bytes(rgb * (1 - share) + painted * share)


def _bytes(picture: Float[np.ndarray, "height width 3"]) -> Picture:
    clipped: Picture = np.clip(picture, 0, 255).astype(np.uint8)
    return clipped


_PICTURE: dict[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "night": _night,
    "blur": _blur,
    "white-balance": _white_balance,
    "jpeg": _jpeg,
    "new-plates": _new_plates,
}


def check(shift: Shift, classes: ClassList) -> None:
    """Raises WeldspotError when the classes of the model are not those that the shift is made of."""
    others = "choose another: `weldspot simulate --help` names them"
    if shift == "more-porosity" and classes.canonical(_PORES) is None:
        raise WeldspotError(
            f"simulate --shift {shift}: {_PORES} is none of the classes ({', '.join(classes.names)}); {others}"
        )
    if shift == "model-wrong" and len(classes.objects) < 2:
        raise WeldspotError(f"simulate --shift {shift}: it takes two classes besides the background; {others}")


def apply(shift: Shift, rgb: Picture, rng: np.random.Generator) -> Picture:
    """The picture as the shift would have it; the same picture for a shift that is none of the picture."""
    return _PICTURE[shift](rgb, rng) if shift in _PICTURE else rgb


def relabel(shift: Shift, labels: Labels, classes: ClassList, rng: np.random.Generator) -> Labels:
    """The welder's labels; with `model-wrong` two of five welds are something else than they look."""
    nothing = classes.background_column
    if shift != "model-wrong" or (nothing is not None and labels[nothing]) or rng.random() > 0.4:
        return labels
    others = [k for k in range(len(classes)) if k != nothing and not labels[k]]
    if not others:  # it shows every class: there is nothing else that it could be taken for
        return labels
    other = np.zeros_like(labels)
    other[rng.choice(others)] = 1
    return other


def keep(shift: Shift, labels: Labels, classes: ClassList, rng: np.random.Generator) -> bool:
    """Whether a photograph is taken at all; with `more-porosity` most welds without pores are passed by."""
    pores = classes.canonical(_PORES)
    return shift != "more-porosity" or pores in classes.shown(labels) or rng.random() < 0.2


def photograph(seed: int, index: int, shift: Shift, size: int, classes: ClassList) -> tuple[Picture, list[str]] | None:
    """Photograph `index` of the simulation `seed` and the welder's labels; None for one that is not taken.

    What shows nothing that the list has a word for is not: no welder could label it. Nor is what shows two things of
    an exclusive list.
    """
    rng = np.random.default_rng([seed, index, 77])
    shown: Rendered = render(seed, index, size)
    labels = classes.multi_hot(name for label in shown.labels if (name := classes.canonical(label)))
    if shown.labels and (not labels.any() or (classes.exclusive and labels.sum() > 1)):
        return None
    if not keep(shift, labels, classes, rng):
        return None
    picture = apply(shift, shown.image, rng)
    said = classes.shown(relabel(shift, labels, classes, rng))
    if not said and classes.background is None:
        return None
    return picture, said or [str(classes.background)]
