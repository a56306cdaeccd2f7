"""Who asks: a browser's session, or a personal token under /api/."""

from django.http import HttpRequest

from guildhall.edge.problems import is_api
from guildhall.people.models import Person
from guildhall.people.queries import person_with_token

type Actor = tuple[Person | None, frozenset[str] | None]


def actor_of(request: HttpRequest) -> Actor:
    """The person behind a request, and their token's scopes if a token spoke for them.

    A token that is not good makes nobody: it never falls back to the session beside it.
    """
    header = request.headers.get("Authorization", "")
    if header and is_api(request):
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer":
            return None, frozenset()
        known = person_with_token(secret.strip())
        if known is None:
            return None, frozenset()
        person, scopes = known
        return person, frozenset(scopes)
    user = request.user
    return (user, None) if isinstance(user, Person) and user.is_active else (None, None)
