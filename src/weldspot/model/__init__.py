"""The network: built, trained, judged, and brought to the phone."""

import os as _os

# before Keras is imported: what ~/.keras/keras.json and the environment of another project say is not ours
_os.environ.setdefault("KERAS_BACKEND", "tensorflow")
for _name in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):
    _os.environ.pop(_name, None)
