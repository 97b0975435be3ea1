"""Code of a project's own, outside the package."""
