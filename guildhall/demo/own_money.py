"""Plans of the sample hall's people, and its own money moved by its two operators."""

from datetime import datetime, timedelta

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
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
    take_out_fees,
)
from guildhall.payments.models import OwnTransfer
from guildhall.payments.queries import payout_account_of
from guildhall.people.models import Decision

_HOUR = timedelta(hours=1)
_FEES = "fees:work"
_OWNER = {"holder": "The operators’ association", "number": "SAMPLE000000000042"}


def pay_by_plan(year: Year, at: datetime) -> Story:
    """Some of those who have been paid before let the hall ask for them; for one the least sum is far off."""
    rhythms = (("weekly", 5, 5_000), ("fortnightly", 1, 2_000), ("monthly", 1, 10_000_000))
    paid = [each for each in year.town.workers if payout_account_of(each)][: len(rhythms)]
    for worker, (rhythm, day, least) in zip(paid, rhythms, strict=False):
        plan_payouts(by=worker, rhythm=rhythm, day=day, least=Money(least, "USD"), at=at)
    for _day in range(8):
        at = yield timedelta(days=1)
        ask_by_plan(at=at)


def move_own_money(year: Year, at: datetime) -> Story:
    """Fees go out: one sum arrives, one comes back, one is on its way; of two credits one is an error."""
    operator, second = year.town.operator, year.town.second_operator

    def two_say(decision: Decision, at: datetime) -> Decision:
        return confirm_decision(decision=decision, by=second, at=at)

    kept = fill_reserve_from_fees(account=_FEES, amount=Money(1_000, "USD"), by=operator, at=at)
    two_say(kept, at)
    what_for = {**_OWNER, "reason": "Rent of the room."}
    for minor, arrived in ((1_500, True), (1_000, False), (500, None)):
        out = take_out_fees(account=_FEES, amount=Money(minor, "USD"), by=operator, at=at, **what_for)
        two_say(out, at)
        at = yield _HOUR
        if arrived is None:
            continue
        transfer = OwnTransfer.objects.get(pk=out.subject_id)
        reason = "" if arrived else "The account is closed."
        two_say(end_own_transfer(transfer=transfer, arrived=arrived, reason=reason, by=operator, at=at), at)
    paid_in = fill_reserve(amount=Money(100_000, "USD"), by=operator, at=at)
    assert paid_in is not None, "there are two operators"
    two_say(paid_in, at)
    given = []
    for name in ("Meena Kumari", "Nusrat Jahan"):
        credit = give_credit(
            person=year.town.named(name),
            amount=Money(500, "USD"),
            reason="Your payout was late by our fault.",
            by=operator,
            at=at,
        )
        given.append(two_say(credit, at))
        at = yield _HOUR
    number = Movement.objects.get(key=f"credit:{given[-1].subject_id}").pk
    two_say(correct_movement(number=number, reason="It was not hers.", by=operator, at=at), at)
