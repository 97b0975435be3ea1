"""The phone's file and what is said of it."""
