"""The camera: viewpoint, exposure, colour, blur and noise; and the copies that photo collections are full of."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from weldspot.sources.synthetic.surface import Frame

Box = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Camera:
    """How one photograph is taken; replace a field (dataclasses.replace) to shift a whole set."""

    exposure: float  # mean brightness aimed at, 0..1
    contrast: float
    warmth: float  # red against blue
    saturation: float
    vignette: float
    blur: float  # units
    noise: float  # grey levels of 255
    tilt: tuple[float, float]  # perspective, share of the side by which far corners come together
    zoom: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Camera":
        """A phone in a workshop: now and then dark, bright, blurred, noisy or grey."""
        kind = rng.random()
        exposure = rng.uniform(0.2, 0.32) if kind < 0.18 else rng.uniform(0.58, 0.7) if kind > 0.85 else None
        return cls(
            exposure=float(rng.uniform(0.34, 0.56) if exposure is None else exposure),
            contrast=float(rng.uniform(0.95, 1.5)),
            warmth=float(rng.normal(0.02, 0.06)),
            saturation=0.0 if rng.random() < 0.1 else float(rng.uniform(0.7, 1.5)),
            vignette=float(rng.uniform(0, 0.4)),
            blur=float(rng.uniform(0.9, 1.5) if rng.random() < 0.15 else rng.uniform(0.2, 0.7)),
            noise=float(rng.uniform(6, 12) if rng.random() < 0.15 else rng.uniform(0.5, 5)),
            tilt=(float(rng.normal(0, 0.07)), float(rng.normal(0, 0.07))),
            zoom=float(rng.uniform(0.97, 1.12)),
        )

    def view(self, frame: Frame, size: int) -> Float[np.ndarray, "3 3"]:
        """The homography from canvas pixels to image pixels."""
        half = size / 2 / self.zoom
        middle = (frame.side - 1) / 2
        a, b = np.clip(self.tilt, -0.13, 0.13)
        corners = np.array([[-1 - a, -1 - b], [1 + a, -1 + b], [1 - a, 1 - b], [-1 + a, 1 + b]]) * half + middle
        target = np.array([[0, 0], [size - 1, 0], [size - 1, size - 1], [0, size - 1]])
        return cv2.getPerspectiveTransform(corners.astype(np.float32), target.astype(np.float32))

    def shoot(
        self, rng: np.random.Generator, light: Float[np.ndarray, "side side 3"], frame: Frame, size: int
    ) -> UInt8[np.ndarray, "{size} {size} 3"]:
        """The RGB photograph of linear light."""
        seen = cv2.warpPerspective(light, self.view(frame, size), (size, size), borderMode=cv2.BORDER_REFLECT_101)
        seen = cv2.GaussianBlur(seen, (0, 0), self.blur * size / 320) if self.blur > 0.25 else seen
        axis = np.linspace(-1, 1, size, dtype=np.float32) ** 2
        seen = seen * (1 - self.vignette * 0.5 * (axis[:, None] + axis[None]))[..., None]
        grey = seen.mean(axis=2)
        gain = self.exposure**2.2 / max(float(np.mean(grey)), 1e-4)
        # a shoulder instead of a hard clip: metal in the sun keeps its shape
        picture = np.sqrt(np.maximum(seen * np.float32(gain), 0))
        picture = picture * (1 + picture * 0.25) / (1 + picture * picture * 0.35)
        picture = (picture - self.exposure) * self.contrast + self.exposure
        grey = picture.mean(axis=2, keepdims=True)
        picture = grey + (picture - grey) * self.saturation
        if self.saturation > 0:
            picture *= np.asarray((1 + self.warmth, 1, 1 - self.warmth), np.float32)
        return _grainy(rng, picture * 255, self.noise)

    def frame_box(self, label: str, points: Float[np.ndarray, "n 2"], frame: Frame, size: int) -> Box | None:
        """The box of points (units) in the photograph, or None when hardly any of it is in view."""
        seen = cv2.perspectiveTransform(frame.pixels(points)[None], self.view(frame, size))[0]
        low = np.clip(np.floor(seen.min(axis=0)), 0, size - 1).astype(int)
        high = np.clip(np.ceil(seen.max(axis=0)), 0, size - 1).astype(int)
        if (high - low).min() < size / 80:
            return None
        return label, int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _grainy(rng: np.random.Generator, picture: np.ndarray, noise: float) -> np.ndarray:
    if noise > 0:
        shape = picture.shape[:2]
        picture = picture + noise * rng.standard_normal(shape, dtype=np.float32)[..., None]
    grainy: np.ndarray = np.clip(picture, 0, 255).astype(np.uint8)
    return grainy


def near_copy(
    rng: np.random.Generator, image: UInt8[np.ndarray, "size size 3"], boxes: list[Box]
) -> tuple[UInt8[np.ndarray, "size size 3"], list[Box]]:
    """The same photograph turned or mirrored exactly, a little brighter or darker, with a little noise."""
    size = image.shape[0]
    last = size - 1
    turn = str(rng.choice(["same", "mirror", "flip", "quarter", "half"]))
    if turn == "mirror":
        image, boxes = image[:, ::-1], [(n, last - c, b, last - a, d) for n, a, b, c, d in boxes]
    elif turn == "flip":
        image, boxes = image[::-1], [(n, a, last - d, c, last - b) for n, a, b, c, d in boxes]
    elif turn == "quarter":  # clockwise: (x, y) goes to (last - y, x)
        image, boxes = np.rot90(image, -1), [(n, last - d, a, last - b, c) for n, a, b, c, d in boxes]
    elif turn == "half":
        image, boxes = image[::-1, ::-1], [(n, last - c, last - d, last - a, last - b) for n, a, b, c, d in boxes]
    lit = np.ascontiguousarray(image).astype(np.float32) * np.float32(rng.uniform(0.86, 1.14)) + rng.uniform(-8, 8)
    return _grainy(rng, lit, float(rng.uniform(1, 5))), boxes
