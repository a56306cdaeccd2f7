"""Money into and out of the sample hall: deposits at the practice bank, payouts month by month."""

from datetime import datetime, timedelta
from functools import partial

from guildhall.demo.arrivals import Year
from guildhall.kernel.money import Money
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


def fill_wallet(person: Person, needed: Money, at: datetime) -> None:
    """Deposit, in round sums, what a wallet lacks for a sum."""
    missing = needed - balance_of(f"wallet:{person.party}", needed.currency)
    if missing.minor > 0:
        amount = Money(-(-missing.minor // _ROUND) * _ROUND, needed.currency)
        deposit = start_deposit(by=person, amount=amount, at=at)
        pay_in_practice(deposit=deposit, at=at)


def send_payouts_through_the_year(year: Year) -> None:
    """On each first of a month people ask for their money, and two days later the operator sends it."""
    day = year.diary.now.replace(day=1, hour=8, minute=0, second=0, microsecond=0)
    while day < year.diary.end:
        day = (day + timedelta(days=32)).replace(day=1)
        year.diary.plan(day, lambda at: _ask_for_all(year, at))
        year.diary.plan(day + timedelta(days=2), lambda at: _send_all(year, at))


def _ask_for_all(year: Year, at: datetime) -> None:
    wallets = {f"wallet:{worker.party}": worker for worker in year.town.workers}
    free = balances_of(list(wallets), "USD")
    for wallet, worker in wallets.items():
        if free[wallet].minor < 2_000 or year.draw.random() < 0.2:
            continue
        if worker.id not in year.paid_before:
            year.paid_before.add(worker.id)
            set_payout_account(
                holder=worker.name,
                bank="Sample Savings Bank",
                number=f"SAMPLE{worker.id.int % 10**12:012d}",
                by=worker,
                at=at - _RESTED,
            )
        request_payout(amount=free[wallet], by=worker, at=at)


def _send_all(year: Year, at: datetime) -> None:
    if not Payout.objects.filter(state="requested").exists():
        return
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
    return_payout(
        payout=payout, reason="The account number is not known there.", by=year.town.operator, at=at
    )
    [decision] = decisions_waiting_for(year.town.second_operator).filter(subject_id=payout.pk)
    confirm_return(decision=decision, by=year.town.second_operator, at=at)
