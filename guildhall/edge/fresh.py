"""Whether somebody has shown just now that it is them: before they say where their money goes."""

from datetime import timedelta
from typing import Final

from allauth.account.internal.flows.login import get_authentication_records
from django.utils.translation import gettext as _

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Refusal

FRESH_FOR: Final = timedelta(minutes=15)
"""For so long after signing in, or saying one's password once more, nobody is asked again."""


class SignInOnceMore(Refusal):
    """The session is open for long: whoever holds it may not be who opened it."""

    code = "sign_in_once_more"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("Show once more that it is you: where your money goes is set only just after signing in.")
        )


def refuse_unless_fresh(request: HallRequest) -> None:
    """Refuse what a stolen session must not do.

    Raises:
        SignInOnceMore: it is longer ago than `FRESH_FOR` that this session was signed in to.
    """
    if not is_fresh(request):
        raise SignInOnceMore


def is_fresh(request: HallRequest) -> bool:
    """Whether this session was signed in to, or its password said once more, a short while ago.

    Whoever joined just now has proved their address just now.
    """
    records = get_authentication_records(request, request.person)
    now = request.at.timestamp()
    shown = [float(record.get("at", 0)) for record in records]
    if request.person and request.person.joined_at <= request.at:
        shown.append(request.person.joined_at.timestamp())
    return now - max(shown, default=0.0) < FRESH_FOR.total_seconds()
