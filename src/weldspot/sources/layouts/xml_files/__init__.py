"""Annotations in XML: a file for each image (Pascal VOC), or one for all of them (CVAT)."""
