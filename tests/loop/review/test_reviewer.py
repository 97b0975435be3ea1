"""Names of reviewers."""

import pytest
from reviews import HOSTILE

from weldspot.loop.review.reviewer import named
from weldspot.runtime.errors import WeldspotError


def test_a_name_is_what_can_be_seen() -> None:
    assert named("  Zoë Ångström ") == "Zoë Ångström"
    for name in ("", "  ", "x" * 61, HOSTILE["an escape"], HOSTILE["a second line"], HOSTILE["right to left"]):
        with pytest.raises(WeldspotError, match="no name of a reviewer"):
            named(name)
