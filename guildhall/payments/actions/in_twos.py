"""What moves the hall's own money takes two operators, always: there is no hall in which one may alone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.ledger.rules import name_of_account
from guildhall.people.actions.deciding import ask_second
from guildhall.people.models import Decision, Person

_SHORTEST, _LONGEST = 5, 200


class NoSecondOperator(Refusal):
    """Nobody could confirm it."""

    code = "no_second_operator"


class NotSoMuch(Refusal):
    """The account of the hall holds less."""

    code = "not_so_much"


class NotOfTheHall(Unfit):
    """Not an account of the hall that this can be taken from."""

    code = "not_of_the_hall"


class NoReasonGiven(Unfit):
    """Money that is moved by hand has a reason."""

    code = "no_reason_given"


FEES: Final = "fees:"
TAX: Final = "tax:"
"""The first words of the accounts that are the hall's income, and what it owes to authorities."""


def ask_for_two(
    kind: str,
    subject: UUID,
    *,
    facts: Mapping[str, Any],
    concerns: Person | None = None,
    unfit: Iterable[UUID] = (),
    by: Person,
    at: datetime,
) -> Decision:
    """Ask a second operator; refused where there is none.

    Raises:
        NotFound: who asks is no operator.
        NoSecondOperator: nobody else here could confirm it.
        WaitsForSecond: it was asked before.
    """
    if not by.is_operator:
        raise NotFound
    asked = ask_second(kind, subject, facts=facts, concerns=concerns, unfit=unfit, by=by, at=at)
    if asked is None:
        raise NoSecondOperator(
            _(
                "This takes two operators, and nobody else here could confirm it."
                " Make somebody you trust an operator first."
            )
        )
    return asked


def reason_for(text: str) -> str:
    """A reason, tidied.

    Raises:
        NoReasonGiven: it says nothing, or too much.
    """
    reason = " ".join(text.split())
    if not _SHORTEST <= len(reason) <= _LONGEST or not reason.isprintable():
        raise NoReasonGiven(
            _("Say why in %(least)s to %(most)s characters: whoever reads the books later will ask.")
            % {"least": _SHORTEST, "most": _LONGEST},
            field="reason",
        )
    return reason


def refuse_more_than_held(account: str, amount: Money) -> None:
    """Refuse to take more out of an account than it holds. Whoever decides by it has locked the hall's money.

    Raises:
        NotSoMuch: it holds less.
    """
    held = balance_of(account, amount.currency)
    if held < amount:
        raise NotSoMuch(
            _("%(account)s holds %(held)s: no more can be taken out of it.")
            % {"account": name_of_account(account), "held": held},
            field="amount",
        )
