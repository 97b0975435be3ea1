"""What the server is told."""

import json

import pytest
from pydantic import SecretStr, ValidationError

from weldspot.contracts import limits
from weldspot.server.options import LOOPBACK_HOSTS, AppConfig, ServerOptions, UploadLimits
from weldspot.workspace import Workspace


def test_the_bounds_of_an_upload_are_those_of_the_contracts():
    found = UploadLimits()
    assert (found.image_bytes, found.metadata_bytes) == (limits.IMAGE_BYTES, limits.METADATA_BYTES)
    assert found.pixels == limits.IMAGE_PIXELS


def test_by_default_only_this_machine_is_answered_and_nobody_asked(tmp_path):
    options = ServerOptions(Workspace(tmp_path))
    assert options.hosts == LOOPBACK_HOSTS
    assert not options.token.get_secret_value()
    assert json.loads(options.config.json_text()) == {"backend": "local", "model": "weldspot"}


def test_the_token_is_in_no_log(tmp_path):
    assert "s3cret" not in repr(ServerOptions(Workspace(tmp_path), token=SecretStr("s3cret")))


@pytest.mark.parametrize(
    "said",
    [
        {"backend": "firebase"},
        {"backend": "firebase", "model": "weldspot", "firebase": {"apiKey": "k", "projectId": "p", "emulators": None}},
        {"backend": "firebase", "firebase": {"emulators": {"auth": "127.0.0.1:9099"}}, "later": [1, {"ä": None}]},
    ],
)
def test_what_the_app_is_told_is_passed_on_as_it_is(said):
    assert json.loads(AppConfig.model_validate(said).json_text()) == said


@pytest.mark.parametrize("said", [[], {}, {"backend": "ftp"}, {"backend": "firebase", "firebase": {"emulators": 5}}])
def test_what_the_app_could_not_use_is_refused(said):
    with pytest.raises(ValidationError):
        AppConfig.model_validate(said)


def test_it_is_open_where_others_can_send(tmp_path):
    workspace = Workspace(tmp_path)
    assert not ServerOptions(workspace).open
    assert ServerOptions(workspace, hosts=None).open
    assert ServerOptions(workspace, proxied=frozenset({"welds.example.org"})).open
