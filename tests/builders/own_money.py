"""Plans that have their turn, and the hall's own money moved by two operators."""

from datetime import datetime, timedelta

from guildhall.kernel.money import Money
from guildhall.ledger.models import Movement
from guildhall.payments.actions import (
    ask_by_plan,
    confirm_decision,
    correct_movement,
    end_own_transfer,
    fill_reserve,
    fill_reserve_from_fees,
    give_credit,
    plan_payouts,
)
from guildhall.payments.models import OwnTransfer
from guildhall.people.models import Person
from tests.builders.money import a_payout_account, a_wallet_with, an_own_transfer


def a_plan_that_had_its_turn(person: Person, *, at: datetime) -> None:
    """Somebody is paid by their plan some days later, and once more not."""
    a_payout_account(person, at)
    a_wallet_with(person, 5_000, at)
    plan_payouts(by=person, rhythm="weekly", day=1, least=Money(1_000, "USD"), at=at)
    for days in (7, 14):
        ask_by_plan(at=at + timedelta(days=days))


def own_money_moved(
    client: Person, worker: Person, *, by: Person, second: Person, at: datetime
) -> OwnTransfer:
    """Fees taken out and arrived, fees kept, the reserve filled, a credit given and corrected."""
    transfer = an_own_transfer(client, worker, by=by, second=second, at=at)
    end = end_own_transfer(transfer=transfer, arrived=True, by=by, at=at)
    confirm_decision(decision=end, by=second, at=at)
    kept = fill_reserve_from_fees(account="fees:work", amount=Money(100, "USD"), by=by, at=at)
    confirm_decision(decision=kept, by=second, at=at)
    fill = fill_reserve(amount=Money(5_000, "USD"), by=by, at=at)
    assert fill is not None
    confirm_decision(decision=fill, by=second, at=at)
    credit = give_credit(person=worker, amount=Money(50, "USD"), reason="We were slow.", by=by, at=at)
    confirm_decision(decision=credit, by=second, at=at)
    number = Movement.objects.get(key=f"credit:{credit.subject_id}").pk
    error = correct_movement(number=number, reason="It was another’s.", by=by, at=at)
    confirm_decision(decision=error, by=second, at=at)
    transfer.refresh_from_db()
    return transfer
