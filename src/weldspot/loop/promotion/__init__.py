"""Staging against production."""
