"""The built app."""

import gzip
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


@pytest.fixture
def forms(dist):
    """The build's compressed forms; what brotli would make is told by its bytes alone."""
    for name in ("index.html", "assets/lite.wasm"):
        (dist / f"{name}.gz").write_bytes(gzip.compress((dist / name).read_bytes()))
        (dist / f"{name}.br").write_bytes(b"as brotli makes it")
    return dist


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("identity", None),
        ("br;q=0.000", None),
        ("", None),
    ],
)
def test_a_browser_is_given_the_smallest_form_that_it_takes(client, forms, accepted, given):
    for path, kind in {"/": "text/html", "/assets/lite.wasm": "application/wasm"}.items():
        with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
            size = len(b"".join(answer.iter_raw()))
        assert answer.headers.get("content-encoding") == given
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["vary"] == "Accept-Encoding"
        assert ("immutable" in answer.headers["cache-control"]) == path.startswith("/assets/")
        suffix = {"br": ".br", "gzip": ".gz", None: ""}[given]
        name = "index.html" if path == "/" else path[1:]
        assert size == int(answer.headers["content-length"]) == (forms / (name + suffix)).stat().st_size


def test_a_form_that_is_known_is_not_sent_again_nor_given_without_its_file(client, forms):
    first = client.get("/assets/lite.wasm", headers={"Accept-Encoding": "gzip"})
    assert first.content == b"assets/lite.wasm"
    known = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]}
    assert client.get("/assets/lite.wasm", headers=known).status_code == 304
    assert client.get("/assets/lite.wasm", headers={"If-None-Match": "another"}).status_code == 200
    (forms / "assets/lite.wasm").unlink()
    assert client.get("/assets/lite.wasm", headers={"Accept-Encoding": "gzip"}).status_code == 404
