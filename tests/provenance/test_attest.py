"""A version is attested: what is said of it is signed, lies beside it, and is found out when anything is changed."""

import base64
import json
from pathlib import Path

import jsonschema
import pytest
from attested import LOCK, git, made, registry_of, stored

from weldspot.contracts.attested import PROVENANCE
from weldspot.contracts.served import Envelope
from weldspot.provenance import attest, verify
from weldspot.registry import versions
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import dsse, keys
from weldspot.workspace import Workspace


def statement(workspace: Workspace, name: str) -> dict:
    (path,) = stored(workspace, name)
    return json.loads(dsse.unopened(Envelope.read(path)))


def test_attested_once_and_said_in_a_few_lines(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    version = made(workspace)
    assert attest.attest(workspace, registry_of(workspace), version) == (
        "attest: version 1 is attested: its files, where they come from, its bill of materials"
    )
    before = {path: path.stat().st_mtime_ns for path in stored(workspace, "*.json")}
    assert "already" in attest.attest(workspace, registry_of(workspace), version)
    assert {path: path.stat().st_mtime_ns for path in stored(workspace, "*.json")} == before
    capsys.readouterr()
    for what in ("1", "staging", Path(workspace.artifact("export") / "model-int8.tflite").relative_to(workspace.root)):
        verify.show(workspace, str(what))
        said = capsys.readouterr().out.splitlines()
        assert len(said) == 4
        assert said[0].startswith("verify: version 1, ")
        assert "3 packages" in said[3]


def test_the_provenance_is_slsas(workspace: Workspace) -> None:
    version = made(workspace)
    attest.attest(workspace, registry_of(workspace), version)
    said = statement(workspace, verify.PROVENANCE_FILE)
    assert (said["_type"], said["predicateType"]) == ("https://in-toto.io/Statement/v1", PROVENANCE)
    assert {one["name"] for one in said["subject"]} == {
        "model-int8.tflite", "manifest.json", "reference.parquet", "membership.parquet",
    }  # fmt: skip
    assert all(len(one["digest"]["sha256"]) == 64 for one in said["subject"])
    build, run = said["predicate"]["buildDefinition"], said["predicate"]["runDetails"]
    # https://slsa.dev/spec/v1.0/provenance: what has to be there
    assert build["buildType"].startswith("urn:")
    assert build["externalParameters"]["training"]["seed"] == 0
    inputs = {one["name"]: one["digest"] for one in build["resolvedDependencies"]}
    assert inputs["commit"] == {"gitCommit": "5a3d1e106bc3f14fc58cdd5ff5990a0da0974407"}
    assert inputs["data/feedback"] == {"dvc-md5": "00000000000000000000000000000002.dir"}
    assert {"params.yaml", "requirements.lock", "conf/source/no-background.txt"} <= inputs.keys()
    assert "artifacts/fetch" not in inputs  # a stage wrote it
    outputs = {one["name"]: one for one in run["byproducts"]}
    assert outputs["artifacts/train"]["annotations"] == {"stage": "train"}
    metrics = base64.b64decode(outputs["reports/metrics.json"]["content"])
    assert metrics == workspace.metrics.read_bytes()
    assert run["builder"]["id"].startswith("urn:weldspot:builder:")
    assert run["metadata"]["invocationId"] == "39bd234fac495e05"


def test_the_signature_is_openssfs_statement_of_every_file_but_our_own(workspace: Workspace) -> None:
    version = made(workspace)
    attest.attest(workspace, registry_of(workspace), version)
    said = statement(workspace, verify.SIGNATURE)
    assert said["predicateType"] == "https://model_signing/signature/v1.0"
    names = [one["name"] for one in said["predicate"]["resources"]]
    assert names == sorted(names)
    assert {"MLmodel", "artifacts/model-int8.tflite", "artifacts/manifest.json"} <= set(names)
    assert not [name for name in names if name.startswith("attestations/")]
    schema = {"type": "object", "required": ["serialization", "resources"]}
    jsonschema.validate(said["predicate"], schema)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda w: stored(w, "MLmodel")[0].write_text("another loader"), "MLmodel: changed since"),
        (lambda w: (stored(w, "MLmodel")[0].parent / "extra.py").write_text("x"), r"extra\.py: came after"),
        (lambda w: stored(w, "python_env.yaml")[0].unlink(), r"python_env\.yaml: not there any more"),
        (lambda w: stored(w, verify.BILL)[0].write_text("{}"), r"sbom\.cdx\.json: it is not the one"),
        (lambda w: stored(w, verify.BILL)[0].unlink(), r"not attested, without sbom\.cdx\.json"),
        (lambda w: stored(w, verify.SIGNATURE)[0].write_bytes(b"half"), r"model\.intoto\.json: damaged"),
        (
            lambda w: stored(w, verify.SIGNATURE)[0].write_bytes(stored(w, verify.PROVENANCE_FILE)[0].read_bytes()),
            "a statement of another kind",
        ),
        (
            lambda w: (w.trust.unlink(), w.signing_key.unlink(), w.recovery_key.unlink(), keys.make(w, 9, False)),
            "which is none of",
        ),
    ],
)
def test_whatever_is_changed_is_said_and_nothing_of_it_is_promoted(workspace: Workspace, spoil, why: str) -> None:
    version = made(workspace)
    registry = registry_of(workspace)
    attest.attest(workspace, registry, version)
    verify.require_version(workspace, registry, version)
    spoil(workspace)
    with pytest.raises(WeldspotError, match=why):
        verify.require_version(workspace, registry, version)


def test_signed_by_a_key_that_has_handed_over_it_still_holds(workspace: Workspace) -> None:
    version = made(workspace)
    attest.attest(workspace, registry_of(workspace), version)
    keys.rotate(workspace, 100, None)
    verify.require_version(workspace, registry_of(workspace), version)


def test_statements_of_another_version_are_none_of_this(workspace: Workspace) -> None:
    registry = registry_of(workspace)
    attest.attest(workspace, registry, made(workspace))
    theirs = {
        path.name: path.read_bytes() for path in stored(workspace, "*.json") if path.parent.name == "attestations"
    }
    other = made(workspace, b"another network")
    with pytest.raises(WeldspotError, match=r"not attested, without .*`weldspot attest 2`"):
        verify.require_version(workspace, registry, other)
    attest.attestations.add(registry, other, theirs)
    with pytest.raises(WeldspotError, match="changed since it was signed"):
        verify.require_version(workspace, registry, other)


def test_without_a_key_nothing_is_asked_for_and_nothing_written(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    version = made(workspace, key=False)
    attest.exported(workspace)
    verify.require_version(workspace, registry_of(workspace), version)
    assert stored(workspace, "*.intoto.json") == []
    assert capsys.readouterr().err == ""
    for verb in (lambda: verify.show(workspace, "1"), lambda: attest.attest(workspace, registry_of(workspace), "1")):
        with pytest.raises(WeldspotError, match="no key"):
            verb()


def test_export_attests_by_itself_and_what_keeps_it_from_that_stops_nothing(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    version = made(workspace)
    workspace.signing_key.rename(workspace.root / "elsewhere.pem")
    attest.exported(workspace)
    assert "export: not attested: trust.json says" in capsys.readouterr().err
    (workspace.root / "elsewhere.pem").rename(workspace.signing_key)
    attest.exported(workspace)
    assert "is attested" in capsys.readouterr().out
    verify.require_version(workspace, registry_of(workspace), version)


def test_what_made_it_is_found_in_the_commit_that_has_its_lock(workspace: Workspace) -> None:
    version = made(workspace)
    (workspace.root / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")
    with pytest.raises(WeldspotError, match=r"neither this checkout nor a commit has the dvc\.lock"):
        attest.attest(workspace, registry_of(workspace), version)
    git(workspace.root, "init", "-q")
    (workspace.root / "dvc.lock").write_text(LOCK)
    git(workspace.root, "add", "dvc.lock", "params.yaml", "requirements.lock", "reports")
    git(workspace.root, "commit", "-qm", "the results")
    (workspace.root / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")
    attest.attest(workspace, registry_of(workspace), version)
    with pytest.raises(WeldspotError, match="no version, alias or SHA-256"):
        verify.show(workspace, "nonsense")
    assert versions.FILES
