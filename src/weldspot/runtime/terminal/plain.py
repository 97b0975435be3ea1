"""Text that somebody else has written, made fit for a terminal, a log or a tag."""


def plain(text: str) -> str:
    """One line in which every letter is seen: controls, escapes, changes of direction become \\u001b and the like."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
