"""Decisions for two: one operator asks, a second one confirms or says no."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.states import move
from guildhall.people.events import DECISION_ASKED
from guildhall.people.models import Decision, Person
from guildhall.people.queries import second_operators
from guildhall.people.states import ASKED, CONFIRMED, DROPPED


class WaitsForSecond(Refusal):
    """The same has been asked for and is not decided yet."""

    code = "waits_for_second"


class SecondNeeded(Refusal):
    """Whoever asked, and whomever it concerns, cannot be the second."""

    code = "second_needed"


def ask_second(
    kind: str,
    subject_id: UUID,
    *,
    facts: Mapping[str, Any],
    concerns: Person | None = None,
    unfit: Iterable[UUID] = (),
    by: Person,
    at: datetime,
) -> Decision | None:
    """Let a second operator decide; None where nobody else here could, so that one alone may.

    Args:
        kind: which verb waits.
        subject_id: of what.
        facts: what the verb will need.
        concerns: whom it does good or harm, if anybody; they are not the second.
        unfit: who else cannot be.
        by: who asks.
        at: when.

    Raises:
        WaitsForSecond: it was asked before.
    """
    if not second_operators(by, concerns).exclude(pk__in=list(unfit)).exists():
        return None
    if concerns:
        Person.objects.select_for_update().get(pk=concerns.pk)
    if Decision.objects.filter(kind=kind, subject_id=subject_id, state=ASKED).exists():
        raise WaitsForSecond(_("This was asked for before and waits for a second operator."))
    decision = Decision(
        id=new_id(),
        kind=kind,
        subject_id=subject_id,
        concerns=concerns,
        facts=dict(facts),
        asked_by=by,
        asked_at=at,
        state=ASKED,
        moved_at=at,
    )
    decision.save(force_insert=True)
    record_event(DECISION_ASKED, subject=decision.pk, by=by.pk, at=at, **_facts(decision))
    return decision


def confirm_second(decision: Decision, *, by: Person, at: datetime) -> Decision:
    """Take a decision as its second operator, within the verb that then does what it says.

    Raises:
        NotFound: they are no operator.
        SecondNeeded: they asked for it, or it concerns them.
        ForbiddenMove: it is decided.
    """
    decision = _locked(decision, by)
    if by.pk in {decision.asked_by_id, decision.concerns_id}:
        raise SecondNeeded(_("Another operator has to confirm this: nobody decides it for themselves."))
    decision.decided_by = by
    decision.save(update_fields=["decided_by"])
    move(decision, CONFIRMED, by=by.pk, at=at, **_facts(decision))
    return decision


@transaction.atomic
def drop_decision(*, decision: Decision, by: Person, at: datetime) -> Decision:
    """Say no to what another asked for, or take back what one asked for oneself.

    Raises:
        NotFound: they are no operator.
        ForbiddenMove: it is decided.
    """
    decision = _locked(decision, by)
    decision.decided_by = by
    decision.save(update_fields=["decided_by"])
    move(decision, DROPPED, by=by.pk, at=at, **_facts(decision))
    return decision


def _locked(decision: Decision, by: Person) -> Decision:
    if not by.is_operator:
        raise NotFound
    return Decision.objects.select_for_update().get(pk=decision.pk)


def _facts(decision: Decision) -> dict[str, object]:
    return {
        **decision.facts,
        "kind": decision.kind,
        "of": str(decision.subject_id),
        "person": str(decision.asked_by_id),
        "concerns": str(decision.concerns_id) if decision.concerns_id else None,
    }
