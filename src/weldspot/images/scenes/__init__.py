"""Which photographs show one scene, and which split a scene is in."""
