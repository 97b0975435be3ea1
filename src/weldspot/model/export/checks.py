"""What the phone's file must hold before it may be called staging."""

from dataclasses import asdict, dataclass

from weldspot.config.parameters import Checks, Preprocess


@dataclass(frozen=True)
class Verdict:
    check: str
    passed: bool
    reason: str


def judge(limits: Checks, preprocess: Preprocess, facts: dict[str, float], input_spec: dict) -> list[Verdict]:
    """One verdict a check; `facts` are measured on the test images in the TFLite runtime."""
    ap, auc = facts["mean_average_precision"], facts["mean_roc_auc"]
    loss, gap, size = facts["average_precision_loss"], facts["probability_gap"], facts["megabytes"]
    filters = [name for name, width in preprocess.denoise.model_dump().items() if width]
    raw = (input_spec["dtype"], input_spec["scale"], input_spec["zero_point"])
    return [
        _at_least("mean average precision", ap, limits.min_mean_average_precision),
        _at_least("mean ROC AUC", auc, limits.min_mean_roc_auc),
        _at_most("average precision lost to Keras", loss, limits.max_average_precision_loss),
        _at_most("mean probability gap to Keras", gap, limits.max_probability_gap),
        _at_most("size in MB", size, limits.max_megabytes),
        Verdict(
            "raw bytes in",
            raw[0] == "uint8" and raw[2] == 0 and abs(raw[1] - 1) < 1e-3,
            f"input is {raw[0]} with scale {raw[1]:g} and zero point {raw[2]}",
        ),
        Verdict(
            "preprocessing inside the graph",
            not filters,
            f"the phone does not run preprocess.denoise ({', '.join(filters)})" if filters else "nothing but resizing",
        ),
    ]


def _at_least(name: str, value: float, limit: float) -> Verdict:
    return Verdict(name, bool(value >= limit), f"{value:.4f}, at least {limit:g} is asked for")


def _at_most(name: str, value: float, limit: float) -> Verdict:
    return Verdict(name, bool(value <= limit), f"{value:.4f}, at most {limit:g} is allowed")


def as_json(verdicts: list[Verdict]) -> dict:
    return {"passed": all(v.passed for v in verdicts), "checks": [asdict(v) for v in verdicts]}
