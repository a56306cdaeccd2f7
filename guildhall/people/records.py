"""What this package holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.kernel.models import Event
from guildhall.kernel.registry import Holding, register_holding
from guildhall.people.models import FormerAddress, Person, Token


def _person(person_id: UUID) -> Iterator[dict[str, Any]]:
    for person in Person.objects.filter(pk=person_id):
        yield {
            "id": str(person.id),
            "email": person.email,
            "name": person.name,
            "country": person.country,
            "town": person.town,
            "language": person.language,
            "timezone": person.timezone,
            "joined_at": person.joined_at.isoformat(),
            "is_operator": person.is_operator,
            "is_adjudicator": person.is_adjudicator,
            "has_password": person.has_usable_password(),
            "signed_in_last_at": person.last_login.isoformat() if person.last_login else None,
        }


def _tokens(person_id: UUID) -> Iterator[dict[str, Any]]:
    for token in Token.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "name": token.name,
            "start": token.start,
            "scopes": token.scopes,
            "made_at": token.made_at.isoformat(),
            "ended_at": token.ended_at.isoformat() if token.ended_at else None,
        }


def _former(person_id: UUID) -> Iterator[dict[str, Any]]:
    for address in FormerAddress.objects.filter(person_id=person_id).order_by("left_at").iterator():
        yield {"email": address.email, "left_at": address.left_at.isoformat()}


def _log(person_id: UUID) -> Iterator[dict[str, Any]]:
    for event in Event.objects.filter(by=person_id).order_by("id").iterator():
        yield {
            "name": event.name,
            "subject": str(event.subject_id),
            "at": event.at.isoformat(),
            "facts": event.facts,
        }


register_holding(Holding("people", "person", _person))
register_holding(Holding("people", "tokens", _tokens))
register_holding(Holding("people", "addresses_left", _former))
register_holding(
    Holding(
        "people",
        "what_you_did",
        _log,
        kept_because="the log is how the hall accounts for what happened",
    )
)
