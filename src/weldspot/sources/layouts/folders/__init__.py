"""One folder a class: what an image shows is what the folder is called that it lies in."""
