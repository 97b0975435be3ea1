"""The sample at one glance."""

import cv2
import numpy as np
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources import contact_sheet


def test_photographs_stand_in_rows_each_in_its_tile():
    sheet = contact_sheet.sheet(7, 4, columns=2, rows=1, tile=40)
    assert (sheet.shape, sheet.dtype) == ((40, 80, 3), np.uint8)
    assert np.array_equal(sheet[:, 40:], contact_sheet.sheet(7, 5, columns=1, rows=1, tile=40))


def test_it_is_written_where_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(contact_sheet, "sheet", lambda seed, first: np.full((9, 9, 3), (seed, first, 0), np.uint8))
    contact_sheet.main([str(tmp_path / "a.png"), "3", "200"])
    assert (cv2.imread(str(tmp_path / "a.png"))[0, 0] == (0, 200, 3)).all()


@pytest.mark.parametrize(("arguments", "words"), [([], "no file named"), (["nowhere/a.png"], "can't be written")])
def test_without_a_place_to_write_it_says_so(arguments, words, monkeypatch):
    monkeypatch.setattr(contact_sheet, "sheet", lambda *_: np.zeros((9, 9, 3), np.uint8))
    with pytest.raises(WeldspotError, match=words):
        contact_sheet.main(arguments)
