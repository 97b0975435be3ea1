"""A folder with corrections that wait for reviewers: python corrections.py folder count [hostile].

Photographs are rendered welds; what the model says of them is made up, as no model is needed to review.
"""

import hashlib
import io
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.config import parameters
from weldspot.images import codec, table
from weldspot.loop.feedback import feedback_batches
from weldspot.loop.feedback.feedback_batches import Corrected
from weldspot.loop.feedback.upload_metadata import parse
from weldspot.loop.influence import known
from weldspot.sources.synthetic import scene
from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>",
    '=HYPERLINK("https://example.org")',
    "\x1b[2Jcleared",
    "fine\nsecond line",
    "\u202egpj.dlew\u202c",
)
WELDERS = ("anna", "ben", "carl", "dora")


def corrections(workspace: Workspace, count: int, hostile: bool) -> list[Corrected]:
    """Rendered welds as four welders send them; hostile ones try what a text can try."""
    classes = parameters.load(workspace.params).labels.class_list()
    found = []
    for number in range(count):
        shot = scene.render(11, number, 320)
        labels = classes.in_order(shot.labels)
        said = HOSTILE[number % len(HOSTILE)] if hostile else "second pass" if number % 4 == 0 else ""
        metadata = {
            "labels": ",".join(labels), "scores": ",".join("0.5" for _ in classes.names), "model": "ab" * 32,
            "classes": ",".join(classes.names), "taken": "2026-11-20T10:00:00+00:00",
            "device": said or "Pixel 9, Chrome 140", "note": said,
        }  # fmt: skip
        name = f"feedback/{WELDERS[number % len(WELDERS)]}/{uuid.UUID(int=number + 1)}.jpg"
        upload = parse(name, metadata, lambda _: classes)
        found.append(Corrected(name, codec.encode(shot.image), upload))
    return found


def main() -> None:
    """Makes the folder."""
    workspace, count = Workspace(Path(sys.argv[1])), int(sys.argv[2])
    workspace.root.mkdir(parents=True, exist_ok=True)
    workspace.params.write_bytes((ROOT / "params.yaml").read_bytes())
    sent = corrections(workspace, count, len(sys.argv) > 3)
    feedback_batches.write(workspace, sent, datetime(2026, 11, 20, 12, tzinfo=UTC))
    names = parameters.load(workspace.params).labels.names
    _ingested(workspace, names)
    _measured(workspace, sent, list(names))


def _ingested(workspace: Workspace, names: list[str]) -> None:
    """Three photographs that the model was made with."""
    folder = workspace.artifact("ingest")
    folder.mkdir(parents=True)
    rows = []
    for number, label in enumerate(names[1:4]):
        data = codec.encode(scene.render(12, number, 160).image)
        rows.append({"id": hashlib.sha256(data).hexdigest(), "image": data, "labels": [label], "source": "export",
                     "name": f"{number}.jpg"})  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, table.INGESTED), table.shard_path(folder, 0))


def _measured(workspace: Workspace, sent: list[Corrected], names: list[str]) -> None:
    """What loop.desk.measured keeps: scores around the labels, a hot corner, three known photographs."""
    rng = np.random.default_rng(0)
    hot = np.array([[name in one.upload.labels for name in names] for one in sent])
    scores = np.clip(hot * 0.7 + rng.normal(0.15, 0.12, hot.shape), 0.01, 0.99).astype(np.float32)
    heat = np.zeros((len(sent), 8, 8), np.float32)
    heat[:, 2:5, 3:6] = 1
    old = known.read(workspace)
    copied = np.array([old.ids[0] if number == 3 else "" for number in range(len(sent))])
    buffer = io.BytesIO()
    np.savez(
        buffer, keys=np.array([one.origin for one in sent]), version=np.array("1"), classes=np.array(names),
        scores=scores, heat=heat, novelty=rng.random(len(sent)), first=np.arange(len(sent)),
        like=np.array([old.ids] * len(sent)), copied=copied,
    )  # fmt: skip
    workspace.desk.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()
