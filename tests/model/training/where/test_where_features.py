"""What the head of the maps looks at."""

from pathlib import Path

import numpy as np
import tiny

from weldspot.model.network import classifier, where
from weldspot.model.training.where.features import Features


def test_any_rows_come_back_and_the_file_goes(tmp_path: Path) -> None:
    with tiny.small_backbone():
        network = where.features(classifier.build("mobilenet_025", None, 7))
    images = tiny.images(70)
    rows = np.array([69, 3, 3])
    with Features(network, images, tmp_path / "new") as features:
        (found,) = features.take(rows)
    wanted = network.predict_on_batch(images.decode(rows))
    np.testing.assert_allclose(found, np.asarray(wanted).reshape(found.shape), atol=0.02)
    assert found.dtype == np.float32
    assert not list((tmp_path / "new").iterdir())
