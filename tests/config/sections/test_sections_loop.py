"""The `loop` section."""

import pytest
from pydantic import ValidationError

from weldspot.config.sections.loop import Publish


def test_a_target_named_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="targets names one twice"):
        Publish(targets=["local", "local"], bucket="")
    assert Publish(targets=["local", "firebase_ml"], bucket="").targets == ["local", "firebase_ml"]
