"""Google's double for the tests of the loop."""

from collections.abc import Iterator
from pathlib import Path

import google_sdk
import pytest
from google_double import Google, serving


@pytest.fixture(scope="session")
def google_keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def google(google_keys_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """A double that the SDKs of this process talk to, in an empty working folder."""
    with serving(google_keys_folder) as (double, env):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        google_sdk.quick(monkeypatch.setattr)
        google_sdk.forget_app()
        yield double
        google_sdk.forget_app()
