"""params.yaml: composed by Hydra, checked by one schema."""
