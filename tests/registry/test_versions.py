"""A version knows how its pictures are made, and which classes it knows."""

from pathlib import Path

import contract_examples
import pyarrow as pa
import pyarrow.parquet as pq
from weld_classes import CLASSES

from weldspot.config.sections.preprocess import Denoise, Preprocess
from weldspot.contracts.manifest import Input, Manifest
from weldspot.registry.versions import ModelVersion, learnt, unknown_classes


def test_its_pictures_have_its_own_size_and_fit() -> None:
    spec = Input(shape=(1, 96, 96, 3), dtype="uint8", scale=1.0, zero_point=0, resize="letterbox")
    here = Path("nowhere")
    version = ModelVersion("1", "ab" * 32, here, contract_examples.manifest(input=spec), here, here)
    now = Preprocess(size=240, fit="stretch", denoise=Denoise(median=3, gaussian=0, bilateral=0), jpeg_quality=95)
    own = version.preprocess(now)
    assert (own.size, own.fit) == (96, "letterbox")
    assert (own.denoise, own.jpeg_quality) == (now.denoise, now.jpeg_quality)


def version(folder: Path, **said: object) -> ModelVersion:
    rows = [
        {"split": split, "labels": labels} for split in ("val", "test") for labels in (["Crack"], list(CLASSES[3:]))
    ]
    rows.append({"split": "test", "labels": ["Background"]})
    pq.write_table(pa.Table.from_pylist(rows), folder / "reference.parquet")
    whole = contract_examples.manifest(**said).model_dump()
    manifest = Manifest.model_validate({key: value for key, value in whole.items() if key != "unknown" or said})
    return ModelVersion("1", "ab" * 32, folder, manifest, folder / "reference.parquet", folder)


def test_what_a_version_does_not_know_is_what_its_manifest_says(tmp_path: Path) -> None:
    assert unknown_classes(version(tmp_path, unknown=["Crack"])) == ["Crack"]
    assert unknown_classes(version(tmp_path, unknown=[])) == []


def test_of_older_code_it_is_what_its_held_out_photographs_do_not_show(tmp_path: Path) -> None:
    assert unknown_classes(version(tmp_path)) == ["Background", "Bad Welding"]


def test_what_it_learnt_from_is_what_it_was_trained_and_tuned_on(tmp_path: Path) -> None:
    rows = {"id": ["a", "a", "b", "c"], "split": ["train", "train", "val", "test"]}
    pq.write_table(pa.table(rows), tmp_path / "membership.parquet")
    made = ModelVersion(
        "1", "ab" * 32, tmp_path, contract_examples.manifest(), tmp_path, tmp_path / "membership.parquet"
    )
    assert learnt(made, ["a", "b", "c", "d"]) == 2
    assert learnt(made, ["c"]) == learnt(made, []) == 0
