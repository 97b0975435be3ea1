"""Zips: packed to the same bytes every time, read without trusting them."""

import os
import zipfile

import exports
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive, BadMember, pack
from weldspot.sources.packed import unpack


def test_packing_does_not_depend_on_dates_or_on_the_order_of_the_directory(tmp_path):
    files = exports.voc()
    first = exports.unpacked(files, tmp_path / "a")
    second = exports.unpacked(dict(reversed(files.items())), tmp_path / "b")
    for path in second.rglob("*.jpg"):
        os.utime(path, (1, 1))
    (first / "empty").mkdir()
    pack(first, tmp_path / "a.zip")
    pack(second, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with Archive(tmp_path / "a.zip") as archive:
        assert {name: archive.read(name) for name in archive.names} == files


def test_links_and_names_that_are_not_unicode_are_packed_but_not_followed(tmp_path):
    source = exports.unpacked(exports.voc(), tmp_path / "in")
    (source / "train" / "link.jpg").symlink_to("/etc/passwd")
    (source / "loop").symlink_to(source)
    (tmp_path / "in" / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"x")
    pack(source, tmp_path / "out.zip")
    with Archive(tmp_path / "out.zip") as archive:
        assert {r.name: r.reason for r in archive.rejected} == {
            "loop": "a symbolic link",
            "train/link.jpg": "a symbolic link",
        }
        assert len(archive.names) == len(exports.voc()) + 1


def test_names_that_begin_with_the_current_folder_are_members_like_others(tmp_path):
    path = tmp_path / "tar-like.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("./train/a.jpg", b"a")
        archive.writestr("./.DS_Store", b"noise")
    with Archive(path) as archive:
        assert archive.names == ("train/a.jpg",)
        assert archive.read("train/a.jpg") == b"a"


def test_members_that_can_not_be_trusted_are_rejected_with_a_reason(tmp_path):
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../up.jpg", "/root.jpg", "C:/drive.jpg", "a\\..\\..\\win.jpg", "Seam.jpg", "seam.jpg", "ok.jpg"):
            archive.writestr(name, b"data of " + name.encode())
        locked = zipfile.ZipInfo("locked.jpg")
        archive.writestr(locked, b"secret")
        locked.flag_bits |= 1
    data = bytearray(path.read_bytes())
    data[data.index(b"data of ok.jpg")] ^= 0xFF
    path.write_bytes(data)
    with Archive(path) as archive:
        reasons = {r.name: r.reason for r in archive.rejected}
        assert archive.names == ("Seam.jpg", "ok.jpg", "seam.jpg")  # nothing is unpacked, so case can't collide
        with pytest.raises(BadMember, match="CRC"):
            archive.read("ok.jpg")
        assert archive.damaged() == ["ok.jpg"]
    assert reasons == {
        "../up.jpg": "a path that climbs out of the zip",
        "/root.jpg": "an absolute path in the zip",
        "C:/drive.jpg": "an absolute path in the zip",
        "a/../../win.jpg": "a path that climbs out of the zip",
        "locked.jpg": "encrypted",
    }


@pytest.mark.parametrize(
    ("content", "words"), [(None, "run `dvc repro fetch` first"), (b"PK no zip", "not a whole zip")]
)
def test_what_is_no_zip_says_what_to_do(tmp_path, content, words):
    if content is not None:
        (tmp_path / "export.zip").write_bytes(content)
    with pytest.raises(WeldspotError, match=words):
        Archive(tmp_path / "export.zip")


def test_more_than_a_reader_asks_for_is_not_read(tmp_path):
    path = tmp_path / "in.zip"
    path.write_bytes(exports.zipped({"a.xml": b"x" * 100}))
    with Archive(path) as archive:
        with pytest.raises(BadMember, match="100 bytes, more than 99"):
            archive.read("a.xml", 99)
        assert archive.head("a.xml", 5) == b"xxxxx"


def test_a_member_is_read_as_a_stream_and_its_damage_told(tmp_path):
    path = tmp_path / "in.zip"
    data = exports.zipped({"a.json": b"abc" * 100, "b.json": b"xyz" * 100})
    path.write_bytes(data.replace(b"xyzxyz", b"xyzXYZ", 1))
    with Archive(path) as archive:
        with archive.open("a.json") as stream:
            assert stream.read(4) + stream.read() == b"abc" * 100
        with pytest.raises(BadMember, match="wrong CRC"), archive.open("b.json") as stream:
            stream.read()
        assert archive.damaged() == ["b.json"]


@pytest.mark.parametrize("name", ["notes.json", "photo.jpg"])
def test_annotations_of_a_whole_set_may_be_larger_than_an_image(tmp_path, monkeypatch, name):
    monkeypatch.setattr(unpack, "LARGEST", 10)
    path = tmp_path / "in.zip"
    path.write_bytes(exports.zipped({name: b"x" * 11}))
    with Archive(path) as archive:
        assert [item.reason for item in archive.rejected] == (
            [] if name == "notes.json" else ["11 bytes, more than 10"]
        )


def test_names_in_utf_8_without_the_flag_are_read_as_such(tmp_path):
    path = tmp_path / "in.zip"
    path.write_bytes(exports.zipped({"Naehte/a.jpg": b"x", "Cr\u00e9ation.jpg": b"y"}))
    data = path.read_bytes().replace(b"Naehte", "Nähte".encode())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.find(mark)
        while at >= 0:
            offset = at + (6 if mark == b"PK\x03\x04" else 8)
            data = data[:offset] + bytes([data[offset], data[offset + 1] & ~0x08]) + data[offset + 2 :]
            at = data.find(mark, at + 4)
    path.write_bytes(data)
    with Archive(path) as archive:
        assert archive.names == ("Création.jpg", "Nähte/a.jpg")
        assert archive.read("Nähte/a.jpg") == b"x"


def test_what_is_hidden_is_passed_over_and_told(tmp_path):
    source = exports.unpacked(
        exports.voc() | {".git/config": b"x", "train/.old.jpg": b"x", "Thumbs.db": b"x"}, tmp_path / "in"
    )
    pack(source, tmp_path / "out.zip")
    with Archive(tmp_path / "out.zip") as archive:
        assert set(archive.names) == exports.voc().keys()
        assert {item.name: item.reason for item in archive.passed_over} == {
            ".git/": "hidden: a name on its path begins with a dot",
            "train/.old.jpg": "hidden: a name on its path begins with a dot",
            "Thumbs.db": "an operating system's own file",
        }


def test_a_link_into_a_dvc_cache_is_the_file_that_dvc_put_there(tmp_path):
    source = exports.unpacked(exports.voc(), tmp_path / "in")
    pack(source, tmp_path / "plain.zip")
    for index, path in enumerate(sorted(p for p in source.rglob("*") if p.is_file())):
        stored = tmp_path / f"cache/files/md5/{index:02x}/{index:030x}"
        stored.parent.mkdir(parents=True)
        path.rename(stored)
        path.symlink_to(stored)
    pack(source, tmp_path / "linked.zip")
    assert (tmp_path / "linked.zip").read_bytes() == (tmp_path / "plain.zip").read_bytes()
