"""Layouts in which a table has a row for each image, or for each object on one."""
