"""YAML that the project reads for itself: parameters, DVC's files."""
