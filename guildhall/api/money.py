"""Money as JSON: where it is, paying in, being paid. The same verbs as the pages."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listed, listing
from guildhall.edge.request import HallRequest
from guildhall.escrow.models import Hold, Release
from guildhall.escrow.queries import (
    aside_of,
    currencies_kept_for,
    earnings_in_clearing_of,
    open_holds_earned_by,
    open_holds_paid_by,
)
from guildhall.escrow.savings.queries import sum_saved_by
from guildhall.ledger.months import MonthSums, month_from, months_of, name_of, statement_for_month
from guildhall.ledger.queries import DailyHead, Entry, daily_heads, statement_of
from guildhall.payments.actions import request_payout, start_deposit
from guildhall.payments.deposits import kept_methods_of
from guildhall.payments.models import Deposit, Payout
from guildhall.payments.paying_out.holding import payable_by
from guildhall.payments.queries import (
    available_to,
    deposits_of,
    doubts_about,
    payouts_of,
    sum_under_way_of,
)
from guildhall.people.models import Person

router = Router(tags=["money"])

type Currency = Annotated[str, Query(pattern="^[A-Z]{3}$")]


class Held(Schema):
    """Money set aside for a purpose, and how much of it a case has frozen."""

    purpose: str
    left: Sum
    frozen: Sum
    placed_at: datetime


class Earning(Schema):
    """Money earned that becomes available at an instant."""

    purpose: str
    gross: Sum
    net: Sum
    available_at: datetime | None


class Totals(Schema):
    """What is not available, in one currency, added up over all of it, however much the lists show.

    `payouts_stopped_until` is when an operator is to have looked at what does not fit about this money:
    nothing is paid out of it until that is answered. It is null where everything fits.

    `held` of what is available was paid by a client who is new here: it can be spent, and be paid out once
    `held_until` has come.

    What you set aside counts with its fee, what clears without the fee that is taken from it.
    """

    set_aside_for_you: Sum
    set_aside_by_you: Sum
    clearing: Sum
    on_its_way: Sum
    in_savings: Sum
    payouts_stopped_until: datetime | None
    held: Sum
    held_until: datetime | None


class Wallet(Schema):
    """Where all money of a person is."""

    available: list[Sum]
    totals: list[Totals]
    clearing: list[Earning]
    set_aside_by_you: list[Held]
    set_aside_for_you: list[Held]


class Line(Schema):
    """One movement of the wallet, and what it held afterwards."""

    movement: int
    kind: str
    key: str
    at: datetime
    change: Sum
    balance: Sum


class Account(Schema):
    """A statement: opening + Σ changes = closing."""

    opening: Sum
    closing: Sum
    items: list[Line]
    next: str


class MonthShown(Schema):
    """What the wallet held when a month began and when it ended, or holds now."""

    month: str
    opening: Sum
    closing: Sum


class DepositShown(Schema):
    """A deposit; the payer goes on at `pay_url`, and only the processor's notice settles it."""

    id: UUID
    amount: Sum
    state: str
    rail: str
    pay_url: str
    started_at: datetime


class PayoutShown(Schema):
    """A payout and where it is."""

    id: UUID
    amount: Sum
    state: str
    account: str
    reason: str
    requested_at: datetime


class HeadShown(Schema):
    """The head of the chain over the books at the end of a day."""

    day: date
    through: int
    movements: int
    head: str


class DepositAsked(Asked):
    """How much to pay in, and through which of the hall's rails; empty for the first.

    With a `card` of yours that is kept it is charged at once; `keep` asks for the one you use to be kept.
    """

    amount: Sum
    rail: str = Field("", max_length=24)
    card: UUID | None = None
    keep: bool = False


class PayoutAsked(Asked):
    """How much to be paid."""

    amount: Sum


@router.get(
    "/books/heads", response=Listing[HeadShown], summary="What the books came to, day by day", auth=None
)
def show_heads(request: HallRequest, after: str = "") -> Listing[HeadShown]:
    """The days that are over, in UTC, the newest first. A head never changes: whoever keeps one can tell."""
    return listing(daily_heads(today=request.at.astimezone(UTC).date(), after=after), _head)


@router.get("/money", response=Wallet, summary="Where all your money is now")
@needs_scope("read")
def show_money(request: HallRequest) -> Wallet:
    """Up to a hundred of each kind, the newest set aside and the next to be available first."""
    person = person_of(request)
    return Wallet(
        available=[Sum.of(money) for money in available_to(person)],
        totals=[_totals(person, currency, request.at) for currency in currencies_kept_for(person)],
        clearing=[_earning(release) for release in earnings_in_clearing_of(person)],
        set_aside_by_you=[_held(hold) for hold in open_holds_paid_by(person).order_by("-id")[:100]],
        set_aside_for_you=[_held(hold) for hold in open_holds_earned_by(person).order_by("-id")[:100]],
    )


@router.get("/money/statement", response=Account, summary="Every movement of your wallet, newest first")
@needs_scope("read")
def show_statement(request: HallRequest, currency: Currency = "USD", after: str = "") -> Account:
    """One currency at a time; a page adds up: opening + changes = closing."""
    found = statement_of(f"wallet:{person_of(request).party}", currency, after=after)
    return Account(
        opening=Sum.of(found.opening),
        closing=Sum.of(found.closing),
        items=list(map(_line, found.entries)),
        next=found.next,
    )


@router.get("/money/months", response=Listing[MonthShown], summary="Your wallet, month by month")
@needs_scope("read")
def show_months(request: HallRequest, currency: Currency = "USD", after: str = "") -> Listing[MonthShown]:
    """The months, in UTC, in which something moved, the newest first."""
    wallet, today = f"wallet:{person_of(request).party}", request.at.astimezone(UTC).date()
    return listing(months_of(wallet, currency, today=today, after=after), _month)


@router.get("/money/months/{month}", response=Account, summary="The statement of one month")
@needs_scope("read")
def show_month(request: HallRequest, month: str, currency: Currency = "USD", after: str = "") -> Account:
    """The oldest movement first; `opening` and `closing` are those of the whole month."""
    wallet = f"wallet:{person_of(request).party}"
    found = statement_for_month(wallet, currency, month_from(month), after=after)
    return Account(
        opening=Sum.of(found.opening),
        closing=Sum.of(found.closing),
        items=list(map(_line, found.entries)),
        next=found.next,
    )


@router.get("/money/deposits", response=Listing[DepositShown], summary="Your deposits")
@needs_scope("read")
def show_deposits(request: HallRequest, after: str = "", size: int = 20) -> Listing[DepositShown]:
    """The newest first."""
    return listed(deposits_of(person_of(request)), _deposit, after=after, size=size)


@router.post("/money/deposits", response={201: DepositShown}, summary="Begin to pay money in")
@needs_scope("money")
def begin_deposit(request: HallRequest, asked: DepositAsked) -> Status[DepositShown]:
    """Send the payer to `pay_url`; the sum is in the wallet when the state is `settled`."""
    person = person_of(request)
    card = get_object_or_404(kept_methods_of(person), pk=asked.card) if asked.card else None
    deposit = start_deposit(
        by=person,
        amount=asked.amount.money(),
        at=request.at,
        rail=asked.rail,
        method=card,
        keep=asked.keep,
    )
    return Status(201, _deposit(deposit))


@router.get("/money/deposits/{deposit_id}", response=DepositShown, summary="One deposit")
@needs_scope("read")
def show_deposit(request: HallRequest, deposit_id: UUID) -> DepositShown:
    """What has become of it."""
    return _deposit(get_object_or_404(deposits_of(person_of(request)), pk=deposit_id))


@router.get("/money/payouts", response=Listing[PayoutShown], summary="Your payouts")
@needs_scope("read")
def show_payouts(request: HallRequest, after: str = "", size: int = 20) -> Listing[PayoutShown]:
    """The newest first."""
    return listed(payouts_of(person_of(request)), _payout, after=after, size=size)


@router.post("/money/payouts", response={201: PayoutShown}, summary="Have money paid to your bank")
@needs_scope("money")
def ask_for_payout(request: HallRequest, asked: PayoutAsked) -> Status[PayoutShown]:
    """The sum leaves the wallet at once; nothing is deducted from it."""
    payout = request_payout(by=person_of(request), amount=asked.amount.money(), at=request.at)
    return Status(201, _payout(payout))


@router.get("/money/payouts/{payout_id}", response=PayoutShown, summary="One payout")
@needs_scope("read")
def show_payout(request: HallRequest, payout_id: UUID) -> PayoutShown:
    """Where it is."""
    return _payout(get_object_or_404(payouts_of(person_of(request)), pk=payout_id))


def _totals(person: Person, currency: str, at: datetime) -> Totals:
    aside = aside_of(person, currency)
    doubt = doubts_about(person, currency).first()
    payable = payable_by(person, currency, at=at)
    return Totals(
        set_aside_for_you=Sum.of(aside.for_you.sum),
        set_aside_by_you=Sum.of(aside.by_you.sum),
        clearing=Sum.of(aside.clearing.sum),
        on_its_way=Sum.of(sum_under_way_of(person, currency)),
        in_savings=Sum.of(sum_saved_by(person, currency)),
        payouts_stopped_until=doubt.answer_by if doubt else None,
        held=Sum.of(payable.held),
        held_until=payable.held_until,
    )


def _held(hold: Hold) -> Held:
    return Held(
        purpose=hold.purpose,
        left=Sum.of(hold.money_left),
        frozen=Sum.of(hold.money_frozen),
        placed_at=hold.placed_at,
    )


def _earning(release: Release) -> Earning:
    return Earning(
        purpose=release.hold.purpose,
        gross=Sum.of(release.money_gross),
        net=Sum.of(release.money_net),
        available_at=release.matures_at,
    )


def _line(entry: Entry) -> Line:
    return Line(
        movement=entry.movement,
        kind=entry.kind,
        key=entry.key,
        at=entry.at,
        change=Sum.of(entry.change),
        balance=Sum.of(entry.balance),
    )


def _month(sums: MonthSums) -> MonthShown:
    return MonthShown(month=name_of(sums.month), opening=Sum.of(sums.opening), closing=Sum.of(sums.closing))


def _head(head: DailyHead) -> HeadShown:
    return HeadShown(day=head.day, through=head.through, movements=head.movements, head=head.head)


def _deposit(deposit: Deposit) -> DepositShown:
    return DepositShown(
        id=deposit.pk,
        amount=Sum.of(deposit.money),
        state=deposit.state,
        rail=deposit.rail,
        pay_url=deposit.pay_url,
        started_at=deposit.started_at,
    )


def _payout(payout: Payout) -> PayoutShown:
    return PayoutShown(
        id=payout.pk,
        amount=Sum.of(payout.money),
        state=payout.state,
        account=payout.account.masked,
        reason=payout.reason,
        requested_at=payout.requested_at,
    )
