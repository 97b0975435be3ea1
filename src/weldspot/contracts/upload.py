"""The metadata that goes with one corrected photograph, all strings: custom metadata of an object, or a form's part."""

from typing import Annotated

from pydantic import Field

from weldspot.contracts import limits
from weldspot.contracts.base import Contract, Sha256


class UploadMetadata(Contract):
    """`labels`: class names; `scores`: one number for each class, in the manifest's order; both separated by commas.

    `classes`: the manifest's labels, in the order of `scores`; an older phone does not say. `model`: SHA-256 of the
    .tflite that gave the scores; `taken`: ISO 8601 with a zone; `sha256`: of the image as sent.
    """

    labels: Annotated[str, Field(max_length=limits.CLASSES_CHARACTERS)]
    scores: str
    model: Sha256
    taken: str
    device: Annotated[str, Field(max_length=limits.DEVICE_CHARACTERS)] = ""
    note: Annotated[str, Field(max_length=limits.NOTE_CHARACTERS)] = ""
    sha256: str = ""
    classes: Annotated[str, Field(max_length=limits.CLASSES_CHARACTERS)] = ""
