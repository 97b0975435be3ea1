"""The two samples as they are read: without crops, evenly drawn, scored by the version that judges."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import batch
from exported import manifest
from uploads import MODEL, upload
from weld_classes import CLASSES, always

from weldspot.config import parameters
from weldspot.images.dataset import Images, decode
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.table import QUALITY
from weldspot.loop.drift import reading
from weldspot.loop.feedback import feedback_batches
from weldspot.loop.feedback.feedback_batches import Corrected
from weldspot.loop.feedback.upload_metadata import parse
from weldspot.loop.influence import known
from weldspot.loop.influence.fair import Copies
from weldspot.model.network import embedding
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

CHANNELS = 24


def version(folder: Path, photographs: int = 30, crops: int = 5, sha256: str = MODEL) -> ModelVersion:
    rng = np.random.default_rng(0)
    n = photographs + crops
    columns: dict[str, object] = {
        "source": ["export"] * photographs + ["crop"] * crops,
        "labels": [[CLASSES[k % 7]] for k in range(n)],
        "group": [f"scene{k // 2}" for k in range(n)],
        "embedding": list(rng.normal(size=(n, CHANNELS)).astype(np.float16)),
    }
    columns |= {name: rng.random(n).astype(np.float32) for name in (*QUALITY, *CLASSES)}
    path = folder / "reference.parquet"
    pq.write_table(pa.table(columns), path)
    return ModelVersion("1", sha256, path, manifest(), path, path)


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Embeddings and scores that need no network."""

    def embed(images: Images) -> np.ndarray:
        return np.random.default_rng(len(images)).normal(size=(len(images), CHANNELS)).astype(np.float16)

    class Phone:
        def __init__(self, path: Path) -> None:
            pass

        def predict(self, images: Images) -> tuple[np.ndarray, float]:
            return np.full((len(images), len(CLASSES)), 0.25, np.float32), 1.0

    monkeypatch.setattr(embedding, "embed", embed)
    monkeypatch.setattr(reading, "import_tensorflow", lambda: None)
    monkeypatch.setattr(reading, "PhoneModel", Phone)


def test_the_reference_is_whole_photographs_in_their_scenes(tmp_path: Path) -> None:
    sample, components = reading.reference(version(tmp_path))
    assert len(sample) == 30, "cut-out backgrounds are not what a phone sees"
    assert len(set(sample.groups.tolist())) == 15
    assert sample.embeddings.shape == (30, 16)
    assert components(np.zeros((2, CHANNELS), np.float32)).shape == (2, 16)


def test_too_small_a_reference_judges_nothing(tmp_path: Path) -> None:
    with pytest.raises(WeldspotError, match="version 1: 19 reference photographs are too few"):
        reading.reference(version(tmp_path, photographs=19))


def judged(
    batches: list[Path], judge: ModelVersion, workspace: Workspace, most: int = 100, seed: int = 0, near: float = 0.05
) -> reading.Feedback:
    params = parameters.load(workspace.params)
    _, components = reading.reference(judge)
    positions = reading.waiting(batches, judge).positions
    section = params.loop.gate.model_copy(update={"max_images": most, "seed": seed})
    copies = Copies(known.read(workspace), near)
    return reading.feedback(batches, positions, judge, params.preprocess, components, section, copies)


@pytest.mark.usefixtures("made_up")
def test_at_most_so_many_are_drawn_over_all_batches_and_a_seed_decides(workspace: Workspace) -> None:
    batches = [batch(workspace, *range(0, 70)), batch(workspace, *range(70, 80))]
    judge = version(workspace.root)

    def ids(most: int, seed: int) -> list[str]:
        return judged(batches, judge, workspace, most, seed).images.ids

    assert len(set(ids(100, 0))) == 80
    assert len(set(ids(20, 0))) == 20
    assert ids(20, 0) == ids(20, 0) != ids(20, 1)


@pytest.mark.usefixtures("made_up")
def test_scores_are_made_anew_whichever_model_is_said_to_have_given_them(workspace: Workspace) -> None:
    batches = [batch(workspace, 1, 2, 3), batch(workspace, 4, 5, model="cd" * 32)]
    judge = version(workspace.root)
    prepared = parameters.load(workspace.params).preprocess
    found = judged(batches, judge, workspace)
    assert (found.sample.scores == 0.25).all(), "what the phone says that this model said is not believed"
    assert found.notes == (
        "3 of 3 photographs came with scores that the model does not give them (more than 0.25 apart; from this "
        "machine); they are judged by its own",
    )
    assert found.images.decode(np.array([0])).shape == (1, prepared.size, prepared.size, 3)
    assert np.isfinite(found.sample.quality).all()


@pytest.mark.usefixtures("made_up")
def test_a_model_that_gives_no_numbers_judges_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self, _: Path) -> None:
            pass

        def predict(self, images: Images) -> tuple[np.ndarray, float]:
            return np.full((len(images), len(CLASSES)), np.nan, np.float32), 1.0

    monkeypatch.setattr(reading, "PhoneModel", Broken)
    batches = [batch(workspace, 1, 2, 3, model="cd" * 32)]
    judge = version(workspace.root)
    with pytest.raises(
        WeldspotError, match=r"^version 1: what it makes of the feedback has scores that are no numbers"
    ):
        judged(batches, judge, workspace)


@pytest.mark.usefixtures("made_up")
def test_copies_under_other_ids_count_once_and_one_uploader_for_its_share(workspace: Workspace) -> None:
    name, image, metadata = upload(1)
    copies = [
        Corrected(name.replace(".jpg", f"-{k}.jpg"), image, parse(name.replace(".jpg", f"-{k}.jpg"), metadata, always))
        for k in range(60)
    ]
    one_picture = feedback_batches.write(workspace, copies)
    judge = version(workspace.root)
    found = judged([one_picture], judge, workspace)
    assert len(found.sample) == len(found.images) == len(found.senders) == 1
    of_anna = batch(workspace, *range(100, 160), via="network")
    found = judged([of_anna], judge, workspace)
    assert len(found.sample) == 10, "a fifth of the 50 that a verdict wants"
    assert set(found.senders) == {"anna"}
    assert any("50 photographs do not count: one uploader counts for at most 20%" in note for note in found.notes)
    own = batch(workspace, *range(200, 240))
    found = judged([of_anna, own], judge, workspace)
    assert (len(found.sample), found.senders.count("anna")) == (50, 10)


@pytest.mark.usefixtures("made_up")
def test_where_all_are_copies_of_known_photographs_none_counts(workspace: Workspace) -> None:
    batches = [batch(workspace, 1, 2)]
    prints = np.array([fingerprint(decode(upload(number)[1])) for number in (1, 2)], np.float16)
    old = known.Known(prints, ["a", "b"], [["Crack"], ["Crack"]], ["a", "b"], ["", ""])
    judge = version(workspace.root)
    params = parameters.load(workspace.params)
    _, components = reading.reference(judge)
    positions = reading.waiting(batches, judge).positions
    found = reading.feedback(
        batches, positions, judge, params.preprocess, components, params.loop.gate, Copies(old, 0.05)
    )
    assert len(found.sample) == 0
    assert "2 photographs are near-copies of ones that the model was made with" in found.notes[0]
