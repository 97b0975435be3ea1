"""The real SDK against the double."""

import logging
import socket

import exports
import pytest
import roboflow_double as fake

from weldspot.images import table
from weldspot.runtime.errors import WeldspotError
from weldspot.stages import fetch, ingest
from weldspot.workspace import Workspace

LAYOUTS = {"voc": exports.voc, "multiclass": exports.multiclass}


@pytest.fixture
def double(tmp_path, monkeypatch):
    with fake.serving({name: exports.zipped(make()) for name, make in LAYOUTS.items()}) as running:
        monkeypatch.setenv("API_URL", running.url)
        monkeypatch.setenv("ROBOFLOW_API_KEY", fake.KEY)
        monkeypatch.setenv("WELDSPOT_WORKERS", "1")
        yield running


def wanted(**changes):
    source = {"workspace": fake.WORKSPACE, "project": fake.PROJECT, "version": fake.VERSION, "format": "voc"}
    return exports.params(name="roboflow", **(source | changes))


def run(root, params, *stages):
    workspace = Workspace(root)
    for stage in stages or (fetch,):
        stage.main(workspace, params.select(stage.Params))


def everything(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def ingested(tmp_path):
    columns = [name for name in table.INGESTED.names if name != "group"]
    return table.column_table(tmp_path / "artifacts/ingest", columns).to_pylist()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_table_is_the_one_that_the_folder_source_gives(double, tmp_path, capfd, caplog, layout):
    caplog.set_level(logging.DEBUG)
    params = wanted(format=layout)
    run(tmp_path, params, fetch, ingest)
    downloaded = ingested(tmp_path)
    said = everything(tmp_path) + "".join((*capfd.readouterr(), caplog.text)).encode()
    assert fake.KEY.encode() not in said
    assert fake.LINK_KEY.encode() not in said
    assert "GET" in caplog.text  # the HTTP log was on
    assert not list((tmp_path / ".weldspot/partial").iterdir())

    (tmp_path / "mine.zip").write_bytes(double.exports[layout])
    own = exports.params(name="folder", path="mine.zip")
    run(tmp_path, own, fetch, ingest)
    assert ingested(tmp_path) == downloaded
    assert {row["name"]: row["labels"] for row in downloaded if row["source"] == "export"} == {
        name: [label.replace("Spatters", "Splatters") for label in sorted(labels)]
        for name, labels in exports.LABELS.items()
    }


def refused(root, params):
    with pytest.raises(WeldspotError) as error:
        run(root, params)
    text = str(error.value)
    assert "\n" not in text
    assert fake.KEY not in text
    assert fake.LINK_KEY not in text
    assert error.value.__context__ is None  # the SDK's error has the key in its URL
    assert not (root / "artifacts/fetch").exists()
    return text


def test_a_wrong_key_says_so_and_does_not_repeat_it(double, tmp_path, monkeypatch):
    monkeypatch.setenv("ROBOFLOW_API_KEY", "wrongButStillSecret")
    text = refused(tmp_path, wanted())
    assert "does not accept ROBOFLOW_API_KEY" in text
    assert "wrongButStillSecret" not in text


def test_a_missing_key_says_where_to_put_it(double, tmp_path, monkeypatch):
    monkeypatch.delenv("ROBOFLOW_API_KEY")
    assert ".env" in refused(tmp_path, wanted())


def test_the_key_may_stand_in_a_dotenv_file(double, tmp_path, monkeypatch):
    monkeypatch.delenv("ROBOFLOW_API_KEY")
    (tmp_path / ".env").write_text(f"ROBOFLOW_API_KEY={fake.KEY}\n")
    run(tmp_path, wanted())
    assert (tmp_path / "artifacts/fetch/export.zip").read_bytes() == double.exports["voc"]


def test_an_unknown_version_project_or_format_names_its_key(double, tmp_path):
    assert "source.version" in refused(tmp_path, wanted(version=99))
    assert "source.project" in refused(tmp_path, wanted(project="elsewhere"))
    del double.exports["multiclass"]
    assert "source.format" in refused(tmp_path, wanted(format="multiclass"))


def test_without_a_network_it_names_the_host(double, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("API_URL", f"http://127.0.0.1:{port}")
    assert f"127.0.0.1:{port} can't be reached" in refused(tmp_path, wanted())


def test_a_download_that_breaks_off_goes_on_in_the_next_run(double, tmp_path):
    double.cut = 1000
    assert "after 1000 of" in refused(tmp_path, wanted())
    double.cut = 500
    assert "after 1500 of" in refused(tmp_path, wanted())
    run(tmp_path, wanted())
    assert double.ranges == ["", "bytes=1000-", "bytes=1500-"]
    assert (tmp_path / "artifacts/fetch/export.zip").read_bytes() == double.exports["voc"]


def test_a_damaged_zip_is_thrown_away_and_downloaded_anew(double, tmp_path):
    double.damaged = True
    assert "arrived damaged" in refused(tmp_path, wanted())
    double.damaged = False
    run(tmp_path, wanted())
    assert double.ranges == ["", ""]
    assert (tmp_path / "artifacts/fetch/export.zip").read_bytes() == double.exports["voc"]


def test_a_complete_download_is_not_repeated_when_a_later_step_was_killed(double, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("weldspot.stages.fetch.write_bytes", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, wanted())
    run(tmp_path, wanted())
    assert len(double.ranges) == 1
