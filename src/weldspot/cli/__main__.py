"""`python -m weldspot.cli`."""

from weldspot.cli import main

main()
