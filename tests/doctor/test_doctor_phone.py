"""The phone app: built here, or come with the package."""

from pathlib import Path

import pytest

from weldspot import shipped
from weldspot.doctor import phone


@pytest.mark.parametrize(
    ("version", "npm", "built", "mark", "said"),
    [
        ("v20.1.0", "10", False, "ok", "builds the phone app"),
        ("v22.1.0", "", False, "warning", "without npm"),
        ("v18.1.0", "10", True, "warning", "older than 20: the app stays"),
        ("", "", False, "warning", "can't be built"),
        ("strange", "10", False, "warning", "older"),
    ],
)
def test_node_and_npm(version: str, npm: str, built: bool, mark: str, said: str) -> None:
    found = phone.node(version, npm, built)
    assert (found.mark, found.stops) == (mark, False)
    assert said in found.found


def test_without_its_source_the_app_comes_with_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "x/weldspot")
    (found,) = phone.examine(tmp_path)
    assert found.mark == "warning"
    (shipped.app()).mkdir(parents=True)
    (shipped.app() / "index.html").touch()
    (found,) = phone.examine(tmp_path)
    assert found.mark == "ok"


def test_a_checkout_builds_and_tests_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "client").mkdir()
    (tmp_path / "client/package.json").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [finding.topic for finding in phone.examine(tmp_path)] == ["Node", "Chromium"]
    assert "can't be built" in next(iter(phone.examine(tmp_path))).found


def test_a_browser_of_playwrights_own_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "BROWSERS", ())
    monkeypatch.setenv("HOME", str(tmp_path))
    assert phone.chromium().mark == "warning"
    browser = tmp_path / ".cache/ms-playwright/chromium-1/chrome-linux/chrome"
    browser.parent.mkdir(parents=True)
    browser.touch()
    assert phone.chromium().mark == "ok"
