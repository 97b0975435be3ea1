"""What this machine can do, and what to do about what it can't: `weldspot doctor`."""
