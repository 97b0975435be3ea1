"""A parser gets so many bytes between two elements and no more."""

import io

import pytest

from weldspot.sources.layouts.xml_files import paced
from weldspot.sources.layouts.xml_files.paced import Paced


def test_a_stream_is_read_as_long_as_there_are_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced, "_LONGEST", 10)
    stream = Paced(io.BytesIO(bytes(30)))
    assert len(stream.read(10)) == 10
    stream.go_on()
    assert len(stream.read(6)) == 6
    with pytest.raises(ValueError, match="an element of more than 10 bytes"):
        stream.read(6)
