"""The hall's own money comes in: it heals what chargebacks cost, and waits for the next."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions.depositing import sum_to_move
from guildhall.payments.actions.in_twos import FEES, NotOfTheHall, ask_for_two, refuse_more_than_held
from guildhall.payments.actions.own_money import lock_own_money
from guildhall.payments.actions.settling import BANK
from guildhall.payments.events import RESERVE_FILLED
from guildhall.people.actions.deciding import ask_second, confirm_second
from guildhall.people.models import Decision, Person

FILL: Final = "reserve_fill"
"""The kind of decision that brings the hall's own money in."""


@transaction.atomic
def fill_reserve(*, amount: Money, by: Person, at: datetime) -> Decision | None:
    """Write down that the operator has paid the hall's own money into its bank account.

    It makes good what the reserve could not cover, and the rest of it is the reserve. Where there is a second
    operator it waits for their yes: the decision comes back.

    Raises:
        NotFound: who asks is no operator.
        NotDepositable: not an amount.
    """
    if not by.is_operator:
        raise NotFound
    sum_to_move(amount)
    cause = new_id()
    asked = ask_second(FILL, cause, facts={"amount": amount.minor, "currency": amount.currency}, by=by, at=at)
    if asked is None:
        _fill(cause, amount, by=by, at=at, alone=True)
    return asked


@transaction.atomic
def confirm_filling(*, decision: Decision, by: Person, at: datetime) -> Decision:
    """Confirm as the second operator that the money is in the hall's bank account, or is kept of its income.

    Raises:
        NotFound: they are no operator.
        SecondNeeded: they said so themselves.
        NotSoMuch: there is less of the income by now.
        ForbiddenMove: it is decided.
    """
    assert decision.kind == FILL, "another verb's decision"
    decision = confirm_second(decision, by=by, at=at)
    amount = Money(decision.facts["amount"], decision.facts["currency"])
    _fill(
        decision.subject_id,
        amount,
        source=decision.facts.get("account", BANK),
        by=by,
        at=at,
        asked_by=str(decision.asked_by_id),
    )
    return decision


@transaction.atomic
def fill_reserve_from_fees(*, account: str, amount: Money, by: Person, at: datetime) -> Decision:
    """Ask to put income of the hall into its reserve: it makes good the shortfall first.

    Args:
        account: ``fees:<kind>``.
        amount: how much of it.
        by: the operator.
        at: when.

    Raises:
        NotFound: who asks is no operator.
        NotOfTheHall, NotDepositable: it cannot be that.
        NotSoMuch: the account holds less.
        NoSecondOperator: nobody could confirm it.
    """
    if not by.is_operator:
        raise NotFound
    sum_to_move(amount)
    if not account.startswith(FEES):
        raise NotOfTheHall(_("Choose an account of the hall from the list."), field="account")
    lock_own_money()
    refuse_more_than_held(account, amount)
    facts = {"amount": amount.minor, "currency": amount.currency, "account": account}
    return ask_for_two(FILL, new_id(), facts=facts, by=by, at=at)


def _fill(
    cause: UUID, amount: Money, *, by: Person, at: datetime, source: str = BANK, **facts: object
) -> None:
    lock_own_money()
    if source != BANK:
        refuse_more_than_held(source, amount)
    missing = max(0, -balance_of("shortfall", amount.currency).minor)
    parts = {"shortfall": min(missing, amount.minor), "reserve": max(0, amount.minor - missing)}
    move_money(
        kind="reserve.filled",
        key=f"reserve:{cause}",
        flows=[Flow(source, account, part, amount.currency) for account, part in parts.items() if part],
        by=by.pk,
        at=at,
    )
    record_event(
        RESERVE_FILLED,
        subject=cause,
        by=by.pk,
        at=at,
        amount=amount.minor,
        currency=amount.currency,
        **parts,
        **({} if source == BANK else {"account": source}),
        **facts,
    )
