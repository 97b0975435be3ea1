"""Who may ask, over what."""
