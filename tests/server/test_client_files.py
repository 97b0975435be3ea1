"""The built app."""

import os

import pytest


@pytest.fixture
def dist(workspace):
    folder = workspace.app
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "sw.js", "manifest.webmanifest", "assets/app-1a2b.js", "assets/lite.wasm"):
        (folder / name).write_text(name)
    return folder


def test_before_the_build_a_page_says_what_to_do(client):
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make serve" in answer.text


def test_files_have_the_types_and_lifetimes_that_browsers_need(client, dist):
    types = {
        "/": "text/html",
        "/sw.js": "text/javascript",
        "/manifest.webmanifest": "application/manifest+json",
        "/assets/app-1a2b.js": "text/javascript",
        "/assets/lite.wasm": "application/wasm",
    }
    for path, kind in types.items():
        answer = client.get(path)
        assert answer.headers["content-type"].startswith(kind)
        assert ("immutable" in answer.headers["cache-control"]) == path.startswith("/assets/")


@pytest.mark.parametrize(
    "path",
    ["/..%2f..%2fsecret", "/%2e%2e/%2e%2e/secret", "/assets/..%2f..%2f..%2fsecret", "/link", "/%00", "/" + "x" * 9000],
)
def test_nothing_outside_is_served(client, dist, workspace, path):
    (workspace.root / "secret").write_text("secret")
    os.symlink(workspace.root / "secret", dist / "link")
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text
