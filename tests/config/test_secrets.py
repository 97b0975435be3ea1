"""Every secret of the environment and of `.env` is known."""

from pathlib import Path

import pytest

from weldspot.config.secrets import known_secrets


def test_both_places_and_notification_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", "from-the-shell")
    (tmp_path / ".env").write_text(
        "ROBOFLOW_API_KEY=from-the-file\nWELDSPOT_NOTIFY='slack://TokenAbcde/x'\nMLFLOW_TRACKING_URI=https://a:pw-1@h\n"
    )
    assert {"from-the-shell", "from-the-file", "TokenAbcde", "pw-1"} <= known_secrets(tmp_path / ".env")


def test_a_file_that_can_not_be_read_hides_none_of_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", "from-the-shell")
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    assert "from-the-shell" in known_secrets(tmp_path / ".env")
