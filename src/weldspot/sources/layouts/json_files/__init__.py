"""Annotations in JSON: a file for each image, or one that names them."""
