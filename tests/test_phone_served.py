"""The phone app in Chromium, Firefox and WebKitGTK: served with the model of the small project."""

from pathlib import Path

import pytest
from phone_app import check, needs_npm


@pytest.mark.slow
@needs_npm
@pytest.mark.usefixtures("built_app")
def test_story(small_projects: Path) -> None:
    check("served", WELDSPOT_PROJECT=str(small_projects / "with a phone"))
