"""What this package announces. The subject is the person, except where another thing is named."""

from typing import Final

JOINED: Final = "person.joined"
"""Somebody is in the hall. Facts: none."""

EDITED: Final = "person.edited"
"""They changed what the hall shows of them. Facts: ``fields``, the names of what changed."""

EMAIL_CHANGED: Final = "person.email_changed"
"""Their address is another one. Facts: none."""

PASSWORD_CHANGED: Final = "person.password_changed"  # noqa: S105 - the name of an event
"""They have a new password; every other session of theirs has ended. Facts: none."""

DECISION_ASKED: Final = "decision.asked"
"""The subject is the decision, which a second operator has to confirm. Facts: ``kind``, ``of`` (its thing's
id), ``person`` who asked, ``concerns`` whom. `decision.confirmed` and `decision.dropped` carry the same."""

ROLES_SET: Final = "person.roles_set"
"""An operator gave or took roles. Facts: ``is_operator``, ``is_adjudicator``, and ``asked_by`` who asked for
it, or ``alone`` where there was no second operator to confirm it."""

TOKEN_CREATED: Final = "token.created"  # noqa: S105 - the name of an event
"""The subject is the token. Facts: ``person``, ``scopes``."""

TOKEN_ENDED: Final = "token.ended"  # noqa: S105 - the name of an event
"""The subject is the token. Facts: ``person``."""

LINK_MADE: Final = "set_up_link.made"
"""The subject is the link. Facts: none."""

LINK_USED: Final = "set_up_link.used"
"""The subject is the link. Facts: ``person``."""
