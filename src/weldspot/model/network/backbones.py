"""The feature extractors, by name."""

import keras

from weldspot.model.network import efficientnet_lite
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins import resolver


def _mobilenet_025(x: keras.KerasTensor, weights: str | None) -> keras.KerasTensor:
    x = keras.layers.Rescaling(1 / 127.5, -1.0, name="normalise")(x)
    return keras.applications.MobileNet(input_tensor=x, alpha=0.25, include_top=False, weights=weights).output


def _mobilenet_v3_small(x: keras.KerasTensor, weights: str | None) -> keras.KerasTensor:
    return keras.applications.MobileNetV3Small(
        input_tensor=x, include_top=False, include_preprocessing=True, weights=weights
    ).output


# the last layers at a half and a quarter of the features' stride, for the maps that say where
_FINER = {
    "efficientnet_lite0": ("block11_expand_norm_relu", "block5_expand_norm_relu"),
    "mobilenet_025": ("conv_pw_11_relu", "conv_pw_5_relu"),
    "mobilenet_v3_small": ("expanded_conv_8_expand_bn", "expanded_conv_3_expand_bn"),
}
_APPLICATIONS = {"mobilenet_025": _mobilenet_025, "mobilenet_v3_small": _mobilenet_v3_small}


def extractor(name: str, size: int | None, weights: str) -> keras.Model:
    """float[batch, size, size, 3] in 0..255 → float[batch, rows, columns, channels].

    Args:
        name: as in `training.backbone`.
        size: of the pictures in pixels; None takes any.
        weights: "imagenet" or "none".

    Raises:
        WeldspotError: weights must be downloaded and can't be, or it is the project's own and fails.
    """
    inputs = keras.Input((size, size, 3), name="image")
    if name == "efficientnet_lite0":
        model = keras.Model(inputs, efficientnet_lite.build(inputs), name=name)
        if weights == "imagenet":
            efficientnet_lite.load_imagenet(model)
        return model
    if name not in _APPLICATIONS:
        return keras.Model(inputs, _own(name, inputs, weights), name=model_name(name))
    try:
        features = _APPLICATIONS[name](inputs, None if weights == "none" else weights)
    except Exception as error:  # Keras raises whatever its download raised
        raise WeldspotError(
            f"training.backbone={name}: its ImageNet weights could not be downloaded ({type(error).__name__}); "
            "go online once, or use training.backbone=efficientnet_lite0, or training.weights=none"
        ) from error
    return keras.Model(inputs, features, name=name)


def finer(name: str, model: keras.Model) -> list[keras.KerasTensor]:
    """The last features of an extractor at twice and four times the resolution of its output.

    None of a backbone outside the package: its maps have the resolution of its features.
    """
    known = {layer.name: layer.output for layer in model.layers}
    return [known[layer] for layer in _FINER.get(name, ()) if layer in known]


def model_name(backbone: str) -> str:
    """Of a Keras model: TensorFlow takes no colon, which stands in the names of backbones outside the package."""
    return backbone.replace(":", ">")


def backbone_of(model: keras.Model) -> str:
    """The backbone that the model is named after."""
    return str(model.name).replace(">", ":")


def _own(name: str, inputs: keras.KerasTensor, weights: str) -> keras.KerasTensor:
    """The features of a backbone outside the package: a function of (inputs, weights) like those above."""
    plugin = resolver.load("backbones", name)
    features = plugin(inputs, weights)
    if not isinstance(features, keras.KerasTensor):
        raise plugin.unfit(f"gives {type(features).__name__}, not a Keras tensor")
    if len(features.shape) != 4 or features.shape[-1] is None:
        shape = ", ".join(map(str, features.shape))
        raise plugin.unfit(f"gives a tensor [{shape}], not [batch, rows, columns, channels]")
    return features
