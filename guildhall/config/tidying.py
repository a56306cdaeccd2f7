"""Putting away what nobody needs any more."""

from datetime import datetime

from django.contrib.sessions.models import Session


def tidy(*, at: datetime) -> int:
    """Background work: forget the sessions that have run out; how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]
