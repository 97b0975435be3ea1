"""The environment goes before `.env`, and what is secret is known to be."""

from pathlib import Path

import pytest

from weldspot.config.settings import NOTIFY, ROBOFLOW_KEY, Settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (ROBOFLOW_KEY, NOTIFY, "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)


def read(folder: Path, text: str = "") -> Settings:
    (folder / ".env").write_text(text)
    return Settings.read(folder / ".env")


def test_without_a_file_everything_is_empty(tmp_path: Path) -> None:
    settings = Settings.read(tmp_path / ".env")
    assert settings.roboflow_api_key.get_secret_value() == ""
    assert settings.notify_urls() == []


def test_the_file_is_read_and_the_environment_goes_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{ROBOFLOW_KEY}= from-the-file \nGOOGLE_APPLICATION_CREDENTIALS=key.json\n"
    assert read(tmp_path, text).roboflow_api_key.get_secret_value() == "from-the-file"
    assert read(tmp_path, text).google_application_credentials == str(tmp_path / "key.json")
    monkeypatch.setenv(ROBOFLOW_KEY, "from-the-shell")
    assert read(tmp_path, text).roboflow_api_key.get_secret_value() == "from-the-shell"
    monkeypatch.setenv(ROBOFLOW_KEY, "")
    assert read(tmp_path, text).roboflow_api_key.get_secret_value() == "from-the-file", "an unset secret arrives empty"


def test_no_messages_can_be_said_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{NOTIFY}=json://localhost/one json://localhost/two\n"
    assert len(read(tmp_path, text).notify_urls()) == 2
    monkeypatch.setenv(NOTIFY, "")
    assert read(tmp_path, text).notify_urls() == []


def test_secrets_are_those_named_like_one_wherever_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "pass-word")
    found = read(
        tmp_path, f"AWS_SECRET_ACCESS_KEY_ID=id-of-a-key\n{NOTIFY}=slack://TokenA123/b\nHARMLESS=text\n"
    ).secrets()
    assert {"pass-word", "id-of-a-key", "slack://TokenA123/b", "TokenA123"} <= found
    assert "text" not in found
    assert "" not in found


def test_printed_they_are_masked(tmp_path: Path) -> None:
    settings = read(tmp_path, f"{ROBOFLOW_KEY}=very-secret-key-1\n")
    assert "very-secret" not in f"{settings!r} {settings}"


def test_a_key_file_named_in_the_shell_is_where_the_shell_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "keys/of-the-shell.json")
    found = read(tmp_path, "GOOGLE_APPLICATION_CREDENTIALS=key.json\n").google_application_credentials
    assert found == "keys/of-the-shell.json"
