"""One corrected photograph, received."""
