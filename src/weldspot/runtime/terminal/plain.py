"""Text that somebody else has written, made fit for a terminal, a log, a tag or a cell of a table."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # https://owasp.org/www-community/attacks/CSV_Injection


def plain(text: str) -> str:
    """One line in which every letter is seen: controls, escapes, changes of direction become \\u001b and the like."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)


def cell(text: str) -> str:
    """The same as a cell that no spreadsheet takes for a formula: an apostrophe goes before one that begins like it."""
    shown = plain(text)
    return f"'{shown}" if shown.startswith(_FORMULA) or text.startswith(_FORMULA) else shown


def uncelled(text: str) -> str:
    """What was put into a cell, where nothing in it was hidden."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text
