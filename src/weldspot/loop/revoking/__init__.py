"""A way back: what was let in leaves, for good."""
