"""The model card: what it is, what it was measured on, where it should not be trusted (Mitchell et al., 2019)."""

_TEMPLATE = """# Model card: {name}

{backbone}, {size}×{size} pixels, seven classes, multi-label. Made by experiment `{key}` from commit `{commit}`.

**Verdict: {verdict}**

| check | passed | measured |
|---|---|---|
{checks}

## Scores on the test images, in the TFLite runtime

Test images share no scene with training or validation.

| file | MB | mean AP | mean ROC AUC | AP lost to Keras | sha256 |
|---|---|---|---|---|---|
{files}

## By class ({main})

| class | average precision | ROC AUC | threshold |
|---|---|---|---|
{classes}

## Use

- **In**: {shape} {dtype}, raw RGB bytes, the photograph {fit} to this size. Everything else is inside the file.
- **Out**: seven probabilities (sigmoid; several may be high at once), and a heatmap a class of where it was seen.
- **For**: a second look at a weld by the person who made it. **Not for**: releasing a structure; defects below the
  surface, which no photograph shows; X-ray or microscope pictures.
- A class with few scenes in the test set has a wide interval: see `reports/split/report.json` and
  `reports/metrics.json`.
"""


def write(facts: dict) -> str:
    """Markdown from the export's facts (manifest, checks, per-file scores)."""
    checks = [f"| {c['check']} | {'yes' if c['passed'] else '**no**'} | {c['reason']} |" for c in facts["checks"]]
    files = [
        f"| {name} | {f['megabytes']:.2f} | {f['mean_average_precision']:.4f} | {f['mean_roc_auc']:.4f} "
        f"| {f['average_precision_loss']:+.4f} | `{f['sha256'][:12]}…` |"
        for name, f in facts["files"].items()
    ]
    classes = [
        f"| {name} | {_number(row['average_precision'])} | {_number(row['roc_auc'])} | {row['threshold']:.2f} |"
        for name, row in facts["classes"].items()
    ]
    return _TEMPLATE.format(
        **{**facts, "checks": "\n".join(checks), "files": "\n".join(files), "classes": "\n".join(classes)}
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
