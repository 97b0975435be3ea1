"""A repository of one's own: `weldspot new` makes it, `weldspot upgrade` brings it up to the installed package."""
