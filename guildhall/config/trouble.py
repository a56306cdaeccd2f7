"""What the command says instead of a traceback."""


class Trouble(Exception):  # noqa: N818 - it is a sentence for the person at the terminal, not a bug
    """Something outside stands in the way: one sentence that says what, and what to do about it."""
