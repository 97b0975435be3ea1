"""Scores, thresholds, curves."""
