"""A day of one phone in sums, if its user has turned that on: no photograph, no place, no name, nothing of one look."""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from weldspot.contracts.base import Contract, Sha256

TELEMETRY_BYTES: Final = 16 * 2**10  # of one report as JSON
TELEMETRY_LOOKS: Final = 86_400  # a day has so many seconds, and a look is one of them
TELEMETRY_CLASSES: Final = 100
SCORE_BINS: Final = 10  # of 0 to 1
BRIGHTNESS_BINS: Final = 16  # of 0 to 256
SHARPNESS_EDGES: Final = (5, 10, 20, 40, 80, 160, 320, 640, 1280)  # variance of the Laplacian; the last bin is open
LATENCY_EDGES: Final = (5, 10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640)  # ms; the last bin is open
LIMITS: Final = {name: value for name, value in list(globals().items()) if isinstance(value, int | tuple)}

Count = Annotated[int, Field(ge=0, le=TELEMETRY_LOOKS)]
Lot = Literal["", "production", "challenger"]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


def _bins(count: int) -> object:
    return Field(min_length=count, max_length=count)


class Telemetry(Contract):
    """What a phone has counted on one day (`day`, by its clock, UTC) with one model; `id` is of this report alone.

    `looks`: verdicts that stood, one a second at most, and the histograms are of these; `obstacles`: of those seconds
    in which none could be given. `corrections`: photographs whose labels were changed, `confirmations`: that were sent
    as the model had them. `scores`: class → counts of its score.

    `challenger`: SHA-256 of the model of a canary that this phone takes part in, "" for none; `lot`: which of the two
    the day's lot has chosen, "" where it was not asked in time. `shadowed`: looks on which both have run, `disagreed`:
    those on which their verdicts differed.
    """

    id: Uuid
    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    model: Sha256
    version: Annotated[str, Field(max_length=40)] = ""
    looks: Count
    obstacles: Count = 0
    corrections: Count = 0
    confirmations: Count = 0
    scores: Annotated[dict[Annotated[str, Field(max_length=200)], Annotated[list[Count], _bins(SCORE_BINS)]],
                      Field(max_length=TELEMETRY_CLASSES)] = Field(default_factory=dict)  # fmt: skip
    brightness: Annotated[list[Count], _bins(BRIGHTNESS_BINS)]
    sharpness: Annotated[list[Count], _bins(len(SHARPNESS_EDGES) + 1)]
    latency: Annotated[list[Count], _bins(len(LATENCY_EDGES) + 1)]
    challenger: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    lot: Lot = ""
    shadowed: Count = 0
    disagreed: Count = 0

    @model_validator(mode="after")
    def _adds_up(self) -> "Telemetry":
        histograms = {"brightness": self.brightness, "sharpness": self.sharpness, "latency": self.latency}
        for name, counts in [*histograms.items(), *self.scores.items()]:
            if sum(counts) > self.looks:
                raise ValueError(f"{name} counts more than there are looks")
        if self.disagreed > self.shadowed or self.shadowed > self.looks:
            raise ValueError("disagreed, shadowed and looks do not add up")
        return self
