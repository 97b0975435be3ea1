"""Parquet files of images, as Hugging Face's hub has them."""

import io
import json

import exports
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import table_writers
import writers

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.packed.parquet import holds_images, pieces
from weldspot.sources.packed.piece import Damaged
from weldspot.sources.record import Record

PHOTO = exports.jpeg(exports.scene(1))


def written(names: list[str] | None = None, **columns: list[object]) -> bytes:
    made = pa.table(columns)
    if names:
        said = {"info": {"features": {"label": {"names": names, "_type": "ClassLabel"}}}}
        made = made.replace_schema_metadata({"huggingface": json.dumps(said)})
    stream = io.BytesIO()
    pq.write_table(made, stream)
    return stream.getvalue()


def held(*paths: str | None) -> list[object]:
    return [{"bytes": PHOTO, "path": path} for path in paths]


def read(data: bytes) -> dict[str, bytes]:
    return {piece.name: piece.read(1 << 24) for piece in pieces(io.BytesIO(data))}


def test_images_become_files_and_the_rest_a_table_beside_them():
    found = read(written(["crack", "pore"], image=held("C:\\x\\a.jpg", "../b", None, "b.jpg"), label=[1, 0, None, 7]))
    table = [json.loads(line) for line in found.pop("metadata.jsonl").splitlines()]
    assert table == [
        {"file_name": "x/a.jpg", "label": "pore"}, {"file_name": "b.jpg", "label": "crack"},
        {"file_name": "000002.jpg", "label": None}, {"file_name": "000003/b.jpg", "label": 7},
    ]  # fmt: skip
    assert found == dict.fromkeys((row["file_name"] for row in table), PHOTO)


def test_a_table_without_images_is_none():
    assert not holds_images(io.BytesIO(written(path=["a"], label=["b"])))
    assert not holds_images(io.BytesIO(b"PAR1 and no more"))
    assert holds_images(io.BytesIO(written(image=held("a.jpg"))))


def test_of_two_columns_of_images_the_one_called_so_is_read():
    assert set(read(written(mask=held("m.jpg"), image=held("a.jpg")))) == {"a.jpg", "metadata.jsonl"}
    with pytest.raises(Damaged, match="columns left, right are all of images"):
        read(written(left=held("a.jpg"), right=held("b.jpg")))


def test_a_damaged_page_is_told():
    data = bytearray(table_writers.hub_parquet(writers.photos(8))["data/train-00000-of-00002.parquet"])
    data[20:400] = b"\xff" * 380
    with pytest.raises(Damaged, match="damaged after 0 rows"):
        read(bytes(data))


def test_numbers_that_nothing_names_are_refused_and_the_card_may_name_them(tmp_path):
    files = {"data/train.parquet": written(image=held(*(f"{i}.jpg" for i in range(4))), label=[0, 1, 0, 1])}
    with pytest.raises(WeldspotError, match="its classes are numbers"):
        exports.read(tmp_path / "in.zip", files)
    card = (
        b"---\ndataset_info:\n  features:\n  - name: label\n    dtype: {class_label: {names: {'0': a, '1': b}}}\n---\n"
    )
    items = exports.read(tmp_path / "in.zip", files | {"README.md": card})[1]
    assert [item.labels for item in items if isinstance(item, Record)] == [("a",), ("b",), ("a",), ("b",)]
