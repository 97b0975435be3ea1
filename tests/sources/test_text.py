"""Text of other tools, in whatever Unicode it comes."""

from io import BytesIO

import pytest

from weldspot.sources.text import decode, glance, pieces


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_mark_says_how_a_text_is_read(encoding: str) -> None:
    assert decode("1 .5 Schweißnaht\r\n".encode(encoding)) == "1 .5 Schweißnaht\r\n"


@pytest.mark.parametrize("data", [b"\xff\xfe\x31", b"caf\xe9"])
def test_what_is_no_text_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="codec can't decode"):
        decode(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("length", [1, 2, 3, 1000])
def test_a_text_in_pieces_is_the_same(encoding: str, length: int) -> None:
    text = "Schweißnaht 🔥\r\n" * 3
    # the first piece holds the mark
    assert "".join(pieces(BytesIO(text.encode(encoding)), max(length, 3))) == text


def test_what_is_no_text_is_an_error_in_pieces_too() -> None:
    for data in (b"caf\xe9", b"\xff\xfe\x31"):
        with pytest.raises(ValueError, match="codec can't decode"):
            list(pieces(BytesIO(data)))


@pytest.mark.parametrize("data", [b"caf\xe9 1", b"\xff\xfe1\x002", "Naht ß".encode()[:-1]])
def test_a_glance_at_a_beginning_reads_what_is_there(data: bytes) -> None:
    assert glance(data)[:1] in ("c", "1", "N")
