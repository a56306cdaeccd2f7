"""How often one person or address may ask: token buckets in an unlogged table, one statement each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from guildhall.edge.models import Bucket
from guildhall.edge.request import HallRequest
from guildhall.edge.visitors import visitor_of


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket that holds `burst` requests and fills by `rate` a second."""

    name: str
    burst: int
    rate: float


WRITES = Limit("write", burst=240, rate=4)
"""Every mutating request, in pages and in the API."""
API = Limit("api", burst=600, rate=20)
"""Every API request that has an actor."""
API_VISITORS = Limit("visitor", burst=120, rate=4)
"""API requests without one, by address."""
PEOPLE = Limit("people", burst=900, rate=0.25)
"""What shows people who offer their work: nobody reads nine hundred profiles an hour, but a program does."""

CERTIFICATES = Limit("certificate", burst=60, rate=0.1)
"""What answers about certificates to anybody, read or asked: a clerk has a handful of them in an hour."""

_OF_PEOPLE = ("/talent", "/api/v1/talent")
_OF_CERTIFICATES = ("/certificates", "/api/v1/certificates")

# The row changes only if a token is left, so an empty answer means: too many.
# The database's clock fills it: every process shares one.
_TAKE = """
INSERT INTO edge_bucket AS bucket (name, tokens, filled_at)
VALUES (%(name)s, %(burst)s - 1, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET filled_at = clock_timestamp(), tokens = least(
    %(burst)s, bucket.tokens + %(rate)s * extract(epoch FROM clock_timestamp() - bucket.filled_at)) - 1
WHERE least(
    %(burst)s, bucket.tokens + %(rate)s * extract(epoch FROM clock_timestamp() - bucket.filled_at)) >= 1
RETURNING tokens
"""


def may_pass(limit: Limit, who: str) -> bool:
    """Take one token from somebody's bucket; False when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"name": f"{limit.name}:{who}", "burst": limit.burst, "rate": limit.rate})
        return cursor.fetchone() is not None


def limits_of(request: HallRequest, *, is_api: bool, is_write: bool) -> Iterator[Limit]:
    """Which limits a request falls under; reading pages has few, for what shows people or papers."""
    if is_write:
        yield WRITES
    elif is_api:
        yield API if request.person else API_VISITORS
    if not is_write and request.path_info.startswith(_OF_PEOPLE):
        yield PEOPLE
    if request.path_info.startswith(_OF_CERTIFICATES):
        yield CERTIFICATES


def sender_of(request: HallRequest) -> str:
    """Whose bucket: the person's, else the address the request came from."""
    return str(request.person.pk) if request.person else visitor_of(request)


def forget_full_buckets(*, at: datetime) -> int:
    """Background work: put away buckets that nobody took from for a day; all have filled up again."""
    return Bucket.objects.filter(filled_at__lt=at - timedelta(days=1)).delete()[0]
