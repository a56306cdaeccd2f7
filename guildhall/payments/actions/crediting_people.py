"""The hall gives somebody money of its own, and what was moved by hand in error is moved back: by two."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.actions.batching import OwnPayout
from guildhall.payments.actions.depositing import sum_to_move
from guildhall.payments.actions.in_twos import NotSoMuch, ask_for_two, reason_for, refuse_more_than_held
from guildhall.payments.actions.own_money import lock_own_money
from guildhall.payments.events import CORRECTION_MADE, CREDIT_GIVEN
from guildhall.payments.models import BookedLine, PayoutAccount
from guildhall.payments.queries import owner_of_account
from guildhall.people.actions.deciding import confirm_second
from guildhall.people.models import Decision, Person

CREDIT: Final = "credit"
"""The kind of decision that gives somebody money of the hall's."""

CORRECT: Final = "correction"
"""The kind of decision that moves back what was moved in error."""

CORRECTABLE: Final = frozenset(("credit.given", "reserve.filled"))
"""Kinds of movements that can be moved back by hand: those that no row of anything else follows."""


class NotCorrectable(Refusal):
    """A movement that is not corrected by hand."""

    code = "not_correctable"


@transaction.atomic
def give_credit(*, person: Person, amount: Money, reason: str, by: Person, at: datetime) -> Decision:
    """Ask to give somebody money out of the hall's reserve. They will read why.

    Raises:
        NotFound: who asks is no operator.
        OwnPayout: it would be their own, or reach an account that they named as theirs.
        NotDepositable, NoReasonGiven: it cannot be that.
        NotSoMuch: the reserve holds less.
        NoSecondOperator: nobody could confirm it.
    """
    if not by.is_operator:
        raise NotFound
    sum_to_move(amount)
    kin = _kin_of(person)
    if by.pk in kin:
        raise OwnPayout
    refuse_more_than_held("reserve", amount)
    facts = {"amount": amount.minor, "currency": amount.currency, "reason": reason_for(reason)}
    return ask_for_two(CREDIT, new_id(), facts=facts, concerns=person, unfit=kin, by=by, at=at)


@transaction.atomic
def confirm_credit(*, decision: Decision, by: Person, at: datetime) -> Movement:
    """Confirm as the second operator that the hall gives somebody money.

    Raises:
        NotFound: they are no operator.
        OwnPayout: it would be their own.
        SecondNeeded: they asked for it themselves.
        NotSoMuch: the reserve holds less by now.
        ForbiddenMove: it is decided.
    """
    assert decision.kind == CREDIT, "another verb's decision"
    person = decision.concerns
    assert person is not None, "it names to whom"
    if by.pk in _kin_of(person):
        raise OwnPayout
    decision = confirm_second(decision, by=by, at=at)
    facts = decision.facts
    movement = _move_or_refuse(
        "credit.given",
        f"credit:{decision.subject_id}",
        [Flow("reserve", f"wallet:{person.party}", facts["amount"], facts["currency"])],
        reason=facts["reason"],
        by=by,
        at=at,
    )
    record_event(
        CREDIT_GIVEN,
        subject=decision.subject_id,
        by=by.pk,
        at=at,
        person=str(person.pk),
        asked_by=str(decision.asked_by_id),
        **facts,
    )
    return movement


@transaction.atomic
def correct_movement(*, number: int, reason: str, by: Person, at: datetime) -> Decision:
    """Ask to move back, whole, what was moved by hand in error.

    Args:
        number: of the movement, as the books and statements show it.
        reason: what was wrong about it.
        by: the operator.
        at: when.

    Raises:
        NotFound: who asks is no operator.
        NotCorrectable: there is no such movement, it is of another kind, it is corrected, or the bank has
            confirmed it.
        OwnPayout: it concerns their own money.
        NoReasonGiven: it says nothing.
        NoSecondOperator: nobody could confirm it.
    """
    if not by.is_operator:
        raise NotFound
    movement = _correctable(number)
    person = _whose(movement)
    kin = _kin_of(person) if person else []
    if by.pk in kin:
        raise OwnPayout
    flows = _mirror(movement)
    facts = {
        "movement": movement.pk,
        "moved": movement.kind,
        "amount": sum(flow.amount for flow in flows),
        "currency": flows[0].currency,
        "reason": reason_for(reason),
    }
    cause = UUID(movement.key.split(":")[1])
    return ask_for_two(CORRECT, cause, facts=facts, concerns=person, unfit=kin, by=by, at=at)


@transaction.atomic
def confirm_correction(*, decision: Decision, by: Person, at: datetime) -> Movement:
    """Confirm as the second operator that a movement was an error: it is moved back, and names the first.

    Raises:
        NotFound: they are no operator.
        OwnPayout: it concerns their own money.
        SecondNeeded: they asked for it themselves.
        NotCorrectable: it is corrected, or the bank has confirmed it.
        NotSoMuch: it is not there any more.
        ForbiddenMove: it is decided.
    """
    assert decision.kind == CORRECT, "another verb's decision"
    if decision.concerns and by.pk in _kin_of(decision.concerns):
        raise OwnPayout
    decision = confirm_second(decision, by=by, at=at)
    lock_own_money()
    movement = _correctable(decision.facts["movement"])
    correction = _move_or_refuse(
        "correction.made",
        f"correction:{movement.pk}",
        _mirror(movement),
        reason=decision.facts["reason"],
        reverses=movement.pk,
        by=by,
        at=at,
    )
    record_event(
        CORRECTION_MADE,
        subject=decision.subject_id,
        by=by.pk,
        at=at,
        person=str(decision.concerns_id) if decision.concerns_id else None,
        asked_by=str(decision.asked_by_id),
        **decision.facts,
    )
    return correction


def _move_or_refuse(
    kind: str,
    key: str,
    flows: list[Flow],
    *,
    reason: str,
    by: Person,
    at: datetime,
    reverses: int | None = None,
) -> Movement:
    facts = {"reason": reason}
    try:
        if kind == "credit.given":
            return move_money(kind="credit.given", key=key, flows=flows, by=by.pk, at=at, facts=facts)
        return move_money(
            kind="correction.made", key=key, flows=flows, by=by.pk, at=at, facts=facts, reverses=reverses
        )
    except Overdraft as overdraft:
        raise NotSoMuch(
            _("That is %(missing)s more than is there.") % {"missing": overdraft.missing}, field="amount"
        ) from overdraft


def _correctable(number: int) -> Movement:
    movement = Movement.objects.filter(pk=number, kind__in=CORRECTABLE, by__isnull=False).first()
    if movement is None:
        raise NotCorrectable(
            _(
                "There is no movement of this number that can be corrected by hand. Credits and fillings of"
                " the reserve can; everything else is undone by the verb of its own thing."
            ),
            field="movement",
        )
    if Movement.objects.filter(reverses=movement).exists():
        raise NotCorrectable(_("This movement is corrected already."), field="movement")
    if BookedLine.objects.filter(movement=movement).exists():
        raise NotCorrectable(
            _("The bank has confirmed this movement: it happened, and cannot have been an error."),
            field="movement",
        )
    return movement


def _mirror(movement: Movement) -> list[Flow]:
    postings = movement.postings.select_related("source", "target").order_by("step")
    return [Flow(each.target.code, each.source.code, each.amount, each.source.currency) for each in postings]


def _whose(movement: Movement) -> Person | None:
    """Whose wallet it went into, if it went into one."""
    codes = movement.postings.values_list("target__code", flat=True)
    owners = [owner for owner in map(owner_of_account, codes) if owner]
    return Person.objects.get(pk=owners[0]) if owners else None


def _kin_of(person: Person) -> list[UUID]:
    """Somebody, and whoever ever named one of their accounts: they would pay themselves."""
    numbers = PayoutAccount.objects.filter(person=person).values("number")
    owners = PayoutAccount.objects.filter(number__in=numbers).values_list("person", flat=True)
    return [person.pk, *owners]
