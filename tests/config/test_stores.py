"""Addresses that are read, and one line for each that is not; no secret in any."""

import re

import pytest

from weldspot.config import stores
from weldspot.runtime.errors import WeldspotError

SIGNATURE = "a1B2c3D4e5F6a7B8"


@pytest.mark.parametrize("text", ["s3://bucket/prefix", "https://host/a.zip", "az://c/p", "s3:///"])
def test_an_address_is_known_from_a_path(text):
    assert stores.is_address(text)


@pytest.mark.parametrize("text", ["data/export", "/a/b.zip", "C:\\data", "a:b", "./s3:/x"])
def test_a_path_is_none(text):
    assert not stores.is_address(text)


@pytest.mark.parametrize(
    "address", ["s3://b/p", "gs://b", "azure://c/a b", "https://h/x.zip?download=1", "http://h:80/x"]
)
def test_what_is_read_passes(address):
    stores.check(address, "source.path")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://h/x.zip", "no store that is read; there are s3://, gs://, azure://, http://, https://"),
        ("az://c/p", "DVC, which watches it, calls that store azure://: write it so"),
        ("gcs://c/p", "calls that store gs://"),
        ("s3://", r"names no bucket; write s3://bucket/prefix"),
        (f"https://me:{SIGNATURE}@h/x.zip", "has a password or a signature in it, and params.yaml is committed.*netrc"),
        (f"https://h/x.zip?X-Amz-Signature={SIGNATURE}", "leave it out and set .*; or download it and set source.path"),
        (f"azure://c/x?sig={SIGNATURE}", "AZURE_STORAGE_ACCOUNT"),
    ],
)
def test_what_is_not_is_one_line_that_says_what_to_do(address, words):
    with pytest.raises(WeldspotError, match=rf"^source\.path: .*{words}") as error:
        stores.check(address, "source.path")
    assert SIGNATURE not in str(error.value)
    assert "\n" not in str(error.value)


def raised(error: Exception, address: str = "s3://welds/p") -> str:
    return str(stores.explained(error, address, "source.path"))


class NoCredentialsError(Exception):
    """As botocore has it."""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            NoCredentialsError("Unable to locate credentials"),
            "no credentials for s3://welds/p .*; set AWS_ACCESS_KEY_ID",
        ),
        (PermissionError("Forbidden"), "welds refuses to show s3://welds/p with these credentials"),
        (FileNotFoundError("x"), "nothing at s3://welds/p"),
        (OSError("Could not connect to the endpoint URL"), "can't be read .*; check the network and run this again"),
    ],
)
def test_a_library_s_error_says_what_to_do(error, words):

    assert re.search(rf"^source\.path: .*{words}", raised(error))


def test_what_a_library_says_goes_out_without_its_secrets(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SIGNATURE)
    said = raised(OSError(f"POST https://u:{SIGNATURE}9@h/x?sig={SIGNATURE}7 key {SIGNATURE}\nbroke"))
    assert SIGNATURE not in said
    assert "\n" not in said


def test_a_package_that_is_not_here_is_named(monkeypatch):
    from dvc_objects.fs import known_implementations

    monkeypatch.setitem(known_implementations, "s3", {"class": "no_such_package.S3", "err": "not here"})
    with pytest.raises(WeldspotError, match=r"needs weldspot\[s3\]: run `pip install 'weldspot\[s3\]'`"):
        stores.opened("s3://welds/p", "source.path")
