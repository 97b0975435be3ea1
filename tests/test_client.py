"""The phone app without a browser: types, format, unit tests. With one: test_phone.py."""

import pytest
from phone_app import check, needs_npm


@needs_npm
@pytest.mark.parametrize("script", ["check", "test"])
def test_passes(script: str) -> None:
    check(script)
