"""What goes out: where phones look."""
