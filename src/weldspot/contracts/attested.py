"""Statements about a model: in-toto's Statement v1, with the predicates that are written here."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from weldspot.contracts.base import Contract, Sha256

STATEMENT = "https://in-toto.io/Statement/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"
MODEL = "https://model_signing/signature/v1.0"  # as OpenSSF's model-signing writes it
REPRODUCTION = "urn:weldspot:reproduction:1"


class Resource(Contract):
    """in-toto's ResourceDescriptor; `content` is base64. `digest`: dvc-md5 is as dvc.lock has it, `.dir` included."""

    name: str
    digest: dict[str, str] = Field(default_factory=dict)
    content: str = ""
    annotations: dict[str, str] = Field(default_factory=dict)


class Statement(Contract):
    """What is said (`predicate`) of what (`subject`)."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False, populate_by_name=True, serialize_by_alias=True)

    kind: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: Annotated[list[Resource], Field(min_length=1)]
    predicateType: str
    predicate: dict[str, JsonValue]


class BuildDefinition(Contract):
    """What it takes to make it again."""

    buildType: str
    externalParameters: dict[str, JsonValue]
    resolvedDependencies: list[Resource]


class Builder(Contract):
    """Who made it: an account on a machine."""

    id: str
    version: dict[str, str]


class Metadata(Contract):
    """`invocationId`: the key of the MLflow run."""

    invocationId: str


class RunDetails(Contract):
    """`byproducts`: what the stages wrote on the way, each with its stage; the metrics; the bill of materials."""

    builder: Builder
    metadata: Metadata
    byproducts: list[Resource]


class Provenance(Contract):
    """SLSA's provenance v1 (https://slsa.dev/spec/v1.0/provenance)."""

    buildDefinition: BuildDefinition
    runDetails: RunDetails


class Serialization(Contract):
    """How the files were hashed: each by itself."""

    method: Literal["files"] = "files"
    hash_type: Literal["sha256"] = "sha256"
    allow_symlinks: Literal[False] = False
    ignore_paths: list[str]


class SignedFile(Contract):
    """A file of the folder, by its path in it."""

    name: str
    algorithm: Literal["sha256"] = "sha256"
    digest: Sha256


class SignedFolder(Contract):
    """The predicate of a model's signature: every file of its folder, in the order of their names."""

    serialization: Serialization
    resources: Annotated[list[SignedFile], Field(min_length=1)]


class Difference(Contract):
    """The first stage whose output is another; `bytes`, `metrics`: what became of the file, and of its scores."""

    stage: str
    outputs: list[str]
    bytes: str
    metrics: dict[str, list[float | None]] = Field(default_factory=dict)


class Reproduction(Contract):
    """A model was made again: `result`, on which machine, in which environment, and where it first went another way."""

    result: Literal["same", "different"]
    sha256: Sha256
    commit: str
    environment: Literal["locked", "this one"]
    lock: str
    machine: str
    finished: str
    difference: Difference | None = None
