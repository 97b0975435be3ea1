"""Rendered welds and what Python's TFLite says of them: python pictures.py project count, as JSON on standard output.

Each picture: `png` (base64, 480 × 480), `pixels` (base64, uint8[side, side, 3] RGB, what the network gets of it) and
`probabilities`, float[classes].
"""

import base64
import json
import sys
from pathlib import Path

import cv2
from ai_edge_litert.interpreter import Interpreter

from weldspot.sources.sample import scene


def main(project: Path, count: int) -> None:
    published, exported = project / ".weldspot/published", project / "artifacts/export"
    folder = published if (published / "manifest.json").exists() else exported  # what `weldspot serve` gives out
    manifest = json.loads((folder / "manifest.json").read_text())
    model = Interpreter(str(folder / manifest["file"]))
    model.allocate_tensors()
    put = model.get_input_details()[0]["index"]
    get = next(detail["index"] for detail in model.get_output_details() if len(detail["shape"]) == 2)
    side = manifest["input"]["shape"][1]
    pictures = []
    for index in range(6000, 6000 + count):
        image = scene.render(7, index, 480).image
        pixels = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
        model.set_tensor(put, pixels[None])
        model.invoke()
        pictures.append(
            {
                "png": _text(cv2.imencode(".png", image[..., ::-1])[1].tobytes()),
                "pixels": _text(pixels.tobytes()),
                "probabilities": model.get_tensor(get)[0].tolist(),
            }
        )
    print(json.dumps({"side": side, "labels": manifest["labels"], "pictures": pictures}))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
