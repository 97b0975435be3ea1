"""What is kept of an evaluation for the drift gate."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import tiny
from weld_classes import CLASSES

from weldspot.images.table import QUALITY
from weldspot.model.evaluation import reference


def scored(count: int = 5) -> tuple[pa.Table, np.ndarray]:
    probabilities = np.random.default_rng(0).uniform(size=(count, 7)).astype(np.float32)
    return reference.predictions("test", tiny.images(count), probabilities), probabilities


def test_a_row_an_image() -> None:
    found, probabilities = scored()
    assert found.column_names == ["id", "split", "group", "labels", *CLASSES]
    assert found["labels"].to_pylist() == [[name] for name in CLASSES[:5]]
    assert found["id"].to_pylist() == found["group"].to_pylist() == tiny.images(5).ids
    assert set(found["split"].to_pylist()) == {"test"}
    np.testing.assert_array_equal(np.stack([found[name].to_numpy() for name in CLASSES], axis=1), probabilities)


def test_the_reference_adds_quality_by_id_and_embeddings_by_row_and_another_model_changes_the_scores_alone(
    tmp_path: Path,
) -> None:
    found, probabilities = scored()
    ids = found["id"].to_pylist()
    statistics = {name: [float(ids.index(i)) for i in ids[::-1]] for name in QUALITY}
    quality = pa.table({"id": ids[::-1], "source": ["export", "crop", "export", "feedback", "export"], **statistics})
    embeddings = np.arange(5 * 3, dtype=np.float16).reshape(5, 3)
    reference.write_reference(tmp_path / "reference.parquet", found, quality, embeddings)
    written = pq.read_table(tmp_path / "reference.parquet")
    assert written.column_names == [*found.column_names, "source", *QUALITY, "embedding"]
    assert written["source"].to_pylist() == ["export", "feedback", "export", "crop", "export"]
    assert written["noise"].to_pylist() == [0, 1, 2, 3, 4]
    assert written["embedding"].to_pylist() == embeddings.tolist()

    other = dict(zip(ids, 1 - probabilities, strict=True))
    reference.write_rescored(tmp_path / "other.parquet", tmp_path / "reference.parquet", CLASSES, other)
    rescored = pq.read_table(tmp_path / "other.parquet")
    assert rescored.column_names == written.column_names
    for name in written.column_names:
        if name in CLASSES:
            np.testing.assert_array_equal(rescored[name].to_numpy(), 1 - probabilities[:, CLASSES.index(name)])
        else:
            assert rescored[name].equals(written[name])
