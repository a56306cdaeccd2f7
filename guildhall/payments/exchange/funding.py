"""What the hall holds of a currency to exchange with: put in out of its reserve, and taken back into it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.exchange.quoting import lock_positions
from guildhall.people.actions.deciding import ask_second, confirm_second
from guildhall.people.models import Decision, Person

FUND: Final = "exchange_fund"
"""The kind of decision that changes what the hall holds for exchanges."""

INTO_EXCHANGE: Final = "in"
INTO_RESERVE: Final = "out"


class PositionShort(Refusal):
    """The reserve, or the position, holds less."""

    code = "position_short"


@transaction.atomic
def fund_position(*, amount: Money, way: str, by: Person, at: datetime) -> Decision | None:
    """Put money of the reserve where exchanges are paid from (`in`), or back into the reserve (`out`).

    An operator who writes the rates could exchange the hall's money to themselves: where there is a second
    one, it waits for their yes, and the decision comes back.

    Raises:
        NotFound: who asks is no operator.
        Unfit: not an amount, or no such way.
        PositionShort: there is less where it would be taken from.
    """
    if not by.is_operator:
        raise NotFound
    if way not in {INTO_EXCHANGE, INTO_RESERVE}:
        raise Unfit(_("Money goes in or out."), field="way")
    if not 0 < amount.minor <= LARGEST_MINOR:
        raise Unfit(_("The amount must be more than zero."), field="amount")
    cause = new_id()
    facts = {"amount": amount.minor, "currency": amount.currency, "way": way}
    _refuse_short(amount, way)
    asked = ask_second(FUND, cause, facts=facts, by=by, at=at)
    if asked is None:
        _fund(cause, amount, way, by=by, at=at, alone=True)
    return asked


@transaction.atomic
def confirm_funding(*, decision: Decision, by: Person, at: datetime) -> Decision:
    """Confirm it as the second operator.

    Raises:
        NotFound: they are no operator.
        SecondNeeded: they asked for it themselves.
        ForbiddenMove: it is decided.
        PositionShort: there is less by now.
    """
    assert decision.kind == FUND, "another verb's decision"
    decision = confirm_second(decision, by=by, at=at)
    amount = Money(decision.facts["amount"], decision.facts["currency"])
    asked_by = str(decision.asked_by_id)
    _fund(decision.subject_id, amount, decision.facts["way"], by=by, at=at, asked_by=asked_by)
    return decision


def _fund(cause: UUID, amount: Money, way: str, *, by: Person, at: datetime, **facts: object) -> None:
    lock_positions()
    _refuse_short(amount, way)
    source, target = _way(amount.currency, way)
    flow = Flow(source, target, amount.minor, amount.currency)
    try:
        move_money(kind="exchange.funded", key=f"exchange_fund:{cause}", flows=[flow], by=by.pk, at=at)
    except Overdraft as overdraft:
        raise _short(source, amount - overdraft.missing) from overdraft
    record_event(
        "exchange.funded",
        subject=cause,
        by=by.pk,
        at=at,
        amount=amount.minor,
        currency=amount.currency,
        way=way,
        **facts,
    )


def _way(currency: str, way: str) -> tuple[str, str]:
    position = f"exchange:{currency}"
    return ("reserve", position) if way == INTO_EXCHANGE else (position, "reserve")


def _refuse_short(amount: Money, way: str) -> None:
    source, _target = _way(amount.currency, way)
    held = balance_of(source, amount.currency)
    if held < amount:
        raise _short(source, held)


def _short(source: str, held: Money) -> PositionShort:
    said = (
        _("The reserve holds only %(held)s. Fill it first, then try again.")
        if source == "reserve"
        else _("For exchanges the hall holds only %(held)s.")
    )
    return PositionShort(said % {"held": held}, field="amount")
