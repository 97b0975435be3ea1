"""What a retraining did, as it goes: told to people, and written in its summary."""

from dataclasses import dataclass, field


@dataclass
class Story:
    """`outcome`: the gate's; `why`: the reason to retrain, "" when there is none; `version`: of the new model.

    `unreviewed`: corrections that drift would admit and that wait for a reviewer. `tried`: the new model on a share of
    the phones.
    """

    outcome: str = ""
    why: str = ""
    version: str = ""
    promoted: bool | None = None
    served: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unreviewed: int = 0
    tried: str = ""
