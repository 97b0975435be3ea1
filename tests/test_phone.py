"""The phone app in Chromium: client/e2e with the model of the small project."""

from pathlib import Path

import pytest
from phone_app import check, needs_npm


@pytest.mark.slow
@needs_npm
@pytest.mark.parametrize("script", ["build", "e2e"])
def test_passes(small_projects: Path, script: str) -> None:
    check(script, WELDSPOT_PROJECT=str(small_projects / "with a phone"))
