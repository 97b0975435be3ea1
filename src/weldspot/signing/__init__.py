"""Keys, and what is signed with them; a room that knows nothing of models."""
