"""The commands around the graph."""
