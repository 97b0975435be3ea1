"""A version knows how its pictures are made."""

from pathlib import Path

import contract_examples

from weldspot.config.sections.preprocess import Denoise, Preprocess
from weldspot.contracts.manifest import Input
from weldspot.registry.versions import ModelVersion


def test_its_pictures_have_its_own_size_and_fit() -> None:
    spec = Input(shape=(1, 96, 96, 3), dtype="uint8", scale=1.0, zero_point=0, resize="letterbox")
    here = Path("nowhere")
    version = ModelVersion("1", "ab" * 32, here, contract_examples.manifest(input=spec), here, here)
    now = Preprocess(size=240, fit="stretch", denoise=Denoise(median=3, gaussian=0, bilateral=0), jpeg_quality=95)
    own = version.preprocess(now)
    assert (own.size, own.fit) == (96, "letterbox")
    assert (own.denoise, own.jpeg_quality) == (now.denoise, now.jpeg_quality)
