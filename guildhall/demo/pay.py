"""Money into and out of the sample hall: deposits at the practice bank, payouts every other week."""

from datetime import datetime, timedelta
from functools import partial

from guildhall.contracts.models import Milestone
from guildhall.contracts.queries import terms_of
from guildhall.demo.arrivals import Year
from guildhall.kernel.money import Money, basis_points_of
from guildhall.ledger.queries import balance_of, balances_of
from guildhall.payments.actions import (
    confirm_return,
    open_payout_batch,
    request_payout,
    return_payout,
    send_payout_batch,
    set_payout_account,
    settle_payout,
    start_deposit,
)
from guildhall.payments.models import Payout
from guildhall.payments.practice import pay_in_practice
from guildhall.people.models import Person
from guildhall.people.queries import decisions_waiting_for

_ROUND = 10_000
_RESTED = timedelta(days=4)  # since they have said where to be paid
_WORTH_ASKING = {"USD": 2_000, "GBP": 1_500}  # in minor units: below that people wait


def fill_wallet(person: Person, needed: Money, at: datetime) -> None:
    """Deposit, in round sums, what a wallet lacks for a sum."""
    missing = needed - balance_of(f"wallet:{person.party}", needed.currency)
    if missing.minor > 0:
        amount = Money(-(-missing.minor // _ROUND) * _ROUND, needed.currency)
        deposit = start_deposit(by=person, amount=amount, at=at)
        pay_in_practice(deposit=deposit, at=at)


def cost_of(milestone: Milestone) -> Money:
    """What a step costs its client: its sum, and the client's fee as it was agreed."""
    fee = basis_points_of(milestone.amount, terms_of(milestone.contract).client_fee_bp)
    return milestone.sum + Money(fee, milestone.currency)


def send_payouts_through_the_year(year: Year) -> None:
    """Every other week people ask for their money, and two days later the operator sends it.

    The last round is counted back from the end: what was asked for then is still to be sent when it comes.
    """
    day = year.diary.end - timedelta(hours=20)
    while day > year.diary.now:
        year.diary.plan(day, lambda at: _ask_for_all(year, at))
        year.diary.plan(day + timedelta(days=2), lambda at: _send_all(year, at))
        day -= timedelta(days=14)


def ask_for(year: Year, worker: Person, amount: Money, at: datetime) -> Payout:
    """Ask for an amount, saying first where to if that was never said."""
    if worker.id not in year.paid_before:
        year.paid_before.add(worker.id)
        set_payout_account(
            holder=worker.name,
            bank="Sample Savings Bank",
            number=f"SAMPLE{worker.id.int % 10**12:012d}",
            by=worker,
            at=at - _RESTED,
        )
    return request_payout(amount=amount, by=worker, at=at)


def _ask_for_all(year: Year, at: datetime) -> None:
    wallets = {f"wallet:{worker.party}": worker for worker in year.town.workers}
    for currency, least in _WORTH_ASKING.items():
        free = balances_of(list(wallets), currency)
        for wallet, worker in wallets.items():
            if free[wallet].minor >= least and year.draw.random() < 0.8:
                ask_for(year, worker, free[wallet], at)


def _send_all(year: Year, at: datetime) -> None:
    while Payout.objects.filter(state="requested", batch=None).exists():  # a batch for each currency
        batch = open_payout_batch(by=year.town.operator, at=at)
        send_payout_batch(batch=batch, by=year.town.operator, at=at + timedelta(hours=1))
        for payout in Payout.objects.filter(batch=batch).order_by("id"):
            settled = at + timedelta(days=year.draw.randint(1, 3))
            if year.draw.random() < 0.03:
                year.diary.plan(settled, partial(_bounce, year, payout))
            else:
                year.diary.plan(settled, partial(_arrive, year, payout))


def _arrive(year: Year, payout: Payout, at: datetime) -> None:
    payout.refresh_from_db()
    settle_payout(payout=payout, by=year.town.operator, at=at)


def _bounce(year: Year, payout: Payout, at: datetime) -> None:
    payout.refresh_from_db()
    bring_back(year, payout, "The account number is not known there.", at)


def bring_back(year: Year, payout: Payout, reason: str, at: datetime) -> None:
    """A payout comes back: one operator says so, and the other confirms it."""
    return_payout(payout=payout, reason=reason, by=year.town.operator, at=at)
    [decision] = decisions_waiting_for(year.town.second_operator).filter(subject_id=payout.pk)
    confirm_return(decision=decision, by=year.town.second_operator, at=at)
