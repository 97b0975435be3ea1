"""The review desk as a page: /review."""
