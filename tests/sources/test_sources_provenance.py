"""provenance.json is what fetch writes and ingest reads."""

import json

import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.provenance import Delivery, Provenance, read

DELIVERY = {
    "source": "folder", "where": "my photos.zip", "version": None, "layout": "voc", "licence": None,
    "sha256": "0" * 64, "bytes": 3, "damaged": ["a.jpg"],
}  # fmt: skip


def test_it_comes_back_as_it_was_written_with_nothing_that_was_not_said(tmp_path):
    written = Provenance(export=Delivery(**DELIVERY))
    (tmp_path / "provenance.json").write_bytes(written.json_bytes())
    assert read(tmp_path / "provenance.json") == written
    assert json.loads(written.json_bytes()) == {"export": DELIVERY}


def test_without_one_it_says_what_to_run(tmp_path):
    with pytest.raises(WeldspotError, match=r"provenance\.json: no such file; run `dvc repro fetch` first"):
        read(tmp_path / "provenance.json")


def test_another_files_content_names_the_first_key_that_is_wrong(tmp_path):
    (tmp_path / "provenance.json").write_text("{}")
    with pytest.raises(WeldspotError, match=r"provenance\.json: damaged \(export: Field required\); `dvc repro`"):
        read(tmp_path / "provenance.json")
