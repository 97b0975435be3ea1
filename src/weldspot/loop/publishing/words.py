"""What phones are told of a model that was registered before manifests said it."""

from weldspot.config.sections.labels import Labels
from weldspot.contracts.manifest import Manifest, ShownClass


def worded(manifest: Manifest, labels: Labels) -> Manifest:
    """The manifest with colours and words of its classes, from the project's list where that knows their names.

    One that says them itself stays as it is: a model keeps the list that it was made with.
    """
    if manifest.classes:
        return manifest
    known = {shown.name: shown for shown in labels.shown()}
    palette = labels.model_copy(update={"names": manifest.labels, "colours": {}}).palette()
    plain = {name: ShownClass(name=name, colour=palette[name], good=False) for name in manifest.labels}
    background = labels.background if labels.background in manifest.labels else None
    return manifest.model_copy(
        update={"classes": [known.get(name, plain[name]) for name in manifest.labels], "background": background}
    )
