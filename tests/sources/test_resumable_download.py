"""Downloads from a server of our own that breaks off, changes its file, or hands out damage."""

import exports
import pytest
import roboflow_double as fake

from weldspot.runtime.errors import WeldspotError
from weldspot.sources import resumable_download

ZIP = exports.zipped(exports.voc())


@pytest.fixture
def double():
    with fake.serving({"voc": ZIP}) as running:
        yield running


@pytest.fixture
def download(double, tmp_path):
    link = f"{double.url}/download/voc?key={fake.LINK_KEY}"

    def run(name: str = "out.zip") -> bytes:
        target = tmp_path / name
        resumable_download.download(link, tmp_path / "partial/x.zip", target, "the export", "test")
        return target.read_bytes()

    return run


def test_it_goes_on_where_it_broke_off(double, download, tmp_path):
    double.cut = 700
    with pytest.raises(WeldspotError, match=f"broke off after 700 of {len(ZIP)} bytes") as error:
        download()
    assert fake.LINK_KEY not in str(error.value)
    assert not (tmp_path / "out.zip").exists()
    assert download() == ZIP
    assert double.ranges == ["", "bytes=700-"]


def test_a_whole_one_is_not_fetched_again_until_it_is_forgotten(double, download, tmp_path):
    assert download("1.zip") == download("2.zip") == ZIP
    assert len(double.ranges) == 1
    resumable_download.forget(tmp_path / "partial/x.zip")
    assert list((tmp_path / "partial").iterdir()) == []
    assert download("3.zip") == ZIP
    assert len(double.ranges) == 2


def test_what_it_noted_may_be_unreadable(double, download, tmp_path):
    double.cut = 700
    with pytest.raises(WeldspotError):
        download()
    (tmp_path / "partial/x.json").write_text("[not a note")
    assert download() == ZIP
    assert double.ranges == ["", ""], "without a validator the bytes may be another file's"


def test_damage_is_thrown_away(double, download, tmp_path):
    double.damaged = True
    with pytest.raises(WeldspotError, match=r"the export arrived damaged: .*; run `dvc repro` again"):
        download()
    assert list((tmp_path / "partial").iterdir()) == []


def test_a_refusal_names_its_status(double, tmp_path):
    with pytest.raises(WeldspotError, match="the server answered 403"):
        resumable_download.download(f"{double.url}/download/voc", tmp_path / "p", tmp_path / "t", "the export", "test")
