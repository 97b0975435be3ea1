"""Google's clients."""
