"""A folder or zip of the user's own."""

import exports
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources import folder


def test_a_zip_is_delivered_as_it_is_and_described(tmp_path):
    (tmp_path / "in.zip").write_bytes(exports.zipped(exports.voc()))
    folder.deliver(tmp_path / "in.zip", tmp_path / "out.zip", "source.path")
    assert (tmp_path / "out.zip").read_bytes() == (tmp_path / "in.zip").read_bytes()
    described = folder.describe(tmp_path / "out.zip")
    assert described.licence == "CC BY 4.0"
    assert described.damaged == []
    assert described.size == (tmp_path / "in.zip").stat().st_size


@pytest.mark.parametrize(("name", "words"), [("absent", "does not exist"), ("text.zip", "neither a folder nor")])
def test_a_path_that_is_neither_names_its_key(tmp_path, name, words):
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(WeldspotError, match=words) as error:
        folder.deliver(tmp_path / name, tmp_path / "out.zip", "source.path")
    assert str(error.value).startswith("source.path: ")


def test_a_licence_is_found_in_any_unicode(tmp_path):
    (tmp_path / "in.zip").write_bytes(exports.zipped({"README.txt": "License: CC0".encode("utf-16")}))
    assert folder.describe(tmp_path / "in.zip").licence == "CC0"


def test_a_licence_that_nobody_declares_is_none(tmp_path):
    (tmp_path / "in.zip").write_bytes(exports.zipped({"README.txt": b"Ask me.", "docs/LICENSE.txt": b"License: mine"}))
    assert folder.describe(tmp_path / "in.zip").licence is None
