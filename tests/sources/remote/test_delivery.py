"""From a store to the same zip that a folder on a disk gives, whatever happens on the way."""

import io
import random
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import cutting_proxy
import exports
import pytest
import web_server

from weldspot.runtime.errors import WeldspotError
from weldspot.sources import folder
from weldspot.sources.remote import delivery
from weldspot.sources.remote.pieces import PIECE

LARGE = random.Random(7).randbytes(3 * PIECE + 12_345)
FILES = exports.voc() | {
    "a/.hidden/cache.bin": b"not asked for",
    ".git/HEAD": b"nor this",
    "a/large.bin": LARGE,
    "e": b"",
}


RUN = """
import sys
from pathlib import Path
from weldspot.sources.remote import delivery
folder = Path(sys.argv[2])
delivery.deliver(sys.argv[1], folder / "never.zip", "source.path", folder / "downloads")
"""


def fetched(address: str, tmp_path: Path) -> bytes:
    target = tmp_path / "export.zip"
    target.unlink(missing_ok=True)
    delivery.deliver(address, target, "source.path", tmp_path / "downloads")
    return target.read_bytes()


def from_disk(files: dict[str, bytes], tmp_path: Path) -> bytes:
    folder.deliver(exports.unpacked(files, tmp_path / "disk"), tmp_path / "disk.zip", "source.path")
    return (tmp_path / "disk.zip").read_bytes()


def tars() -> list[bytes]:
    def packed(names: list[str]) -> bytes:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for name in names:
                info = tarfile.TarInfo(name)
                info.size = len(LARGE)
                archive.addfile(info, io.BytesIO(LARGE))
        return stream.getvalue()

    return [packed(["a.jpg"]), packed(["b.jpg", "c.jpg"])]


def test_a_folder_of_objects_is_the_folder_on_a_disk_byte_for_byte(store, tmp_path):
    assert fetched(store.put(FILES, "a folder"), tmp_path) == from_disk(FILES, tmp_path)
    assert fetched("s3://welds/a folder/", tmp_path) == (tmp_path / "disk.zip").read_bytes()


def test_packed_objects_are_taken_apart_one_after_another(store, tmp_path):
    files = {f"shard-{index}.tar": data for index, data in enumerate(tars())}
    address = store.put(files | {"README.md": b"license: CC0\n"}, "shards")
    assert fetched(address, tmp_path) == from_disk(files | {"README.md": b"license: CC0\n"}, tmp_path)
    assert sorted(path.name for path in (tmp_path / "downloads").rglob("*") if path.is_file()) == [
        "export.jsonl",
        "export.zip",
    ]


def test_one_object_is_the_zip_as_it_is(store, tmp_path):
    data = exports.zipped(FILES)
    store.put({"export.zip": data}, "one")
    assert fetched("s3://welds/one/export.zip", tmp_path) == data


def test_a_cut_costs_one_piece_at_most(store, tmp_path, monkeypatch):
    address = store.put(FILES, "cut")
    with cutting_proxy.before(store.port) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        whole = fetched(address, tmp_path)
        once = proxy.passed
        delivery.forget(address, tmp_path / "downloads")
        proxy.passed, proxy.cuts = 0, [20_000, 5_000]
        assert fetched(address, tmp_path) == whole == from_disk(FILES, tmp_path)
        assert proxy.was_cut == 2
        assert proxy.passed - once <= 2 * PIECE + 20_000  # heads of the answers


def test_what_was_fetched_before_a_kill_is_not_fetched_again(store, tmp_path, monkeypatch):
    files = {f"{index:03d}.bin": random.Random(index).randbytes(PIECE // 2) for index in range(40)} | {"z.bin": LARGE}
    address = store.put(files, "killed")
    with cutting_proxy.before(store.port) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        running = subprocess.Popen([sys.executable, "-c", RUN, address, str(tmp_path)], stderr=subprocess.DEVNULL)
        while not [path for path in (tmp_path / "downloads").glob("*/export.zip") if path.stat().st_size > 8 * PIECE]:
            assert running.poll() is None
            time.sleep(0.01)
        running.kill()
        running.wait()
        kept = next((tmp_path / "downloads").glob("*/export.zip")).stat().st_size
        proxy.passed = 0
        assert fetched(address, tmp_path) == from_disk(files, tmp_path)
        assert proxy.passed <= sum(map(len, files.values())) - kept + PIECE + 100_000


@pytest.fixture
def web():
    with web_server.serving(exports.zipped(FILES)) as running:
        yield running


def test_a_zip_on_the_web_goes_on_where_it_broke_off(web, tmp_path):
    web.cuts = [100, 300_000]
    assert fetched(web.url, tmp_path) == web.data
    assert len(web.data) < web.served <= len(web.data) + 300_100 + 10


def test_the_next_run_asks_for_the_rest_alone(web, tmp_path):
    web.cuts = [300_000] * 30
    with pytest.raises(WeldspotError, match=r"^source\.path: http.* broke off; run `dvc repro` again, it goes on"):
        fetched(web.url, tmp_path)
    kept = sum(path.stat().st_size for path in (tmp_path / "downloads").glob("*/object/export.zip"))
    web.cuts, web.served = [], 0
    assert fetched(web.url, tmp_path) == web.data
    assert web.served <= len(web.data) - kept + 10


def test_a_file_that_changes_on_the_way_is_begun_again(web, tmp_path):
    web.changes = {2 * PIECE: exports.zipped(FILES | {"new.txt": b"new"})}
    assert fetched(web.url, tmp_path) == web.data == exports.zipped(FILES | {"new.txt": b"new"})


def test_one_that_always_changes_is_given_up(web, tmp_path):
    web.changes = {size: exports.zipped(FILES | {"new": b"%d" % size}) for size in range(PIECE, 60 * PIECE, PIECE)}
    with pytest.raises(WeldspotError, match="changes while it is read; run `dvc repro` when nobody writes there"):
        fetched(web.url, tmp_path)


def test_an_object_that_changed_between_two_runs_is_fetched_anew_and_those_before_it_are_not(store, tmp_path):
    address = store.put(FILES, "changing")
    fetched(address, tmp_path)
    changed = FILES | {"valid/seam-c_jpg.rf.2c.xml": FILES["valid/seam-c_jpg.rf.2c.xml"] + b"\n"}
    store.put(changed, "changing")
    assert fetched(address, tmp_path) == from_disk(changed, tmp_path)


def test_what_is_delivered_is_not_written_to_by_the_next_run(store, tmp_path):
    """A run that was killed before it forgot its download shares the file with what may be DVC's by now."""
    address = store.put(FILES, "shared")
    first = fetched(address, tmp_path)
    (tmp_path / "kept.zip").hardlink_to(tmp_path / "export.zip")
    store.put({"train/another.txt": b"another"}, "shared")
    assert fetched(address, tmp_path) != first
    assert (tmp_path / "kept.zip").read_bytes() == first


def test_forgotten_is_gone(web, tmp_path):
    fetched(web.url, tmp_path)
    assert list((tmp_path / "downloads").iterdir())
    delivery.forget(web.url, tmp_path / "downloads")
    assert list((tmp_path / "downloads").iterdir()) == []


def test_no_zip_is_said_to_be_none(web, tmp_path):
    web.data = b"<html>sign in</html>"
    with pytest.raises(WeldspotError, match=r"^source\.path: http\S+export\.zip is neither a folder nor a whole zip"):
        fetched(web.url, tmp_path)
