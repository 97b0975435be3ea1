"""Rendered welds and what Python's TFLite says of them: python pictures.py project count, as JSON on standard output.

Each picture: `png` (base64, 480 × 480), `pixels` (base64, uint8[side, side, 3] RGB, what the network gets of it) and
`probabilities`, float[classes].
"""

import base64
import json
import sys
import tempfile
from pathlib import Path

import cv2

from weldspot.model.export.phone_model import PhoneModel
from weldspot.server.models import Models
from weldspot.sources.synthetic import scene
from weldspot.workspace import Workspace


def main(project: Path, count: int) -> None:
    """Prints them for the model that `weldspot serve` gives in this project."""
    served = Models(Workspace(project))
    manifest = served.manifest()
    content = served.content(manifest.sha256) if manifest else None
    if manifest is None or content is None:
        raise SystemExit(f"{project}: no model to serve; run `dvc repro` there")
    with tempfile.NamedTemporaryFile(suffix=".tflite") as file:
        file.write(content)
        file.flush()
        model = PhoneModel(Path(file.name))
    side = manifest.input.side
    pictures = []
    for index in range(6000, 6000 + count):
        image = scene.render(7, index, 480).image
        pixels = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
        pictures.append(
            {
                "png": _text(cv2.imencode(".png", image[..., ::-1])[1].tobytes()),
                "pixels": _text(pixels.tobytes()),
                "probabilities": model(pixels)[0].tolist(),
            }
        )
    print(json.dumps({"side": side, "labels": manifest.labels, "pictures": pictures}))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
