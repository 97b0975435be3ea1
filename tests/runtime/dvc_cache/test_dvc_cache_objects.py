"""What DVC calls files and folders, and what is taken out of its cache."""

import hashlib
from pathlib import Path

import pytest

from weldspot.runtime.dvc_cache import objects
from weldspot.runtime.dvc_cache.objects import Cache


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """An empty one, without DVC."""
    monkeypatch.setattr(Cache, "_dvc", lambda *_: "")
    return Cache(tmp_path, tmp_path / "aside")


def kept(cache: Cache, data: bytes) -> str:
    oid = hashlib.md5(data).hexdigest()
    cache.object(oid).parent.mkdir(parents=True, exist_ok=True)
    cache.object(oid).write_bytes(data)
    return oid


def test_a_folder_has_the_name_that_dvc_gives_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/c.jpg").write_bytes(b"a weld")
    (tmp_path / "a").write_bytes(b"")
    # as `dvc add` of 3.67 has named it
    assert objects.name(tmp_path) == "f770fa87cc38bdd660e17233081c2e85.dir"
    assert objects.name(tmp_path / "a") == hashlib.md5(b"").hexdigest()
    assert objects.md5(tmp_path / "nothing") == ""


def test_an_object_is_whole_or_not(cache: Cache) -> None:
    oid = kept(cache, b"a weld")
    assert cache.is_whole(oid)
    assert cache.listing(oid) == {".": oid}
    cache.object(oid).write_bytes(b"a werd")
    assert not cache.is_whole(oid)
    assert not cache.is_whole("0" * 32)
    assert cache.listing("0" * 32 + ".dir") is None


def test_what_is_set_aside_is_kept_and_the_newest_counts(cache: Cache, tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    for text in ("first", "second"):
        file.write_text(text)
        cache.set_aside(file, "artifacts/x")
        assert not file.exists()
    assert (cache.aside / "artifacts/x").read_text() == "second"
    file.write_text("an object")
    link.symlink_to(file)
    cache.set_aside(link, "linked")
    assert (link.is_symlink(), file.read_text()) == (False, "an object")
    assert (cache.aside / "linked").read_text() == "an object"
    link.symlink_to(link)
    assert objects.md5(link) == ""
    cache.set_aside(link, "in a circle")
    assert not link.is_symlink()
    cache.set_aside(tmp_path / "nothing", "nothing")
    assert not (cache.aside / "nothing").exists()


def test_what_the_remote_does_not_have_stays(cache: Cache) -> None:
    oid, whole = kept(cache, b"a weld"), kept(cache, b"another")
    cache.object(oid).write_bytes(b"a werd")
    assert cache.fetch_again([oid, whole], "data.dvc") == [oid]
    assert cache.object(oid).read_bytes() == b"a werd"
    assert list(cache.aside.iterdir()) == []
