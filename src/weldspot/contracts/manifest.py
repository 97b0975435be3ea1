"""manifest.json: what a phone needs to run a model, and what leads from it back to the data and the commit."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from weldspot.contracts import limits
from weldspot.contracts.base import Contract, Sha256
from weldspot.labels import ClassList
from weldspot.runtime import state_files

Share = Annotated[float, Field(ge=0, le=1)]
Stage = Literal["production", "staging"]


class Input(Contract):
    """The model's input: raw RGB bytes of a photograph brought to `shape` by `resize`."""

    shape: tuple[Literal[1], int, int, Literal[3]]
    dtype: str
    scale: float
    zero_point: int
    colour: Literal["RGB"] = "RGB"
    resize: Literal["stretch", "letterbox"]

    @property
    def side(self) -> int:
        """Pixels of the square."""
        return self.shape[1]


class Outputs(Contract):
    """The shapes of the model's outputs; both have the classes in the order of `labels`."""

    probabilities: tuple[int, int]
    heatmaps: str


class Metrics(Contract):
    """Scores of the file on the test photographs, in the TFLite runtime; None where no class could be scored."""

    mean_average_precision: Share | None
    mean_roc_auc: Share | None


class Experiment(Contract):
    """Where MLflow has the run: the experiment, and the tag and value to look for."""

    experiment: str
    tag: str
    key: str


class Words(Contract):
    """What a phone says of a class in one language; "" is the class's name for `title` and `short`, else nothing."""

    title: str = ""
    short: str = ""
    what: str = ""
    causes: str = ""


class ShownClass(Contract):
    """How a phone shows a class; `good`: it is good news, `words`: by language ("en", "pt-BR")."""

    name: str
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    good: bool
    words: dict[str, Words] = Field(default_factory=dict)


class Manifest(Contract):
    """As export writes it; `file` lies beside it.

    `classes` has one for each of `labels`, in their order. `background`: the label that means "nothing here", if there
    is one; `exclusive`: a photograph shows exactly one class, and probabilities add up to one. `aliases`: names of
    earlier lists and other spellings → label; `retired`: names of earlier lists that were given up. Manifests of older
    code have no `classes`; `publish` adds what the project's own list says of the same names.

    `free_below`: label → the probability under which a photograph may be called free of it, since few that show it are;
    from there to the threshold nobody is to be told that it is not there. Labels without one have no such bound.

    `unknown`: the labels that train, val or test have no photograph of (or nothing else): what the model says of them
    was never learnt, or never measured, and nobody may be shown it. Manifests of older code do not say.

    `maps`: the labels whose heatmaps were held against boxes and point better than the middle of the picture. The
    others are not shown unless asked for.
    """

    cure: ClassVar[str] = state_files.FROM_GRAPH

    name: str
    file: Annotated[str, Field(pattern=r"^(models/)?[\w-]+\.tflite$")]  # never another folder or host
    sha256: Sha256
    bytes: Annotated[int, Field(ge=1, le=limits.MODEL_BYTES)]
    labels: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]
    thresholds: dict[str, Share]
    free_below: dict[str, Share] = Field(default_factory=dict)
    unknown: list[str] = Field(default_factory=list)
    maps: list[str] = Field(default_factory=list)
    classes: list[ShownClass] = Field(default_factory=list)
    background: str | None = None
    exclusive: bool = False
    aliases: dict[str, str] = Field(default_factory=dict)
    retired: list[str] = Field(default_factory=list)
    input: Input
    outputs: Outputs
    metrics: Metrics
    checks_passed: bool
    git_commit: str
    dvc_lock: str
    mlflow: Experiment

    def class_list(self) -> ClassList:
        """The list that the model was made with."""
        return ClassList(tuple(self.labels), self.background, self.exclusive, self.aliases, tuple(self.retired))

    def as_published(self, version: str, stage: Stage = "production") -> "PublishedManifest":
        """The manifest that phones read: which version it is, since now, and where the file lies."""
        return PublishedManifest(
            **(self.model_dump() | {"file": f"models/{self.sha256}.tflite"}),
            version=version,
            published=datetime.now(UTC).isoformat(timespec="seconds"),
            stage=stage,
        )


class PublishedManifest(Manifest):
    """As phones read it; `version` is "" while the registry has none, `published` ISO 8601."""

    cure: ClassVar[str] = state_files.FROM_REGISTRY

    version: str
    published: str
    stage: Stage

    def same_but_for_the_time(self, other: "PublishedManifest | None") -> bool:
        """Whether both say the same, whenever they were published."""
        return other is not None and self.model_copy(update={"published": other.published}) == other
