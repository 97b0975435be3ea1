"""weldspot verify: what holds of a version, or of a file, in a few lines."""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from weldspot.config import parameters
from weldspot.contracts.attested import MODEL, PROVENANCE, Provenance, SignedFile, SignedFolder
from weldspot.contracts.served import ServedManifest, Trust
from weldspot.provenance import statements
from weldspot.registry import attestations, versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import releases, trust
from weldspot.signing.dsse import Unverified

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

SIGNATURE, PROVENANCE_FILE, BILL = "model.intoto.json", "provenance.intoto.json", "sbom.cdx.json"
_CURE = "`weldspot attest {version}` signs it, once you have looked at where it comes from (docs/signing.md)"


def require(workspace: "Workspace", version: ModelVersion) -> None:
    """Where the repository has a key: the version is attested, and its files are those that were signed.

    Raises:
        Unverified: it is not.
    """
    known = trust.read(workspace)
    if known is not None and (reason := ails(version, known)):
        raise Unverified(f"version {version.version}: {reason}; {_CURE.format(version=version.version)}")


def require_version(workspace: "Workspace", registry: ModelRegistry, number: str) -> None:
    """The same of a version that is yet to be fetched."""
    if trust.read(workspace) is not None:
        with tempfile.TemporaryDirectory() as folder:
            require(workspace, versions.fetch_version(registry, number, Path(folder)))


def ails(version: ModelVersion, known: Trust) -> str:
    """Why a version that was fetched is not what was signed, "" when it is."""
    try:
        said(version, known)
    except WeldspotError as error:
        return str(error)
    return ""


def said(version: ModelVersion, known: Trust) -> tuple[list[str], Provenance]:
    """What its statements say, once they hold: lines for people, and where it comes from.

    Raises:
        Unverified: one is not there, not signed by a key of this repository, or not about these files.
    """
    found = {name: attestations.read(version, name) for name in (SIGNATURE, PROVENANCE_FILE, BILL)}
    if missing := [name for name, data in found.items() if data is None]:
        raise Unverified(f"not attested, without {', '.join(missing)}")
    signature, key = statements.opened(found[SIGNATURE] or b"", known, SIGNATURE)
    folder = cast("SignedFolder", statements.predicate(signature, MODEL, SignedFolder, SIGNATURE))
    if root_digest(folder.resources) != signature.subject[0].digest.get("sha256"):
        raise Unverified(f"{SIGNATURE}: its digest is not that of its files")
    _compare(version, folder)
    statement, maker = statements.opened(found[PROVENANCE_FILE] or b"", known, PROVENANCE_FILE)
    provenance = cast("Provenance", statements.predicate(statement, PROVENANCE, Provenance, PROVENANCE_FILE))
    if version.sha256 not in [one.digest.get("sha256") for one in statement.subject]:
        raise Unverified(f"{PROVENANCE_FILE}: it is about another model")
    wanted = [one.digest.get("sha256") for one in provenance.runDetails.byproducts if one.name == BILL]
    if wanted != [hashlib.sha256(found[BILL] or b"").hexdigest()]:
        raise Unverified(f"{BILL}: it is not the one that was signed")
    made = provenance.buildDefinition
    commit = next(iter(made.resolvedDependencies))
    dirty = {"false": "", "true": ", with uncommitted changes"}.get(
        commit.annotations.get("dirty", ""), ", unknown whether with uncommitted changes"
    )
    lines = [
        f"{len(folder.resources)} files are those that key {key[:16]}… signed",
        f"made of commit {commit.digest.get('gitCommit', '?')[:12]}{dirty}, signed by key {maker[:16]}…, "
        f"with {len(made.resolvedDependencies)} inputs and {len(provenance.runDetails.byproducts)} outputs of stages",
        f"bill of materials: {len(json.loads(found[BILL] or b'{}').get('components', []))} packages (CycloneDX 1.6)",
    ]
    return lines, provenance


def root_digest(files: Sequence[SignedFile]) -> str:
    """SHA-256 over the digests in their order, as model-signing has it."""
    return hashlib.sha256(b"".join(bytes.fromhex(one.digest) for one in files)).hexdigest()


def _compare(version: ModelVersion, folder: SignedFolder) -> None:
    root, signed = attestations.root(version), {one.name: one.digest for one in folder.resources}
    here = {path.as_posix() for path in attestations.files(version)}
    if odd := sorted(here ^ signed.keys()):
        raise Unverified(f"{odd[0]}: {'not there any more' if odd[0] in signed else 'came after it was signed'}")
    for name, digest in signed.items():
        if hashlib.sha256((root / name).read_bytes()).hexdigest() != digest:
            raise Unverified(f"{name}: changed since it was signed")


def show(workspace: "Workspace", what: str) -> None:
    """Prints what holds of a version, an alias, a SHA-256, or a file; raises WeldspotError where something does not."""
    known = trust.read(workspace)
    if known is None:
        raise WeldspotError("verify: this repository has no key, so nothing here is signed; `weldspot keys make`")
    path = workspace.root / what
    lines = _file(workspace, known, path) if path.is_file() else _version(workspace, known, what)
    for line in lines:
        print(f"verify: {line}")


def _version(workspace: "Workspace", known: Trust, what: str) -> list[str]:
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    version = registry.aliases().get(what) or registry.find(what) or (what if what.isdigit() else None)
    if version is None:
        raise WeldspotError(
            f"verify {what}: no version, alias or SHA-256 of {registry.name} and no file; `weldspot status` has names"
        )
    with tempfile.TemporaryDirectory() as folder:
        found = versions.fetch_version(registry, version, Path(folder))
        require(workspace, found)
        lines, _ = said(found, known)
    return [f"version {version}, {found.sha256[:12]}…", *lines]


def _file(workspace: "Workspace", known: Trust, path: Path) -> list[str]:
    if path.suffix == ".tflite":
        return _version(workspace, known, hashlib.sha256(path.read_bytes()).hexdigest())
    data = path.read_bytes()
    if b'"payloadType"' in data and b'"signed"' not in data:
        statement, key = statements.opened(data, known, path.name)
        about = ", ".join(f"{one.name} {next(iter(one.digest.values()), '')[:12]}…" for one in statement.subject[:3])
        return [f"{path.name}: signed by key {key[:16]}…, {statement.predicateType}, about {about}"]
    try:
        release = releases.opened(ServedManifest.parse(data, path.name), known)
    except Unverified as error:
        raise Unverified(f"{path.name}: {error}") from error
    told = release.manifest
    return [
        f"{path.name}: version {told.version}, {told.sha256[:12]}…, signed by the key that signs now",
        f"counter {release.counter}, signed {release.signed}, taken in until {release.expires}",
    ]
