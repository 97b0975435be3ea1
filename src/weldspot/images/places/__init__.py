"""Where in a picture the objects are: boxes through the graph, and the cells of a map that they cover."""
