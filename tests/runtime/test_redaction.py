"""No secret that is known here stays in a text that leaves."""

from pathlib import Path

import pytest

from weldspot.config.settings import Settings
from weldspot.runtime import redaction


def redact(text: str, dotenv: Path = Path("no such file")) -> str:
    """As a process does that reads its settings now."""
    return redaction.redact(text, Settings.read(dotenv).secrets())


@pytest.mark.parametrize(
    "name",
    ["ROBOFLOW_API_KEY", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN", "AWS_SECRET_ACCESS_KEY",
     "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "GITHUB_TOKEN", "AZURE_STORAGE_CONNECTION_STRING", "GOOGLE_KEY"],
)  # fmt: skip
def test_values_of_secret_variables(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "s3cr3t/value+")
    assert redact("it was s3cr3t/value+ (s3cr3t%2Fvalue%2B)") == "it was *** (***)"


def test_values_in_dotenv_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ROBOFLOW_API_KEY=from-the-file\n")
    monkeypatch.setenv("ROBOFLOW_API_KEY", "from-the-shell")
    assert redact("from-the-file from-the-shell", tmp_path / ".env") == "*** ***"


@pytest.mark.parametrize(
    ("url", "leak"),
    [
        ("mailto://robot:hunter2@example.org?to=lead@example.org", "hunter2"),
        ("mailto://robot:hunt%40er2@example.org", "hunt@er2"),
        ("slack://TokenAbcde/TokenBcdef/TokenCdefg/#welds", "TokenBcdef"),
        ("slack://TokenAbcde/TokenBcdef/TokenCdefg/#welds", "TokenAbcde"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "JHMHI8qBe7bk2ZwO5U711o3dV_js"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "123456789:abcdefg_hijklmnop"),
        ("jsons://example.org/hook?token=0123456789abcdef", "0123456789abcdef"),
    ],
)
def test_notification_urls_and_what_is_in_them(url: str, leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_NOTIFY", f"json://localhost/hooks/production {url}")
    cleaned = redact(f"failed: {url} and {leak}, production at example.org")
    assert leak not in cleaned
    assert cleaned.endswith("production at example.org")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("postgresql://mlflow:pw12345@db:5432/mlflow", "postgresql://***@db:5432/mlflow"),
        ("https://store/x.jpg?X-Goog-Signature=abcdef&a=1", "https://store/x.jpg?X-Goog-Signature=***&a=1"),
        ("Authorization: Bearer eyJhbGciOiJ.abc", "Authorization: Bearer ***"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\nabc=\n-----END PRIVATE KEY-----\nend", "***\nend"),
        ("drift: brightness 0.31 > 0.12, see reports/gate/report.html?x=1", None),
        ("https://example.org:5000/#/experiments/1?a=b", None),
    ],
)
def test_what_looks_like_a_secret_and_what_does_not(text: str, left: str | None) -> None:
    assert redact(text) == (text if left is None else left)


def test_a_secret_too_short_to_hide_is_left_and_the_longest_goes_first() -> None:
    assert redaction.redact("abc abcdef abcdefgh", ["abc", "abcdef", "abcdefgh"]) == "abc *** ***"
