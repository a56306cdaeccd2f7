"""The kinds of error. Plain ``assert`` is the fourth: a bug."""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - it is not an error of the program: a rule said no
    """A rule says no: a sentence for the person, a stable code for programs, maybe the field it is about.

    Args:
        sentence: what a person reads, translated, naming the field and the rule.
        field: the name of the form or JSON field that it is about, or empty.
        rule: the name of the house rule behind it, or empty.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    """What doors answer with: 409 for a state of things, 422 for what was typed. Mapped in `edge` alone."""

    def __init__(self, sentence: str, *, field: str = "", rule: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.rule = rule


class Unfit(Refusal):
    """What was typed does not fit the rule for it."""

    code = "unfit"
    status = 422


class Stale(Refusal):
    """The thing moved on since it was read."""

    code = "stale"
    status = 409


class NotFound(Exception):  # noqa: N818 - named as a person would say it
    """There is nothing here for this person: not theirs is the same as not there."""
