"""What ingest reads comes in chunks, each image with its bytes, each bad one with its reason."""

import exports
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weldspot.sources import chunks
from weldspot.sources.chunks import CHUNK_IMAGES, Chunk
from weldspot.sources.record import PassedOver, Record, Rejected


def images(items) -> dict[str, bytes]:
    """Of all chunks among the items, by name."""
    return {
        record.name: data
        for chunk in items
        if isinstance(chunk, Chunk)
        for record, data in (found for found in chunks.read(chunk) if not isinstance(found, Rejected))
    }


@pytest.mark.parametrize("count", [0, 1, CHUNK_IMAGES, CHUNK_IMAGES + 1])
def test_chunks_are_full_but_the_last_and_hold_every_image_once(tmp_path, count):
    files = {f"wall-{number:03d}.jpg": b"%d" % number for number in range(count)}
    (tmp_path / "in.zip").write_bytes(exports.zipped(files | {"notes.txt": b"x"}))
    items = list(chunks.background_chunks(tmp_path / "in.zip", "Background"))
    assert [item for item in items if not isinstance(item, Chunk)] == [PassedOver("notes.txt", "not an image")]
    found = [item for item in items if isinstance(item, Chunk)]
    sizes = [len(chunk.records) for chunk in found]
    assert sizes == [CHUNK_IMAGES] * (count // CHUNK_IMAGES) + [count % CHUNK_IMAGES] * (count % CHUNK_IMAGES > 0)
    assert images(found) == files
    assert {label for chunk in found for record in chunk.records for label in record.labels} <= {"Background"}


def test_a_zip_is_listed_once_for_its_chunks_and_anew_when_it_is_another(tmp_path, monkeypatch):
    """For each chunk it would be quadratic: of 100,000 photographs the list took four fifths of ingest's time."""
    opened: list[object] = []
    archive = chunks.Archive
    monkeypatch.setattr(chunks, "Archive", lambda path: opened.append(path) or archive(path))
    path = tmp_path / "in.zip"
    for content in (b"%d", b"%d."):
        files = {f"wall-{number:03d}.jpg": content % number for number in range(3 * CHUNK_IMAGES)}
        path.write_bytes(exports.zipped(files))
        found = list(chunks.background_chunks(path, "Background"))
        opened.clear()
        assert images(found) == files
        assert opened == [path]


def test_an_exports_images_come_with_their_annotation_and_the_rest_is_rejected(tmp_path):
    (tmp_path / "in.zip").write_bytes(exports.zipped(exports.voc() | {"lonely.jpg": b"x"}))
    items = list(chunks.export_chunks(tmp_path / "in.zip", "voc"))
    (chunk,) = (item for item in items if isinstance(item, Chunk))
    assert [item for item in items if item is not chunk] == [
        PassedOver("README.dataset.txt", "no part of an export as Pascal VOC"),
        Rejected("lonely.jpg", "no annotation: no XML file of the same name"),
    ]
    assert {record.name: set(record.labels) for record in chunk.records} == exports.LABELS


def test_a_member_damaged_in_the_zip_is_rejected_alone(tmp_path):
    data = bytearray(exports.zipped({"a.jpg": b"first picture", "b.jpg": b"second picture"}))
    data[data.index(b"first")] ^= 0xFF
    (tmp_path / "in.zip").write_bytes(data)
    (chunk,) = chunks.background_chunks(tmp_path / "in.zip", "Background")
    first, (record, second) = chunks.read(chunk)
    assert first == Rejected("a.jpg", "damaged in the zip (wrong CRC)")
    assert (record.name, second) == ("b.jpg", b"second picture")
    held = chunks.held(chunk)
    (tmp_path / "in.zip").unlink()
    assert list(chunks.read(held)) == [first, (record, second)]  # where the zip is not


def test_photographs_in_data_are_read_where_they_lie_and_links_are_not_followed(tmp_path):
    exports.unpacked({"background/deep/wall.jpg": b"wall", "background/notes.txt": b"x"}, tmp_path)
    (tmp_path / "background/link.jpg").symlink_to("/etc/passwd")
    (tmp_path / "background/.hidden.jpg").write_bytes(b"x")
    (tmp_path / "background/scan.jxl").write_bytes(b"x")
    *others, chunk = chunks.data_chunks(tmp_path, "Background")
    assert others == [
        PassedOver("background/.hidden.jpg", "hidden: a name on its path begins with a dot"),
        Rejected("background/scan.jxl", "an image of a kind that is not read (.jxl); convert it to JPEG or PNG"),
        PassedOver("background/notes.txt", "not an image"),
    ]
    assert list(chunks.read(chunk)) == [
        (Record("background/deep/wall.jpg", ("Background",)), b"wall"),
        Rejected("background/link.jpg", "a symbolic link"),
    ]


def test_a_feedback_batch_is_read_by_row_group(tmp_path):
    (tmp_path / "feedback").mkdir()
    columns = {"image": [b"1", b"2", None], "labels": [["Crack"], None, ["Crack", "Porosity"]]}
    pq.write_table(pa.table(columns), tmp_path / "feedback/one.parquet", row_group_size=2)
    found = list(chunks.data_chunks(tmp_path, "Background"))
    assert [(chunk.source, chunk.row_group) for chunk in found] == [("feedback", 0), ("feedback", 1)]
    assert [item for chunk in found for item in chunks.read(chunk)] == [
        (Record("feedback/one.parquet#000000", ("Crack",)), b"1"),
        (Record("feedback/one.parquet#000001", ()), b"2"),
        (Record("feedback/one.parquet#000002", ("Crack", "Porosity")), b""),
    ]


def test_no_data_is_no_chunks(tmp_path):
    assert list(chunks.data_chunks(tmp_path, "Background")) == []


def test_links_into_a_dvc_cache_are_followed_in_data(tmp_path):
    stored = tmp_path / f"cache/files/md5/ab/{'c' * 30}"
    exports.unpacked({stored.relative_to(tmp_path).as_posix(): b"wall"}, tmp_path)
    (tmp_path / "data/background").mkdir(parents=True)
    (tmp_path / "data/background/wall.jpg").symlink_to(stored)
    assert images(chunks.data_chunks(tmp_path / "data", "Background")) == {"background/wall.jpg": b"wall"}
