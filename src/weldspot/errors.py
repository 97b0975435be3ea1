"""The one error a user is meant to see."""


class WeldspotError(Exception):
    """What is wrong, where, and what to do next, in one line; the CLI prints it without a traceback."""
