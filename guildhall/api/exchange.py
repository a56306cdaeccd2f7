"""Exchanging money by quotes as JSON: the same verbs as the pages."""

from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, operator_of, person_of
from guildhall.api.decisions import DecisionShown, decision_shown
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.payments.exchange.funding import fund_position
from guildhall.payments.exchange.models import ExchangeQuote
from guildhall.payments.exchange.queries import pairs_exchanged, positions_seen_by, quotes_of
from guildhall.payments.exchange.quoting import accept_quote, quote_exchange
from guildhall.payments.exchange.rules import Rate

router = Router(tags=["money"])


class ExchangeRateShown(Schema):
    """For `per` the hall gives `gives`, less `spread` basis points; at most `most` per person and day."""

    per: Sum
    gives: Sum
    spread: int
    most: Sum


class QuoteShown(Schema):
    """What leaves the wallet (`amount`) and what comes for it (`reached`): exact, once, before `expires_at`.

    `state` is `given` until it is `accepted`.
    """

    id: UUID
    state: str
    amount: Sum
    reached: Sum
    per: Sum
    gives: Sum
    spread: int
    given_at: datetime
    expires_at: datetime


class QuoteAsked(Asked):
    """A sum, and the currency that it should become."""

    amount: Sum
    to: str = Field(pattern="^[A-Z]{3}$", examples=["PKR"])


class PositionShown(Schema):
    """What the hall holds of one currency to exchange with, and its reserve of it."""

    held: Sum
    reserve: Sum


class FundingAsked(Asked):
    """How much of the reserve: `in` to exchange with, or `out`, back into the reserve."""

    amount: Sum
    way: str = Field(max_length=8, examples=["in", "out"])


class FundingShown(Schema):
    """The money is there; or it waits with the `decision` until a second operator has confirmed it."""

    amount: Sum
    way: str
    decision: DecisionShown | None


@router.get(
    "/money/exchange", response=list[ExchangeRateShown], summary="What is exchanged, and at what rate"
)
@needs_scope("read")
def show_rates(request: HallRequest) -> list[ExchangeRateShown]:
    """A pair that is not here is not exchanged."""
    person_of(request)
    return [_rate(rate) for rate in pairs_exchanged()]


@router.get("/money/quotes", response=Listing[QuoteShown], summary="Your quotes")
@needs_scope("read")
def show_quotes(request: HallRequest, after: str = "", size: int = 20) -> Listing[QuoteShown]:
    """The newest first, those that nobody accepted in time as well."""
    return listed(quotes_of(person_of(request)), _quote, after=after, size=size)


@router.post("/money/quotes", response={201: QuoteShown}, summary="Ask what a sum becomes")
@needs_scope("money")
def ask_for_quote(request: HallRequest, asked: QuoteAsked) -> Status[QuoteShown]:
    """Nothing moves. Rates that change later do not change the quote."""
    quote = quote_exchange(amount=asked.amount.money(), to=asked.to, by=person_of(request), at=request.at)
    return Status(201, _quote(quote))


@router.get("/money/quotes/{quote_id}", response=QuoteShown, summary="One quote")
@needs_scope("read")
def show_quote(request: HallRequest, quote_id: UUID) -> QuoteShown:
    """What has become of it."""
    return _quote(get_object_or_404(quotes_of(person_of(request)), pk=quote_id))


@router.post("/money/quotes/{quote_id}/acceptance", response=QuoteShown, summary="Exchange by a quote")
@needs_scope("money")
def accept_one(request: HallRequest, quote_id: UUID) -> QuoteShown:
    """Once, before it expires; else 409 and nothing moves."""
    person = person_of(request)
    quote = get_object_or_404(quotes_of(person), pk=quote_id)
    return _quote(accept_quote(quote=quote, by=person, at=request.at))


@router.get(
    "/operator/exchanges",
    response=list[PositionShown],
    summary="What the hall holds to exchange with",
    tags=["operator"],
)
@needs_scope("operate")
def show_positions(request: HallRequest) -> list[PositionShown]:
    """By currency."""
    found = positions_seen_by(operator_of(request))
    return [PositionShown(held=Sum.of(each.held), reserve=Sum.of(each.reserve)) for each in found]


@router.post(
    "/operator/exchanges/fundings",
    response={201: FundingShown},
    summary="Change what the hall holds to exchange with",
    tags=["operator"],
)
@needs_scope("operate")
def fund(request: HallRequest, asked: FundingAsked) -> Status[FundingShown]:
    """Out of the reserve or back into it. A second operator confirms it where there is one."""
    operator = operator_of(request)
    amount = asked.amount.money()
    decision = fund_position(amount=amount, way=asked.way, by=operator, at=request.at)
    waiting = decision_shown(decision, operator) if decision else None
    return Status(201, FundingShown(amount=Sum.of(amount), way=asked.way, decision=waiting))


def _rate(rate: Rate) -> ExchangeRateShown:
    return ExchangeRateShown(
        per=Sum.of(rate.money_per),
        gives=Sum.of(rate.money_given),
        spread=rate.spread,
        most=Sum.of(Money(rate.most, rate.source)),
    )


def _quote(quote: ExchangeQuote) -> QuoteShown:
    return QuoteShown(
        id=quote.pk,
        state=quote.state,
        amount=Sum.of(quote.money),
        reached=Sum.of(quote.money_reached),
        per=Sum.of(quote.rate.money_per),
        gives=Sum.of(quote.rate.money_given),
        spread=quote.spread,
        given_at=quote.given_at,
        expires_at=quote.expires_at,
    )
