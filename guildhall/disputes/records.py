"""What disputes hold on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from guildhall.disputes.models import Case, Contention, Offer, Ruling
from guildhall.kernel.registry import Holding, register_holding

_DECIDED = "a decision about money stays with its reasons as long as its contract"


def _cases(person_id: UUID) -> Iterator[dict[str, Any]]:
    sides = Q(milestone__contract__client=person_id) | Q(milestone__contract__worker=person_id)
    for case in Case.objects.filter(sides).order_by("opened_at", "id"):
        yield {
            "id": str(case.pk),
            "milestone": str(case.milestone_id),
            "opened_by_you": case.opened_by_id == person_id,
            "contested": case.contested,
            "currency": case.currency,
            "reason": case.reason if case.opened_by_id == person_id else "",
            "state": case.state,
            "to_worker": case.to_worker,
            "opened_at": case.opened_at.isoformat(),
        }


def _contentions(person_id: UUID) -> Iterator[dict[str, Any]]:
    for contention in Contention.objects.filter(by=person_id).order_by("at", "id"):
        yield {
            "id": str(contention.pk),
            "case": str(contention.case_id),
            "contested": contention.contested,
            "currency": contention.currency,
            "reason": contention.reason,
            "at": contention.at.isoformat(),
        }


def _offers(person_id: UUID) -> Iterator[dict[str, Any]]:
    for offer in Offer.objects.filter(by=person_id).order_by("at", "id"):
        yield {
            "id": str(offer.pk),
            "case": str(offer.case_id),
            "to_worker": offer.to_worker,
            "to_client": offer.to_client,
            "currency": offer.currency,
            "state": offer.state,
            "at": offer.at.isoformat(),
        }


def _rulings(person_id: UUID) -> Iterator[dict[str, Any]]:
    for ruling in Ruling.objects.filter(by=person_id).order_by("at", "id"):
        yield {
            "id": str(ruling.pk),
            "case": str(ruling.case_id),
            "to_worker": ruling.to_worker,
            "to_client": ruling.to_client,
            "currency": ruling.currency,
            "reasons": ruling.reasons,
            "at": ruling.at.isoformat(),
        }


register_holding(Holding("disputes", "cases", _cases, kept_because=_DECIDED))
register_holding(Holding("disputes", "contentions", _contentions, kept_because=_DECIDED))
register_holding(Holding("disputes", "offers", _offers, kept_because=_DECIDED))
register_holding(Holding("disputes", "rulings", _rulings, kept_because=_DECIDED))
