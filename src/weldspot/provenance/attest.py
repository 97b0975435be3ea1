"""weldspot attest: what is known of a version is written down beside its files, and signed."""

import base64
import hashlib
import platform
import sys
import tempfile
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from weldspot.config import parameters
from weldspot.contracts.attested import (
    MODEL,
    PROVENANCE,
    BuildDefinition,
    Builder,
    Metadata,
    Provenance,
    Resource,
    RunDetails,
    Serialization,
    SignedFile,
    SignedFolder,
)
from weldspot.contracts.manifest import Manifest
from weldspot.provenance import bill, record, statements, verify
from weldspot.provenance.record import Part, Record
from weldspot.registry import attestations, decisions, versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import FILES, ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import trust
from weldspot.signing.trust import Signer

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

BUILD = "urn:weldspot:dvc-repro:1"


def exported(workspace: "Workspace") -> None:
    """After export: its version is attested where there is a key; what keeps it from that is said and stops nothing."""
    try:
        if trust.read(workspace) is None:
            return
        params = parameters.load(workspace.params)
        registry = ModelRegistry(workspace, params.tracking)
        manifest = Manifest.read(workspace.artifact("export") / "manifest.json")
        version = registry.find(manifest.sha256)
        if version is not None:
            print(attest(workspace, registry, version))
    except WeldspotError as error:
        print(f"export: not attested: {error}; then `weldspot attest`", file=sys.stderr)


def attest(workspace: "Workspace", registry: ModelRegistry, version: str) -> str:
    """Signs what a version consists of and where it comes from; a line that says what was done.

    Raises:
        WeldspotError: there is no key here, or nothing here knows what made the version.
    """
    signer = trust.signer(workspace)
    if signer is None:
        raise WeldspotError("attest: this repository has no key; `weldspot keys make` makes one")
    with tempfile.TemporaryDirectory() as folder:
        found = versions.fetch_version(registry, version, Path(folder))
        if not verify.ails(found, signer.trust):
            return f"attest: version {version} is attested already"
        made = record.find(workspace, found.manifest)
        if made is None:
            raise WeldspotError(
                f"attest: version {version}: neither this checkout nor a commit has the dvc.lock that made it; "
                "commit it where it was made, and `git pull`"
            )
        attestations.add(registry, version, _statements(signer, registry, found, made))
    return f"attest: version {version} is attested: its files, where they come from, its bill of materials"


def _statements(signer: Signer, registry: ModelRegistry, found: ModelVersion, made: Record) -> dict[str, bytes]:
    materials = bill.write(found.manifest, found.version, made.files["requirements.lock"].decode(errors="replace"))
    subject = [Resource(name=path.name, digest={"sha256": _sha256(path.read_bytes())}) for path in _files(found)]
    provenance = _provenance(registry.tags(found.version), found, made, materials)
    return {
        verify.SIGNATURE: statements.signed(signer, MODEL, [_whole(found)], _folder(found)),
        verify.PROVENANCE_FILE: statements.signed(signer, PROVENANCE, subject, provenance),
        verify.BILL: materials,
    }


def _files(found: ModelVersion) -> list[Path]:
    """The model first: it is what people ask about."""
    return [found.model, *(found.model.with_name(name) for name in FILES.values() if name)]


def _folder(found: ModelVersion) -> SignedFolder:
    root = attestations.root(found)
    files = [
        SignedFile(name=path.as_posix(), algorithm="sha256", digest=_sha256((root / path).read_bytes()))
        for path in attestations.files(found)
    ]
    left_out = [attestations.FOLDER, attestations.GENERATED]
    return SignedFolder(
        serialization=Serialization(method="files", hash_type="sha256", allow_symlinks=False, ignore_paths=left_out),
        resources=files,
    )


def _whole(found: ModelVersion) -> Resource:
    return Resource(name=found.manifest.name, digest={"sha256": verify.root_digest(_folder(found).resources)})


def _provenance(tags: dict[str, str], found: ModelVersion, made: Record, materials: bytes) -> Provenance:
    manifest = found.manifest
    commit = Resource(
        name="commit",
        digest={"gitCommit": manifest.git_commit},
        annotations={"dirty": tags.get("git.dirty", "unknown")},
    )
    files = [
        Resource(name=name, digest={"sha256": _sha256(data)})
        for name, data in made.files.items()
        if data and name in ("params.yaml", "requirements.lock", "data.dvc")
    ]
    metrics = made.files["reports/metrics.json"]
    written = [_part(part) for part in made.written()]
    if metrics:
        content = base64.b64encode(metrics).decode()
        written.append(Resource(name="reports/metrics.json", digest={"sha256": _sha256(metrics)}, content=content))
    written.append(Resource(name=verify.BILL, digest={"sha256": _sha256(materials)}))
    versions_here = {name: installed(name) for name in ("weldspot", "tensorflow", "keras", "dvc")}
    return Provenance(
        buildDefinition=BuildDefinition(
            buildType=BUILD,
            externalParameters=made.parameters(),
            resolvedDependencies=[commit, *files, *(_part(part) for part in made.read())],
        ),
        runDetails=RunDetails(
            builder=Builder(
                id=f"urn:weldspot:builder:{quote(decisions.who())}",
                version=versions_here | {"python": platform.python_version()},
            ),
            metadata=Metadata(invocationId=manifest.mlflow.key),
            byproducts=written,
        ),
    )


def _part(part: Part) -> Resource:
    return Resource(name=part.path, digest={"dvc-md5": part.md5}, annotations={"stage": part.stage})


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
