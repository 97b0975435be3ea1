"""What moves the weights."""

import keras
import numpy as np
import pytest
import tiny

from weldspot.model.training.minibatches import Minibatches
from weldspot.model.training.optimizer import averaged, compile_model, learning_rate
from weldspot.runtime.errors import WeldspotError


def compiled(**changes: object) -> keras.Model:
    keras.utils.set_random_seed(0)
    model = tiny.network()
    compile_model(model, tiny.images(), tiny.training(**changes))
    return model


def test_frozen_layers_keep_their_weights_and_the_others_do_not() -> None:
    model = compiled(ema=0.0, frozen_layers=4)
    frozen = {v.path for layer in model.layers[:4] for v in layer.variables}
    before = {v.path: np.asarray(v).copy() for v in model.variables}
    model.train_on_batch(*tiny.pairs(Minibatches(tiny.images(), 8, 0, 1))[0])
    moved = {v.path for v in model.variables if v.path in before and (np.asarray(v) != before[v.path]).any()}
    assert frozen
    assert not moved & frozen
    assert moved


def test_freezing_everything_is_refused() -> None:
    with pytest.raises(WeldspotError, match="frozen_layers"):
        compiled(frozen_layers=1000)


def test_the_rate_warms_up_and_decays_to_nothing() -> None:
    model = compiled(epochs=4, warmup_epochs=1.0, learning_rate=0.02)  # at 8 a batch half of it
    steps = len(Minibatches(tiny.images(), 8, 0, 1))
    rate = model.optimizer._learning_rate
    curve = np.array([float(rate(step)) for step in range(4 * steps + 1)])
    assert curve[0] == pytest.approx(0.01 / 20)
    assert int(curve.argmax()) == steps
    assert curve[steps] == pytest.approx(0.01)
    assert (np.diff(curve[: steps + 1]) > 0).all()
    assert (np.diff(curve[steps:]) < 0).all()
    assert curve[-1] == pytest.approx(0, abs=1e-9)


def test_without_averaging_the_weights_are_the_models_own() -> None:
    model = compiled(ema=0.0)
    model.train_on_batch(*tiny.pairs(Minibatches(tiny.images(), 8, 0, 1))[0])
    for one, other in zip(averaged(model, tiny.training(ema=0.0)), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_averages_lie_between_the_weights_before_and_after_and_statistics_stay_as_they_are() -> None:
    model = compiled(ema=0.9)
    data = tiny.pairs(Minibatches(tiny.images(), 8, 0, 1))
    model.train_on_batch(*data[0])
    before = averaged(model, tiny.training(ema=0.9))
    model.train_on_batch(*data[1])
    after = model.get_weights()
    trainable = {id(v) for v in model.trainable_variables}
    compared = zip(model.weights, before, averaged(model, tiny.training(ema=0.9)), after, strict=True)
    moved = 0
    for variable, was, found, now in compared:
        if id(variable) in trainable:
            np.testing.assert_allclose(found, 0.9 * was + 0.1 * now, atol=1e-5)
            moved += int((found != now).any())
        else:
            np.testing.assert_array_equal(found, now)
    assert moved


def test_the_rate_is_that_of_a_batch_of_32_and_grows_with_the_root() -> None:
    rates = {size: learning_rate(tiny.training(batch_size=size, learning_rate=0.0003)) for size in (8, 32, 128, 512)}
    assert rates[32] == 0.0003, "to the last digit: what was measured at 32 stays as it was"
    assert rates == pytest.approx({8: 0.00015, 32: 0.0003, 128: 0.0006, 512: 0.0012})
