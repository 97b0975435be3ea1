"""The graph, one file a stage."""
