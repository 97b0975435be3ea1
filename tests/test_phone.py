"""The phone app and the review desk in Chromium, without a model: the built app with made-up ones."""

import pytest
from phone_app import check, needs_npm


@pytest.mark.slow
@needs_npm
@pytest.mark.usefixtures("built_app")
def test_looks() -> None:
    check("looks")
