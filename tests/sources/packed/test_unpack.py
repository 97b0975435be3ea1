"""What packed files hold stands in the export's zip, whatever they came in."""

import io
import tarfile
import zipfile
from pathlib import Path

import exports
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from table_writers import tar

from weldspot.runtime.errors import WeldspotError
from weldspot.sources import folder
from weldspot.sources.archive import Archive
from weldspot.sources.packed import unpack
from weldspot.sources.record import PassedOver, Rejected

INNER = {"a/1.jpg": b"one", "b.txt": b"two"}


def delivered(tmp_path: Path, source: Path) -> Archive:
    folder.deliver(source, tmp_path / "export.zip", "source.path")
    return Archive(tmp_path / "export.zip")


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("way", ["alone", "in a folder", "in a zip", "in a squeezed zip"])
def test_a_tar_is_taken_apart_wherever_it_comes_from(tmp_path, mode, way):
    data, name = tar(INNER, mode), "set.tar" if mode == "w" else "set.TGZ"
    source = tmp_path / name
    if way == "alone":
        source.write_bytes(data)
    elif way == "in a folder":
        source = exports.unpacked({f"x/{name}": data}, tmp_path / "in")
    else:
        source = tmp_path / "in.zip"
        with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED if "squeezed" in way else zipfile.ZIP_STORED) as archive:
            archive.writestr(f"x/{name}", data)
            archive.writestr("other.txt", b"3")
    before = "" if way == "alone" else "x/"
    with delivered(tmp_path, source) as archive:
        assert {n: archive.read(n) for n in archive.names if n != "other.txt"} == {
            f"{before}{name}/{inner}": content for inner, content in INNER.items()
        }
        assert archive.rejected == ()
        unpacked = [PassedOver(f"x/{name}", "unpacked: what it holds lies in a folder of its name")]
        assert list(archive.passed_over) == (unpacked if "zip" in way else [])


@pytest.mark.parametrize("way", ["alone", "in a folder", "in a zip"])
@pytest.mark.parametrize(
    "columns",
    [
        {"image": [{"bytes": "text", "path": "a.jpg"}]},
        {"image": [{"bytes": b"a", "path": "a.jpg"}], "at": pa.array([2**62], pa.duration("s"))},
        {"image": [{"bytes": b"a", "path": "a.jpg"}], "at": pa.array([1], pa.timestamp("us", "Nowhere/Land"))},
    ],
    ids=["text for bytes", "a duration of ages", "a time zone that is none"],
)
def test_whatever_a_reader_raises_is_one_line_wherever_the_file_comes_from(tmp_path, columns, way):
    name = "set.parquet"
    pq.write_table(pa.table(columns), tmp_path / name)
    source = tmp_path / name
    if way == "in a folder":
        source = exports.unpacked({name: source.read_bytes()}, tmp_path / "in")
    elif way == "in a zip":
        source = tmp_path / "in.zip"
        source.write_bytes(exports.zipped({name: (tmp_path / name).read_bytes()}))
    with pytest.raises(WeldspotError, match=r"set\.parquet: damaged.*; get it again, or remove it$") as error:
        folder.deliver(source, tmp_path / "export.zip", "source.path")
    assert "\n" not in str(error.value)


def test_the_same_files_give_the_same_bytes(tmp_path):
    source = exports.unpacked({"s.tar": tar(INNER), "z.txt": b"1"}, tmp_path / "in")
    packed = []
    for _ in range(2):
        delivered(tmp_path, source)
        packed.append((tmp_path / "export.zip").read_bytes())
    assert packed[0] == packed[1]


def test_what_climbs_out_is_a_link_or_stands_twice_is_rejected(tmp_path):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in ("../up.jpg", "/etc/x.jpg", "twice.jpg", "twice.jpg", ".DS_Store"):
            archive.addfile(tarfile.TarInfo(name))
        link = tarfile.TarInfo("link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (tmp_path / "s.tar").write_bytes(stream.getvalue())
    with delivered(tmp_path, tmp_path / "s.tar") as found:
        assert found.names == ("s.tar/etc/x.jpg", "s.tar/twice.jpg")
        assert set(found.rejected) == {
            Rejected("s.tar/../up.jpg", "a path that climbs out of the zip"),
            Rejected("s.tar/link.jpg", "a symbolic link"), Rejected("s.tar/twice.jpg", "stands in the zip twice"),
        }  # fmt: skip


@pytest.mark.parametrize("name", ["s.tar", "s.tar.gz", "s.tgz"])
def test_one_that_is_damaged_is_one_line(tmp_path, name):
    (tmp_path / name).write_bytes(b"not a tar" * 200)
    with pytest.raises(
        WeldspotError, match=rf"{name}: damaged or cut off after 0 files .*; get it again, or remove it"
    ):
        delivered(tmp_path, tmp_path / name)


def test_of_a_file_that_is_too_large_no_more_is_kept_than_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "LARGEST", 1000)
    (tmp_path / "s.tar").write_bytes(tar({"a.jpg": b"x" * 5000}))
    with delivered(tmp_path, tmp_path / "s.tar") as archive:
        assert archive.rejected == (Rejected("s.tar/a.jpg", "1001 bytes, more than 1000"),)
