"""What one held at any instant, as JSON: the page's question."""

from datetime import UTC, datetime

from ninja import Router, Schema

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Sum
from guildhall.edge.request import HallRequest
from guildhall.ledger.months import balance_at, instant_from
from guildhall.ledger.queries import currencies_of

router = Router(tags=["money"])


class HeldThen(Schema):
    """What one held in one currency: free to spend or withdraw, and earned but not yet free."""

    available: Sum
    clearing: Sum


class BalancesThen(Schema):
    """What one held at an instant, everything of that very instant included, in each currency ever used."""

    at: datetime
    items: list[HeldThen]


@router.get("/money/balances", response=BalancesThen, summary="What you held at an instant")
@needs_scope("read")
def show_balances(request: HallRequest, at: str = "") -> BalancesThen:
    """`at` is like ``2026-03-01T12:00:00Z``; one without a zone is in UTC. Without it, now."""
    party = person_of(request).party
    instant = instant_from(at, UTC) if at else request.at
    wallet, clearing = f"wallet:{party}", f"clearing:{party}"
    return BalancesThen(
        at=instant,
        items=[
            HeldThen(
                available=Sum.of(balance_at(wallet, currency, instant)),
                clearing=Sum.of(balance_at(clearing, currency, instant)),
            )
            for currency in currencies_of([wallet, clearing])
        ],
    )
