"""From raw bytes and boxes to one canonical row an image."""
