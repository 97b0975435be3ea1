"""WeldSpot: weld photographs in, a checked phone model out."""
