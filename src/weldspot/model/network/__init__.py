"""The classifier and its backbones."""
