"""The model card, to the letter."""

import dataclasses

from contract_examples import manifest
from weld_classes import CLASSES

from weldspot.model.evaluation.pointing import ClassPlaces
from weldspot.model.export import card
from weldspot.model.export.checks import ChecksReport, FileScores
from weldspot.model.export.known_classes import UnknownClasses

INT8: FileScores = {
    "sha256": "0123456789abcdef" * 4,
    "megabytes": 4.038,
    "classes": 7,
    "mean_average_precision": 0.972557,
    "mean_roc_auc": 0.993746,
    "average_precision_loss": -0.000326,
    "probability_gap": 0.001,
    "pointing": 0.8,
    "pointing_loss": 0.01,
}
PLACES: ClassPlaces = {
    "images": 12, "scenes": 4, "pointing": 0.75, "pointing_near": 0.9, "centre": 0.5, "chance": 0.2, "energy": 0.6,
    "iou": 0.4,
}  # fmt: skip


def facts(
    passed: bool = True, resize: str = "stretch", unknown: UnknownClasses | None = None, rendered: str = ""
) -> card.CardFacts:
    written = manifest()
    classes: dict[str, card.ClassFacts] = {
        name: {"average_precision": 0.98765, "roc_auc": 0.5, "threshold": 0.25, "free_below": None, "where": None}
        for name in CLASSES
    }
    classes["Crack"] |= {"average_precision": None, "roc_auc": None, "threshold": 0.5, "where": PLACES}
    classes["Porosity"]["free_below"] = 0.1234
    return card.CardFacts(
        manifest=written.model_copy(update={"input": written.input.model_copy(update={"resize": resize})}),
        backbone="efficientnet_lite0",
        checks=ChecksReport([{"check": "size in MB", "passed": passed, "reason": "4.0380, at most 5 is allowed"}]),
        files={"model-int8.tflite": INT8, "model-float16.tflite": {**INT8, "average_precision_loss": 0.0}},
        classes=classes,
        unknown=unknown or {},
        rendered=rendered,
    )


EXPECTED = """# Model card: weldspot

efficientnet_lite0, 240×240 pixels, 7 classes, multi-label. Made by experiment `39bd234fac495e05` from commit \
`5a3d1e106bc3`.

**Verdict: passes its checks**

| check | passed | measured |
|---|---|---|
| size in MB | yes | 4.0380, at most 5 is allowed |

## Scores on the test images, in the TFLite runtime

Test images share no scene with training or validation.

| file | MB | mean AP | mean ROC AUC | AP lost to Keras | sha256 |
|---|---|---|---|---|---|
| model-int8.tflite | 4.04 | 0.9726 | 0.9937 | -0.0003 | `0123456789ab…` |
| model-float16.tflite | 4.04 | 0.9726 | 0.9937 | +0.0000 | `0123456789ab…` |

## By class (model-int8.tflite)

Under "free below" a photograph is called free of a class, with the bound of `reports/metrics.json` on how many of those
that show it are; from the threshold on it is said to show it; in between a phone is unsure, and asks for a person.

| class | average precision | ROC AUC | threshold | free below |
|---|---|---|---|---|
| Background | 0.988 | 0.500 | 0.25 | no bound |
| Bad Welding | 0.988 | 0.500 | 0.25 | no bound |
| Crack | – | – | 0.50 | no bound |
| Excess Reinforcement | 0.988 | 0.500 | 0.25 | no bound |
| Good Welding | 0.988 | 0.500 | 0.25 | no bound |
| Porosity | 0.988 | 0.500 | 0.25 | 0.123 |
| Splatters | 0.988 | 0.500 | 0.25 | no bound |

## Where (model-int8.tflite)

The share of the test photographs in which the highest cell of a class's map lies in a box that a person drew of it, or
within one cell of one, beside those in which the middle of the picture does; and how well the outline (the map at 0.5)
agrees with the boxes. A phone shows the maps of those that do better than the middle.

| class | photographs (scenes) | points right | within a cell | the middle | IoU | shown |
|---|---|---|---|---|---|---|
| Crack | 12 (4) | 0.75 | 0.90 | 0.50 | 0.40 | no |

## Use

- **In**: 1×240×240×3 uint8, raw RGB bytes, the photograph stretched to this size. Everything else is inside the file.
"""


def test_the_card_is_what_it_always_was() -> None:
    text = card.write(facts())
    assert text.startswith(EXPECTED)
    assert text.endswith("see `reports/split/report.json` and\n  `reports/metrics.json`.\n")


def test_what_failed_stands_out() -> None:
    text = card.write(facts(passed=False, resize="letterbox"))
    assert "**Verdict: does not pass its checks**" in text
    assert "| size in MB | **no** | 4.0380, at most 5 is allowed |" in text
    assert "the photograph letterboxed to this size" in text


def test_what_is_not_known_of_a_class_is_said_at_the_top_and_in_its_row() -> None:
    text = card.write(facts(unknown={"Crack": ["none in train", "none in val"]}))
    assert text.index("**It does not know Crack**") < text.index("**Verdict")
    assert "| Crack | – | – | unknown: none in train, none in val | no bound |" in text


def test_rendered_photographs_are_said_to_be_so_before_any_score() -> None:
    text = card.write(facts(rendered="600 photographs, seed 7"))
    assert text.index("**Its photographs are rendered, not taken** (600 photographs, seed 7;") < text.index("**Verdict")
    assert "rendered" not in card.write(facts())


def test_what_could_not_be_measured_is_a_dash() -> None:
    nothing: FileScores = {**INT8, "mean_average_precision": None, "mean_roc_auc": None, "average_precision_loss": None}
    text = card.write(dataclasses.replace(facts(), files={"model-int8.tflite": nothing}))
    assert "| model-int8.tflite | 4.04 | – | – | – |" in text


def test_one_label_an_image_is_said() -> None:
    given = facts()
    written = given.manifest.model_copy(update={"exclusive": True})
    text = card.write(dataclasses.replace(given, manifest=written))
    assert "7 classes, one label an image." in text
    assert "multi-label" not in text
    assert "7 probabilities (softmax; together they are 1)" in text
