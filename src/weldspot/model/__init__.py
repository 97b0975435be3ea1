"""The network: built, trained, judged, and brought to the phone."""
