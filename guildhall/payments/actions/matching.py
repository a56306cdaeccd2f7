"""Money that fits no deposit finds its owner: an operator says whose it is, a second one confirms."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Stale
from guildhall.kernel.events import record_event
from guildhall.ledger.actions import Flow, move_money
from guildhall.payments.actions.batching import OwnPayout
from guildhall.payments.events import DEPOSIT_MATCHED
from guildhall.payments.models import GatewayNotice
from guildhall.payments.queries import unmatched_notices_seen_by
from guildhall.people.actions.deciding import ask_second, confirm_second
from guildhall.people.models import Decision, Person

MATCH: Final = "deposit_match"
"""The kind of decision that gives suspended money to somebody."""


class MatchedBefore(Stale):
    """It lies in suspense no more."""

    code = "matched_before"


@transaction.atomic
def match_deposit(*, notice: GatewayNotice, person: Person, by: Person, at: datetime) -> GatewayNotice:
    """Say whose money it is that a processor spoke of and no deposit explains.

    Where there is a second operator to confirm it, the money stays in suspense until they do.

    Raises:
        NotFound: who asks is no operator.
        OwnPayout: it would be their own.
        MatchedBefore: somebody has it.
        WaitsForSecond: somebody was named before, and a second operator has to confirm it.
    """
    notice = _locked(notice, person, by)
    named = {"reference": notice.reference, **{key: notice.facts[key] for key in ("amount", "currency")}}
    asked = ask_second(MATCH, notice.pk, facts=named, concerns=person, by=by, at=at)
    return notice if asked else _give(notice, person, by=by, at=at, alone=True)


@transaction.atomic
def confirm_match(*, decision: Decision, by: Person, at: datetime) -> GatewayNotice:
    """Confirm as the second operator whose money it is.

    Raises:
        NotFound: they are no operator.
        OwnPayout: it would be their own.
        SecondNeeded: they said so themselves.
        MatchedBefore, ForbiddenMove: it is decided.
    """
    assert decision.kind == MATCH, "another verb's decision"
    person = decision.concerns
    assert person is not None, "it names whose money it is"
    notice = _locked(GatewayNotice.objects.get(pk=decision.subject_id), person, by)
    decision = confirm_second(decision, by=by, at=at)
    return _give(notice, person, by=by, at=at, asked_by=str(decision.asked_by_id))


def _locked(notice: GatewayNotice, person: Person, by: Person) -> GatewayNotice:
    if not by.is_operator:
        raise NotFound
    if person.pk == by.pk:
        raise OwnPayout
    waiting = unmatched_notices_seen_by(by).select_for_update().filter(pk=notice.pk).first()
    if waiting is None:
        raise MatchedBefore(_("This payment lies in suspense no more."))
    return waiting


def _give(
    notice: GatewayNotice, person: Person, *, by: Person, at: datetime, **facts: object
) -> GatewayNotice:
    amount, currency = notice.facts["amount"], notice.facts["currency"]
    move_money(
        kind="deposit.matched",
        key=f"matched:{notice.pk}",
        flows=[Flow(f"suspense:{notice.rail}", f"wallet:{person.party}", amount, currency)],
        by=by.pk,
        at=at,
        facts={"reference": notice.reference},
    )
    notice.matched_with = person
    notice.save(update_fields=["matched_with"])
    record_event(
        DEPOSIT_MATCHED,
        subject=notice.pk,
        by=by.pk,
        at=at,
        person=str(person.pk),
        amount=amount,
        currency=currency,
        rail=notice.rail,
        reference=notice.reference,
        **facts,
    )
    return notice
