"""Embeddings of photographs."""

import numpy as np
import tiny

from weldspot.model.network.embedding import embed


def test_a_photograph_has_one_embedding_whatever_lies_beside_it() -> None:
    images = tiny.images(3)
    found = embed(images)
    assert found.shape == (3, 1280)
    assert found.dtype == np.float16
    assert np.isfinite(found).all()
    assert np.abs(found[0] - found[1]).mean() > 0.01
    np.testing.assert_allclose(embed(images.take(np.array([2])))[0], found[2], atol=2e-3)
