"""The shape of params.yaml, a file a section."""
