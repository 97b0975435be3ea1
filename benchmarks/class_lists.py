"""The whole loop with lists of other lengths: python benchmarks/class_lists.py 3 20, minutes for each.

Draws an export (COCO, a marking of its own for each class), reads its list, trains, promotes, publishes; sends
corrected photographs over HTTP, dark ones that the model is wrong about; gate, retraining, promotion; then the phone's
story in Chromium with the new production model. Ends with the first thing that is not as it should be.
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from pathlib import Path

import cv2
import numpy as np
import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "client" / "e2e")]
import small_project  # noqa: E402
import y4m  # noqa: E402

SIDE, EACH, SENT = 256, 24, 80
SHAPES = ("ring", "bar", "cross", "square", "blob", "arc", "dots", "wedge")
COLOURS = {"red": (200, 40, 40), "blue": (40, 70, 200), "green": (40, 160, 60), "yellow": (220, 200, 40)}
NAMES = [f"{colour}_{shape}" for shape in SHAPES for colour in COLOURS]
SETTINGS = (
    "source=folder preprocess.size=128 augment.variants=1 training.head_epochs=40 training.epochs=2 "
    "evaluate.bootstrap=50 export.calibration_images=16 export.checks.min_mean_average_precision=0.3 "
    "export.checks.max_average_precision_loss=0.1 loop.gate.resamples=300 loop.promote.bootstrap=200"
)
Box = tuple[int, int, int, int]


def photograph(names: list[str], rng: np.random.Generator) -> tuple[np.ndarray, list[tuple[str, Box]]]:
    """A plate with the markings of these classes: uint8[256, 256, 3] RGB, and the box of each."""
    plate = np.full((SIDE, SIDE, 3), rng.integers(110, 160, 3), np.float32)
    grain = cv2.resize(rng.normal(0, 14, (32, 32, 1)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    picture = np.clip(plate + grain[..., None] + rng.normal(0, 4, plate.shape), 0, 255).astype(np.uint8)
    boxes, half = [], SIDE // 2
    for place, name in zip(rng.permutation(4), names, strict=False):
        side = int(rng.integers(70, 105))
        left, top = (int(p) * half + int(rng.integers(0, half - side)) for p in (place % 2, place // 2))
        _mark(picture[top : top + side, left : left + side], name, rng)
        boxes.append((name, (left, top, side, side)))
    return picture, boxes


def _mark(tile: np.ndarray, name: str, rng: np.random.Generator) -> None:
    colour_name, shape = name.split("_")
    colour = tuple(int(c) for c in np.clip(np.array(COLOURS[colour_name]) + rng.integers(-20, 20, 3), 0, 255))
    n, m, thick = len(tile), len(tile) // 2, max(5, len(tile) // 8)
    cells = np.ascontiguousarray(tile)
    if shape == "ring":
        cv2.circle(cells, (m, m), m - thick, colour, thick)
    elif shape == "bar":
        cv2.line(cells, (thick, m), (n - thick, m), colour, 2 * thick)
    elif shape == "cross":
        cv2.line(cells, (thick, thick), (n - thick, n - thick), colour, thick)
        cv2.line(cells, (n - thick, thick), (thick, n - thick), colour, thick)
    elif shape == "square":
        cv2.rectangle(cells, (thick, thick), (n - thick, n - thick), colour, thick)
    elif shape == "blob":
        cv2.circle(cells, (m, m), m - 4, colour, -1)
    elif shape == "arc":
        cv2.ellipse(cells, (m, n - thick), (m - thick, n - 2 * thick), 0, 180, 360, colour, thick)
    elif shape == "dots":
        for x in (n // 4, 3 * n // 4):
            for y in (n // 4, 3 * n // 4):
                cv2.circle(cells, (x, y), thick, colour, -1)
    else:
        cv2.fillPoly(cells, [np.array([[4, n - 4], [n - 4, n - 4], [m, 4]])], colour)
    tile[:] = cells


def shown(names: list[str], index: int, rng: np.random.Generator) -> list[str]:
    """What a photograph shows: each class in turn, every third photograph one more."""
    found = [names[index % len(names)]]
    if index % 3 == 0:
        found.append(names[int(rng.integers(len(names)))])
    return list(dict.fromkeys(found))


def export(path: Path, names: list[str], rng: np.random.Generator) -> None:
    """A zip as Roboflow writes COCO: train/_annotations.coco.json beside the photographs."""
    images, annotations = [], []
    with zipfile.ZipFile(path, "w") as archive:
        for index in range(EACH * len(names)):
            picture, boxes = photograph(shown(names, index, rng), rng)
            file = f"plate_{index:04d}.jpg"
            archive.writestr(f"train/{file}", _jpeg(picture))
            images.append({"id": index, "file_name": file, "width": SIDE, "height": SIDE})
            for name, box in boxes:
                annotations.append(
                    {"id": len(annotations), "image_id": index, "category_id": names.index(name) + 1, "bbox": box}
                )
        categories = [{"id": number, "name": name} for number, name in enumerate(names, 1)]
        content = {"images": images, "annotations": annotations, "categories": categories}
        archive.writestr("train/_annotations.coco.json", json.dumps(content))


def _jpeg(picture: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def send(address: str, manifest: dict, names: list[str], rng: np.random.Generator) -> int:
    """Corrected photographs taken in the dark, as phones send them; how many the server stored."""
    stored = 0
    for index in range(SENT):
        picture, boxes = photograph(shown(names, index, rng), rng)
        labels = list(dict.fromkeys(name for name, _ in boxes))
        scores = rng.random(len(manifest["labels"])).round(4)
        metadata = {
            "labels": ",".join(labels),
            "classes": ",".join(manifest["labels"]),
            "scores": ",".join(map(str, scores)),
            "model": manifest["sha256"],
            "taken": time.strftime("%Y-%m-%dT%H:%M:%S.000+00:00", time.gmtime()),
        }
        parts = {
            "image": ("a.jpg", io.BytesIO(_jpeg((picture * 0.35).astype(np.uint8))), "image/jpeg"),
            "metadata": (None, json.dumps(metadata), "application/json"),
        }
        answer = requests.post(f"{address}api/feedback/bench-{index % 7}/{uuid.uuid4()}", files=parts, timeout=30)
        stored += answer.status_code == 201
        if answer.status_code != 201:
            print(answer.status_code, answer.text)
    return stored


def whole(classes: int, folder: Path) -> None:
    """Everything with a list of this length, in a new project in `folder`."""
    rng, names = np.random.default_rng(classes), NAMES[:classes]
    project, zipped = folder / "pro ject", folder / "export.zip"
    folder.mkdir(parents=True, exist_ok=True)
    export(zipped, names, rng)

    def run(tool: str, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
        started = time.monotonic()
        told = small_project.run(project, tool, *arguments, allowed=allowed)
        line = told.strip().splitlines()[-1] if told.strip() else ""
        print(
            f"{classes} classes  {time.monotonic() - started:4.0f} s  {tool} {' '.join(arguments)[:60]}: {line}",
            flush=True,
        )
        return told

    small_project.run(small_project.ROOT, "git", "clone", "-q", str(ROOT), str(project))
    run("dvc", "pull", "--quiet", "data.dvc")
    run("weldspot", "labels", "--from", str(zipped), "--name", "mine")
    run("weldspot", "compose", *SETTINGS.split(), "labels=mine", f"source.path={zipped}")
    run("dvc", "repro")
    run("weldspot", "promote")
    run("weldspot", "publish")
    published = json.loads((project / ".weldspot/published/manifest.json").read_text())
    assert sorted(published["labels"]) == sorted(names), published["labels"]
    server = subprocess.Popen(
        ["weldspot", "serve", "--port", "0"], cwd=project, stdout=subprocess.PIPE, text=True,
        env=small_project.environment(),
    )  # fmt: skip
    try:
        address = next(word for line in server.stdout for word in line.split() if word.startswith("http://127"))
        assert send(address, published, names, rng) == SENT
    finally:
        server.terminate()
        server.wait()
    run("weldspot", "collect")
    run("weldspot", "retrain", allowed=(0, 12))
    verdict = json.loads((project / "reports/gate/verdict.json").read_text())
    moved = [row["name"] for row in verdict["statistics"] if row["moved"]]
    print(f"{classes} classes  gate: {verdict['outcome']}; moved: {', '.join(moved)}")
    print((project / "reports/retrain/summary.md").read_text())
    run("weldspot", "status")
    phone(project, names, rng)


def phone(project: Path, names: list[str], rng: np.random.Generator) -> None:
    """The welder's story in Chromium with what this project publishes."""
    picture, boxes = photograph([names[0]], rng)
    cv2.imwrite(str(project / "weld.png"), picture[..., ::-1])
    (project / "weld.y4m").write_bytes(y4m.film(project / "weld.png"))
    left, top, width, height = (side / SIDE for side in boxes[0][1])
    box = [left, top, left + width, top + height]
    (project / "weld.json").write_text(json.dumps({"label": names[0], "box": box}))
    done = subprocess.run(
        ["npm", "--prefix", str(ROOT / "client"), "run", "--silent", "e2e", "--", "-g", "a welder looks|offline"],
        env=small_project.environment() | {"WELDSPOT_PROJECT": str(project)},
        check=False,
    )
    print(f"{len(names)} classes  Chromium: {'passed' if done.returncode == 0 else 'FAILED'}")
    if done.returncode:
        raise SystemExit(1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("classes", nargs="*", type=int, default=[3, 20])
    parser.add_argument("--keep", type=Path, help="a folder to work in, which stays")
    options = parser.parse_args()
    for classes in options.classes:
        if options.keep:
            whole(classes, options.keep / str(classes))
            continue
        with tempfile.TemporaryDirectory() as folder:
            whole(classes, Path(folder))


if __name__ == "__main__":
    main()
