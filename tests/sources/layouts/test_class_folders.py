"""One folder a class."""

import exports

from weldspot.labels import canonical


def test_a_folder_is_the_label_of_its_images(tmp_path):
    layout, items = exports.read(tmp_path / "in.zip", exports.class_folders())
    assert layout == "class_folders"
    assert sorted(item.labels for item in items) == [("Crack",), ("Good Welding",), ("Porosity",)]
    assert canonical(items[0].labels[0])
