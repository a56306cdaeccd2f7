"""Questions about persons and their tokens."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from guildhall.people.models import Decision, FormerAddress, Person, SetUpLink, Token
from guildhall.people.rules import TOKEN_PREFIX, digest_of
from guildhall.people.states import ASKED


def person_with_email(email: str) -> Person | None:
    """Whoever has this address, in whatever case it is written."""
    return Person.objects.filter(email=email.strip().lower()).first()


def person_who_proved(email: str) -> Person | None:
    """Whoever has this address and has shown it to be theirs."""
    address = email.strip().lower()
    return Person.objects.filter(
        email=address, emailaddress__email=address, emailaddress__verified=True
    ).first()


def addresses_of(person: Person, *, since: datetime) -> list[str]:
    """Where letters about somebody's money go: their address, then those that they have left since a time."""
    left = FormerAddress.objects.filter(person=person, left_at__gte=since).order_by("-left_at")
    return list(dict.fromkeys([person.email, *left.values_list("email", flat=True)]))


def people_with_ids(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Persons by id, for pages that name several."""
    return Person.objects.in_bulk(set(ids))


def person_with_token(secret: str) -> tuple[Person, Collection[str]] | None:
    """Whose token this is and what it may do; None if it is unknown, ended, or its owner may not come in."""
    if not secret.startswith(TOKEN_PREFIX):
        return None
    token = (
        Token.objects.select_related("person")
        .filter(digest=digest_of(secret), ended_at=None, person__is_active=True)
        .first()
    )
    return (token.person, frozenset(token.scopes)) if token else None


def tokens_of(person: Person) -> QuerySet[Token]:
    """The tokens that still work."""
    return Token.objects.filter(person=person, ended_at=None)


def people_found(words: str = "", role: str = "") -> QuerySet[Person]:
    """Persons whose name or address contains the words; for operators only."""
    found = Person.objects.all()
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role == "operator":
        found = found.filter(is_operator=True)
    elif role == "adjudicator":
        found = found.filter(is_adjudicator=True)
    return found


def hall_has_operator() -> bool:
    """Whether anybody runs this hall yet."""
    return Person.objects.filter(is_operator=True, is_active=True).exists()


def adjudicators() -> QuerySet[Person]:
    """Who may be asked to rule on a case."""
    return Person.objects.filter(is_adjudicator=True, is_active=True)


def operators() -> QuerySet[Person]:
    """Who runs the hall."""
    return Person.objects.filter(is_operator=True, is_active=True)


def second_operators(by: Person, concerns: Person | None = None) -> QuerySet[Person]:
    """Who could confirm what this operator asks for, when it concerns somebody."""
    return operators().exclude(pk__in=[by.pk, *([concerns.pk] if concerns else [])])


def decisions_waiting_for(operator: Person) -> QuerySet[Decision]:
    """What was asked for and waits for a second operator; for operators."""
    waiting = Decision.objects.filter(state=ASKED).select_related("asked_by", "concerns")
    return waiting if operator.is_operator else waiting.none()


def decisions_seen_by(operator: Person) -> QuerySet[Decision]:
    """Every decision for two, also what was decided; for operators."""
    return Decision.objects.all() if operator.is_operator else Decision.objects.none()


def set_up_link_holds(secret: str, at: datetime) -> bool:
    """Whether a set-up link can still be used."""
    return SetUpLink.objects.filter(digest=digest_of(secret), used_at=None, expires_at__gt=at).exists()
