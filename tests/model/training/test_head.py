"""The linear head."""

import keras
import numpy as np
import tiny

from weldspot.model.evaluation import metrics
from weldspot.model.training.head import fit_linear, train_head


def test_what_a_line_separates_is_learnt_the_same_each_time() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(120, 7)).astype(np.float32)
    labels = (features > 0.3).astype(np.float32)
    section = tiny.training(head_epochs=8, head_learning_rate=0.2, dropout=0.0)
    fits = []
    for _ in range(2):
        keras.utils.set_random_seed(0)
        fits.append(fit_linear(features, labels, False, section))
    (kernel, bias, loss), again = fits
    assert (kernel.shape, bias.shape) == ((7, 7), (7,))
    np.testing.assert_array_equal(kernel, again[0])
    assert loss == again[2]
    found = metrics.roc_auc(labels.astype(np.uint8), features @ kernel + bias)
    assert found.min() > 0.98


def test_the_head_goes_into_the_class_map() -> None:
    keras.utils.set_random_seed(0)
    model, images = tiny.network(), tiny.images()
    before = [np.asarray(v).copy() for v in model.get_weights()]
    first = train_head(model, images, tiny.training(head_epochs=1, head_learning_rate=0.05))
    assert train_head(model, images, tiny.training(head_epochs=8, head_learning_rate=0.05)) < first
    changed = [i for i, v in enumerate(model.get_weights()) if (v != before[i]).any()]
    assert changed == [len(before) - 2, len(before) - 1]  # kernel and bias of the class map, nothing else
