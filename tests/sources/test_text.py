"""Text of other tools, in whatever Unicode it comes."""

import pytest

from weldspot.sources.text import decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_mark_says_how_a_text_is_read(encoding: str) -> None:
    assert decode("1 .5 Schweißnaht\r\n".encode(encoding)) == "1 .5 Schweißnaht\r\n"


@pytest.mark.parametrize("data", [b"\xff\xfe\x31", b"caf\xe9"])
def test_what_is_no_text_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="codec can't decode"):
        decode(data)
