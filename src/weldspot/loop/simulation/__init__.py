"""Feedback as welders would send it."""
