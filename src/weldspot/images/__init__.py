"""Photographs: their table, how they are read, filtered and varied."""
