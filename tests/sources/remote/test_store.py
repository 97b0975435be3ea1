"""What a store says of its objects, and what it says when it does not."""

import base64
import hashlib

import pytest
import web_server

from weldspot.config import stores
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.remote.store import Store


def items(address: str) -> list:
    with Store(address, "source.path") as store:
        return store.items()


def test_objects_come_in_order_with_their_md5_and_hidden_folders_by_name(store):
    files = {"b.txt": b"b", "a/x.jpg": b"x", "a/.cache/1": b"1", "a/.cache/2": b"2", "a-b": b"", "folder/": b""}
    found = items(store.put(files, "order"))
    assert [item.name for item in found] == ["a-b", "a/.cache/", "a/x.jpg", "b.txt"]
    assert {item.name: item.md5 for item in found if item.path} == {
        name: hashlib.md5(files[name]).hexdigest() for name in ("a-b", "a/x.jpg", "b.txt")
    }


def test_the_etag_of_an_object_in_parts_is_no_md5(store):
    upload = store.client.create_multipart_upload(Bucket="welds", Key="parts/x")["UploadId"]
    where = {"Bucket": "welds", "Key": "parts/x", "UploadId": upload}
    tags = [store.client.upload_part(**where, PartNumber=n, Body=b"x" * 5 * 2**20)["ETag"] for n in (1, 2)]
    parts = [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(tags, 1)]
    store.client.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
    (item,) = items("s3://welds/parts/x")
    assert (item.name, item.size, item.md5) == ("", 10 * 2**20, "")
    assert item.version.endswith("-2")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("s3://nowhere/x", "there is no bucket nowhere; correct source.path"),
        ("s3://welds/nothing", "nothing at s3://welds/nothing: no object has that name, or a name below it"),
        ("s3://welds/nothing/", "nothing at s3://welds/nothing/"),
    ],
)
def test_what_is_not_there_is_one_line(store, address, words):
    for ask in (items, lambda where: stores.exists(where, "source.path")):
        with pytest.raises(WeldspotError, match=rf"^source\.path: .*{words}") as error:
            ask(address)
        assert "\n" not in str(error.value)


def test_an_empty_bucket_has_nothing(store):
    store.client.create_bucket(Bucket="bare")
    with pytest.raises(WeldspotError, match="nothing at s3://bare"):
        items("s3://bare")


def test_wrong_keys_are_one_line_without_them(store, monkeypatch, caplog):
    address = store.put({"a.jpg": b"a"}, "closed")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrongWrongWrong0123456789")
    store.ask_for_keys(True)
    try:
        with (
            caplog.at_level("DEBUG"),
            pytest.raises(WeldspotError, match=r"refuses to show .*: set AWS_ACCESS") as error,
        ):
            items(address)
    finally:
        store.ask_for_keys(False)
    assert "wrongWrong" not in caplog.text + str(error.value)


def test_no_keys_are_said_to_be_missing(store, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(WeldspotError, match=r"^source\.path: no credentials for s3://welds/x .*AWS_PROFILE$"):
        items("s3://welds/x")


def test_a_store_that_does_not_answer(store, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(WeldspotError, match=r"can't be read \(Could not connect .*\); check the network"):
        items("s3://welds/x")


@pytest.mark.parametrize(
    ("manners", "words"),
    [
        ({"ranges": False}, r"gives no pieces of a file \(HTTP ranges\)"),
        ({"etag": False}, "the server does not tell an ETag"),
        ({"password": "x"}, r"refuses to show .*set ~/\.netrc"),
    ],
)
def test_a_web_server_without_manners_is_refused_with_advice(manners, words):
    with web_server.serving(b"a zip") as web:
        for name, value in manners.items():
            setattr(web, name, value)
        with pytest.raises(WeldspotError, match=words):
            items(web.url)


def test_a_web_server_is_told_who_asks_by_netrc(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with web_server.serving(b"a zip") as web:
        web.password = "secret"
        (item,) = items(web.url)
        assert item.size == 5
        assert {asked.split(" ", 1)[1] for asked in web.asked} == {"Basic " + base64.b64encode(b"me:secret").decode()}
