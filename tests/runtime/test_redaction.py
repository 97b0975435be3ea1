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
     "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "GITHUB_TOKEN", "AZURE_STORAGE_CONNECTION_STRING", "GOOGLE_KEY",
     "SMTP_PASS", "DB_PWD", "GPG_PASSPHRASE", "PASS"],
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
        ("https://store/x.jpg?X-Goog-Signature=abcdef&a=1", "https://store/x.jpg?X-Goog-Signature=***&a=***"),
        ("Authorization: Bearer eyJhbGciOiJ.abc", "Authorization: Bearer ***"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\nabc=\n-----END PRIVATE KEY-----\nend", "***\nend"),
        ("MLflow at databricks://dapi0123456789 refused", "MLflow at databricks://*** refused"),
        ("databricks://dapi0123456789@adb-1.example.net:443/a.", "databricks://***@adb-1.example.net:443/***."),
        ("ssh://robot@host/path", "ssh://***@host/path"),
        ("http://alice:p@ss@host/x, https://ghp_0123456789@host", "http://***@host/x, https://***@host"),
        ("http://alice:p@ss/w@rd@db.example.org/x?to=a@b", "http://***@db.example.org/x?to=***"),
        (
            "https://bob:pw@host.org/@scope/pkg and https://host.org/@scope/pkg",
            "https://***@host.org/@scope/pkg and https://host.org/@scope/pkg",
        ),
        ("headers {'Authorization': 'token ghp_abcdefgh'}", "headers {'Authorization': 'token ***'}"),
        ("(mysql+pymysql://ada:pa/ss@db:3306/mlflow)", "(mysql+pymysql://***@db:3306/mlflow)"),
        ("'https://host/login?user=ada&code=77#id_token=x.y'", "'https://host/login?user=***&code=***#id_token=***'"),
        ("https://host/path?s3cr3t, or", "https://host/path?***, or"),
        ("slack://TokenA/TokenB/#welds", "slack://***#welds"),
        ("mailto://robot:hunter2@example.org?to=ada", "mailto://***@example.org?to=***"),
        ("s3://bucket/models and sqlite:////srv/Weld%20Spot1/mlflow.db, models:/weldspot@staging", None),
        ("http://127.0.0.1:5000/#/experiments/1, x@y and http://[::1]:80/a", None),
        ("drift: brightness 0.31 > 0.12, see reports/gate/report.html?x=1", None),
        ("https://example.org:5000/#/experiments/1?a=b", None),
    ],
)
def test_what_looks_like_a_secret_and_what_does_not(text: str, left: str | None) -> None:
    assert redact(text) == (text if left is None else left)


@pytest.mark.parametrize("name", ["MLFLOW_TRACKING_URI", "DVC_REMOTE_URL", "https_proxy"])
@pytest.mark.parametrize(
    ("address", "leak"),
    [("databricks://dapi0123456789", "dapi0123456789"), ("https://ada:pa/ss@host/mlflow", "pa/ss"),
     ("s3://bucket/x?credential=0123456789AB", "0123456789AB"), ("https://abcdefgh@host/simple", "abcdefgh"),
     ("http://ada:p@ss@host/mlflow", "p@ss"), ("http://ada:hunter22@host/mlflow", "YWRhOmh1bnRlcjIy")],
)  # fmt: skip
def test_what_is_secret_in_an_address_is_so_alone_too(
    name: str, address: str, leak: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, address)
    assert redact(f"could not resolve {leak} for bucket and mlflow") == "could not resolve *** for bucket and mlflow"
    assert leak not in redact(f"{address} does not answer")


def test_a_secret_too_short_to_hide_is_left_and_the_longest_goes_first() -> None:
    assert redaction.redact("abc abcdef abcdefgh", ["abc", "abcdef", "abcdefgh"]) == "abc *** ***"


def test_a_name_and_its_password_in_base64_stand_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ada")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "hunter22")
    assert redact("got YWRhOmh1bnRlcjIy for ada, or aHVudGVyMjI=") == "got *** for ada, or ***="


def test_where_a_shell_is_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PWD", "/srv/welds")
    monkeypatch.setenv("OLDPWD", "/srv/bypass")
    monkeypatch.setenv("COMPASS", "north-north-east")
    assert redact("/srv/welds /srv/bypass north-north-east") == "/srv/welds /srv/bypass north-north-east"
