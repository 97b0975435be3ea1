"""YOLO: a text file for each image, and a table that names the classes."""
