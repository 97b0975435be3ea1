"""Tars, whole, cut off and damaged."""

import io
import random
import tarfile
from contextlib import suppress

import pytest
from table_writers import tar

from weldspot.sources.packed.piece import Damaged
from weldspot.sources.packed.tar import pieces

FILES = {f"a/{index}.bin": random.Random(index).randbytes(700 * index) for index in range(6)}
MODES = ("w", "w:gz", "w:bz2", "w:xz")


def read(data: bytes) -> dict[str, bytes]:
    return {piece.name: piece.read(1 << 20) for piece in pieces(io.BytesIO(data))}


@pytest.mark.parametrize("mode", MODES)
def test_a_whole_tar_is_read(mode):
    assert read(tar(FILES, mode)) == FILES


@pytest.mark.parametrize("mode", MODES)
def test_a_tar_that_is_cut_off_is_never_taken_for_its_first_half(mode):
    data = tar(FILES, mode)
    for length in range(0, len(data) - 1, max(1, len(data) // 150)):
        try:
            found = read(data[:length])
        except Damaged:
            continue
        assert found == FILES, "only the padding behind the end mark was lost"
        assert mode == "w"


@pytest.mark.parametrize("mode", MODES[1:])
def test_a_changed_byte_in_a_compressed_tar_is_found(mode):
    data, draw = tar(FILES, mode), random.Random(17)
    for _ in range(60):
        changed = bytearray(data)
        changed[draw.randrange(20, len(data))] ^= 1 << draw.randrange(8)
        found = FILES
        with suppress(Damaged):
            found = read(bytes(changed))
        assert found == FILES


def test_a_damaged_header_is_no_end(tmp_path):
    data = bytearray(tar(FILES))
    data[512 * 6 + 10 : 512 * 6 + 60] = b"?" * 50
    at = next(i for i in range(512, len(data), 512) if data[i : i + 2] == b"a/")
    data[at : at + 100] = b"!" * 100
    with pytest.raises(Damaged, match="damaged or cut off after 1 files"):
        read(bytes(data))


def test_links_are_told():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"x{kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert [piece.link for piece in pieces(io.BytesIO(stream.getvalue()))] == ["/etc/passwd"] * 2
