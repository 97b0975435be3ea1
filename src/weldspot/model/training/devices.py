"""What the Keras backend trains on, and whether that is all that the machine has."""

import keras

from weldspot.runtime.devices import nvidia


def names() -> list[str]:
    """By the backend's own names: all GPUs, else the CPU (as several only where the backend was told so)."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        return [device.name for device in found]
    return list(keras.distribution.list_devices())


def described() -> str:
    """As people know them, "NVIDIA H100 80GB HBM3, NVIDIA H100 80GB HBM3" or "CPU"."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        details = map(tf.config.experimental.get_device_details, tf.config.list_physical_devices("GPU"))
        found = [str(each.get("device_name", "GPU")) for each in details]
    else:
        import jax

        found = [str(device.device_kind) for device in jax.devices() if device.platform != "cpu"]
    return ", ".join(found) or "CPU"


def unused() -> str | None:
    """One line that says why a card of this machine does not train, and what to do; None where there is nothing to say.

    `weldspot doctor` says the same of TensorFlow.
    """
    backend = keras.backend.backend()
    if described() != "CPU" or not (found := nvidia.cards()):
        return None
    why = nvidia.unused(found[0], backend, backend != "tensorflow" or _tensorflow_has_cuda())
    return why and f"the CPU trains, not the {found[0].name}: {why.reason}; {why.cure}"


def _tensorflow_has_cuda() -> bool:
    import tensorflow as tf

    return bool(tf.sysconfig.get_build_info().get("is_cuda_build"))
