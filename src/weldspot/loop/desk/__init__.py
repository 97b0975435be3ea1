"""The corrections that wait, most informative first."""
