"""What a request carries once it has come through the edge."""

from datetime import datetime

from django.http import HttpRequest

from guildhall.people.models import Person


class HallRequest(HttpRequest):
    """A request with its actor, its instant and its language. Views and endpoints annotate with it."""

    person: Person | None
    """Who asks; None for a visitor."""
    at: datetime
    """The one reading of the clock: what every verb of this request is told."""
    locale: str
    """The language of the answer, as in the settings: ``ur``."""
    scopes: frozenset[str] | None
    """What a personal token may do; None for a person in a browser, who may do all that is theirs."""
    unread: int
    """How many notices the person has not read; set by whoever renders a page for them."""
