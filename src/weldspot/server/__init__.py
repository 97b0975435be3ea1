"""The embedded backend of the phone app."""
