"""What is held on a person about exchanges."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.kernel.registry import Holding, register_holding
from guildhall.payments.exchange.models import ExchangeQuote


def _exchanges(person_id: UUID) -> Iterator[dict[str, Any]]:
    for quote in ExchangeQuote.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "id": str(quote.pk),
            "amount": quote.amount,
            "currency": quote.currency,
            "reached": quote.reached,
            "target": quote.target,
            "state": quote.state,
            "given_at": quote.given_at.isoformat(),
        }


register_holding(
    Holding(
        "payments",
        "exchanges",
        _exchanges,
        kept_because="the books must show at what rate money became other money",
    )
)
