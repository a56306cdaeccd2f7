"""Putting away what nobody needs any more."""

from datetime import datetime

from django.contrib.sessions.models import Session

from guildhall.edge.limits import forget_full_buckets


def tidy(*, at: datetime) -> int:
    """Background work: forget the sessions that have run out, and who asked how often; how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0] + forget_full_buckets(at=at)
