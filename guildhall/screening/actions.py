"""The question that every verb asks before other people can read something."""

from typing import Final

from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.screening.rules import CONTACTS, Finding, findings_in

HIRED: Final = frozenset({"workroom", "delivery", "case"})
"""The kinds of text that only people who already work together read."""


class NotFit(Unfit):
    """The text breaks a published rule; the refusal carries the rule's name and quotes the words."""

    code = "not_fit"


def screen(*, text: str, kind: str, field: str = "") -> None:
    """Refuse a text that is not fit to be seen. Writes nothing: the writer keeps it and mends it.

    Args:
        text: all of what others would read, in the writer's own words.
        kind: what it is: ``job``, ``profile``, ``proposal``, ``message``, ``feedback``, or one of `HIRED`;
            a part may follow after a point, as in ``job.title``.
        field: the field of the form that it came from.

    Raises:
        NotFit: it breaks a published rule.
    """
    _refuse(findings_in(text, hired=kind.partition(".")[0] in HIRED), field)


def screen_name(*, text: str, field: str) -> None:
    """Refuse a name, or a town, that is a way to reach somebody. People are else called what they are called.

    Raises:
        NotFit: it breaks the rule on contact details.
    """
    _refuse(findings_in(text, asked=[CONTACTS]), field)


def _refuse(found: list[Finding], field: str) -> None:
    if found:
        first = found[0]
        raise NotFit(
            _("“%(words)s” cannot stand here. %(rule)s (Rule %(name)s.)")
            % {"words": first.words[:80], "rule": first.rule.says, "name": first.rule.name},
            field=field,
            rule=first.rule.name,
        )
