"""The phone app without a browser: unit tests, generated files. With one: test_phone.py; its style: `make lint`."""

import pytest
from phone_app import check, needs_npm


@needs_npm
@pytest.mark.parametrize("script", ["contract -- --check", "test"])
def test_passes(script: str) -> None:
    check(script)
