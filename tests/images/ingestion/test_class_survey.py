"""The names that an export has, with counts, whatever its layout."""

from pathlib import Path

import exports
import pytest

from weldspot.images.ingestion.class_survey import survey
from weldspot.runtime.errors import WeldspotError


def test_names_are_counted_by_images_in_the_vendors_spelling(tmp_path: Path) -> None:
    (tmp_path / "in.zip").write_bytes(exports.zipped(exports.voc()))
    found = survey(tmp_path / "in.zip")
    assert (found.layout, found.single) == ("voc", False)
    assert sum(found.images.values()) >= found.annotated > 0
    assert set(found.images) <= set(exports.CLASSES)
    assert list(found.images.values()) == sorted(found.images.values(), reverse=True)


def test_a_class_a_folder_is_one_class_an_image(tmp_path: Path) -> None:
    folder = exports.unpacked(exports.class_folders(), tmp_path / "in")
    found = survey(folder)
    assert (found.layout, found.single, found.unusable) == ("class_folders", True, 0)


def test_what_is_no_export_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(WeldspotError, match=r"^--from: .*nowhere does not exist"):
        survey(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeldspotError, match="no image in it"):
        survey(tmp_path / "empty")
