"""The manifest that phones read."""

from datetime import UTC, datetime


def manifest_of(export: dict, version: str, stage: str = "production") -> dict:
    """The manifest that phones read: export's own, and which version it is, since when, and where the file lies."""
    return export | {
        "version": version,
        "published": datetime.now(UTC).isoformat(timespec="seconds"),
        "stage": stage,
        "file": f"models/{export['sha256']}.tflite",
    }


def same(served: dict | None, manifest: dict) -> bool:
    """Whether a target's manifest says what this one says, whenever it was published."""
    return served is not None and served | {"published": ""} == manifest | {"published": ""}
