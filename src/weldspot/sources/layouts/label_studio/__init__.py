"""Label Studio: tasks in JSON, JSON-MIN or CSV, coordinates in percent."""
