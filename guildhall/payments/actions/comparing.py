"""The books against what a bank says.

Every line has its movement, every movement its line, and both come to the same balance. What does not becomes
a difference, within ten minutes.
"""

from datetime import datetime

from django.db import transaction

from guildhall.ledger.differences import open_difference
from guildhall.payments.actions.bank_lines import look_again
from guildhall.payments.comparison import Compared, compared_rails, movements_without_line
from guildhall.payments.models import Payout


@transaction.atomic
def compare_with_bank(*, rail: str, at: datetime) -> int:
    """Open a difference for everything about a rail that does not fit; how many there are.

    What is under way is none: a movement has three days to appear at the bank, and only days that a statement
    covers are compared.

    Args:
        rail: which one.
        at: when.
    """
    look_again(rail, at=at)
    found = 0
    for each in compared_rails(rail):
        found += _compare_balances(each, at=at)
        for movement in movements_without_line(each):
            found += 1
            open_difference(
                source=rail,
                name="missing at the bank",
                subject=movement.key,
                account=_account_of(movement.key, rail),
                currency=each.currency,
                facts={
                    "wrong": f"{movement.change}: {movement.kind}",
                    "movement": movement.number,
                    "booked": movement.at.isoformat(),
                    "compared_until": each.last_day.isoformat(),
                },
                at=at,
            )
    return found


def _compare_balances(each: Compared, *, at: datetime) -> int:
    wrong = {
        "opening balance": (each.opening, each.ours_before),
        "missing lines": (each.closing, each.by_lines),
    }
    found = 0
    for name, (bank, hall) in wrong.items():
        if bank == hall:
            continue
        found += 1
        day = each.first_day if name == "opening balance" else each.last_day
        open_difference(
            source=each.rail,
            name=name,
            subject=f"{each.account} {each.currency}",
            account=f"outside:{each.rail}",
            currency=each.currency,
            facts={"wrong": f"bank {bank}, hall {hall}", "day": day.isoformat()},
            at=at,
        )
    return found


def _account_of(key: str, rail: str) -> str:
    """The account whose payouts wait: of whoever a payout was for, else nobody's."""
    word, _, name = key.partition(":")
    if word.startswith("payout."):
        person = Payout.objects.filter(pk=name).values_list("person_id", flat=True).first()
        return f"wallet:person:{person}"
    return f"outside:{rail}"
